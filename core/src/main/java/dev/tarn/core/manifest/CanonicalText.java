package dev.tarn.core.manifest;

import dev.tarn.core.connection.Location;
import dev.tarn.core.source.MappedText;
import dev.tarn.core.source.SourceSpan;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as a text that is the same exactly when they mean the same. It walks the model's records, so that a key
 * that is added to the model changes the text without anyone thinking of it; only positions in files are left out.
 */
public final class CanonicalText {

    private final StringBuilder text = new StringBuilder();
    private final @Nullable Path folder;

    private CanonicalText(@Nullable Path folder) {
        this.folder = folder;
    }

    /** With places as they are. */
    public CanonicalText() {
        this(null);
    }

    /** With places below a folder as they are seen from there. */
    static CanonicalText below(Path folder) {
        return new CanonicalText(folder);
    }

    public static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    public CanonicalText add(@Nullable Object value) {
        if (value instanceof Location location && folder != null) {
            return add(location.connection()).add(seenFrom(folder, location.path()));
        }
        if (value instanceof Record values) {
            return addRecord(values);
        }
        if (value instanceof Map<?, ?> map) {
            open("map");
            map.forEach((key, each) -> add(key).add(each));
            return close();
        }
        if (value instanceof Collection<?> all) {
            open("list");
            (all instanceof java.util.Set<?> set ? sorted(set) : all).forEach(this::add);
            return close();
        }
        if (value instanceof Optional<?> optional) {
            return add(optional.orElse(null));
        }
        if (value instanceof OptionalLong optional) {
            return add(optional.isPresent() ? optional.getAsLong() : null);
        }
        if (value instanceof OptionalInt optional) {
            return add(optional.isPresent() ? optional.getAsInt() : null);
        }
        return addScalar(value);
    }

    /** As text: a path with wildcards is none on every system. */
    private static String seenFrom(Path folder, String path) {
        String above = folder.toString().replace('\\', '/') + "/";
        return path.startsWith(above) ? path.substring(above.length()) : path;
    }

    private CanonicalText addRecord(Record values) {
        open(values.getClass().getName());
        for (RecordComponent component : values.getClass().getRecordComponents()) {
            if (component.getType() != SourceSpan.class) {
                text.append(component.getName()).append('=');
                add(valueOf(component, values));
            }
        }
        return close();
    }

    private static @Nullable Object valueOf(RecordComponent component, Record values) {
        try {
            return component.getAccessor().invoke(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    /** A set of enum values has no order of its own. */
    private static Collection<?> sorted(java.util.Set<?> set) {
        return new TreeSet<>(set);
    }

    /** The length says where a text ends, whatever is in it. */
    private CanonicalText addScalar(@Nullable Object value) {
        if (value == null) {
            text.append("null\n");
            return this;
        }
        boolean known = value instanceof MappedText
                || value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Enum;
        if (!known) {
            throw new IllegalStateException("a value of " + value.getClass() + " in a node");
        }
        String each = value instanceof Enum<?> constant ? constant.name() : value.toString();
        text.append(value.getClass().getSimpleName()).append(' ').append(each.length());
        text.append(' ').append(each).append('\n');
        return this;
    }

    private void open(String what) {
        text.append(what).append("(\n");
    }

    private CanonicalText close() {
        text.append(")\n");
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
