package dev.tarn.lake;

import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The fields of a struct, which finds one by its name without looking at all: tables can have ten thousand columns. */
final class FieldList extends AbstractList<DeltaField> implements RandomAccess {
    /** Below this a look at all is as quick. */
    private static final int MANY = 30;

    private final List<DeltaField> fields;
    private volatile @Nullable Map<String, DeltaField> byName;

    FieldList(List<DeltaField> fields) {
        this.fields = List.copyOf(fields);
    }

    static FieldList of(List<DeltaField> fields) {
        return fields instanceof FieldList known ? known : new FieldList(fields);
    }

    /** The first field of this name, ignoring case. */
    Optional<DeltaField> named(String name) {
        if (fields.size() >= MANY) {
            return Optional.ofNullable(index().get(name));
        }
        for (DeltaField field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    private Map<String, DeltaField> index() {
        Map<String, DeltaField> index = byName;
        if (index == null) {
            index = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (DeltaField field : fields) {
                index.putIfAbsent(field.name(), field);
            }
            byName = index;
        }
        return index;
    }

    @Override
    public DeltaField get(int at) {
        return fields.get(at);
    }

    @Override
    public int size() {
        return fields.size();
    }
}
