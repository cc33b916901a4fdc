package dev.tarn.core.story;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns records into JSON values and back: a component is a key in snake case, a constant of an enum its name in lower
 * case, a duration a number of seconds, an absent value null. What is missing in the JSON becomes empty, 0 or false, and
 * keys that no component has are passed over, so that an older Tarn reads a newer one's story.
 */
final class RecordJson {

    private static final Pattern CAPITAL = Pattern.compile("([A-Z])");

    private RecordJson() {}

    static @Nullable Object write(@Nullable Object value) {
        if (value instanceof Record values) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            for (RecordComponent component : values.getClass().getRecordComponents()) {
                json.put(key(component), write(valueOf(component, values)));
            }
            return json;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(RecordJson::write).toList();
        }
        if (value instanceof Optional<?> optional) {
            return write(optional.orElse(null));
        }
        if (value instanceof OptionalLong number) {
            return number.isPresent() ? number.getAsLong() : null;
        }
        return scalar(value);
    }

    private static @Nullable Object scalar(@Nullable Object value) {
        if (value instanceof Duration duration) {
            long microseconds = TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
            return microseconds / 1e6;
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        return value instanceof Instant ? value.toString() : value;
    }

    private static @Nullable Object valueOf(RecordComponent component, Record values) {
        try {
            return component.getAccessor().invoke(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    private static String key(RecordComponent component) {
        return CAPITAL.matcher(component.getName()).replaceAll("_$1").toLowerCase(Locale.ROOT);
    }

    static <R extends Record> R read(Class<R> type, Map<?, ?> json) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components)
                .map(component -> read(component.getGenericType(), json.get(key(component))))
                .toArray();
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("not a " + type.getSimpleName() + ": " + json, e);
        }
    }

    private static Object read(Type type, @Nullable Object json) {
        if (type instanceof ParameterizedType generic) {
            Type of = generic.getActualTypeArguments()[0];
            if (generic.getRawType() == Optional.class) {
                return json == null ? Optional.empty() : Optional.of(read(of, json));
            }
            return json instanceof List<?> list
                    ? list.stream().map(each -> read(of, each)).toList()
                    : List.of();
        }
        return readScalar((Class<?>) type, json);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object readScalar(Class<?> type, @Nullable Object json) {
        if (type.isRecord()) {
            return read((Class<? extends Record>) type, json instanceof Map<?, ?> map ? map : Map.of());
        }
        if (type.isEnum()) {
            return Enum.valueOf(
                    (Class<? extends Enum>) type, String.valueOf(json).toUpperCase(Locale.ROOT));
        }
        if (type == OptionalLong.class) {
            return json instanceof Number number ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
        }
        if (type == long.class) {
            return json instanceof Number number ? number.longValue() : 0L;
        }
        if (type == boolean.class) {
            return Boolean.TRUE.equals(json);
        }
        if (type == Duration.class) {
            return json instanceof Number number
                    ? Duration.ofNanos(Math.round(number.doubleValue() * 1e6) * 1_000)
                    : Duration.ZERO;
        }
        return type == Instant.class ? Instant.parse(String.valueOf(json)) : Objects.requireNonNullElse(json, "");
    }
}
