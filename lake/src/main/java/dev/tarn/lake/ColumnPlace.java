package dev.tarn.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a column stands among the others of the table, or a field among those of its struct. */
public final class ColumnPlace {
    private static final ColumnPlace FIRST = new ColumnPlace(true, Optional.empty());
    private static final ColumnPlace LAST = new ColumnPlace(false, Optional.empty());

    private final boolean isFirst;
    private final Optional<String> before;

    private ColumnPlace(boolean isFirst, Optional<String> before) {
        this.isFirst = isFirst;
        this.before = before;
    }

    /** Before all others. */
    public static ColumnPlace first() {
        return FIRST;
    }

    /** After all others, where columns come if nothing else is said. */
    public static ColumnPlace last() {
        return LAST;
    }

    /** After another one of the same table or struct. */
    public static ColumnPlace after(String name) {
        return new ColumnPlace(false, Optional.of(name));
    }

    DeltaType.Struct insert(DeltaType.Struct struct, DeltaField field) {
        List<DeltaField> fields = new ArrayList<>(struct.fields());
        fields.add(isFirst ? 0 : before.map(name -> indexAfter(struct, name)).orElse(fields.size()), field);
        return new DeltaType.Struct(fields);
    }

    private static int indexAfter(DeltaType.Struct struct, String name) {
        DeltaField other = struct.field(name)
                .orElseThrow(() -> NewSchema.invalid(
                        "There is no column '" + name + "' to stand after.",
                        "Name one of the same table or struct, without the path to it."));
        return struct.fields().indexOf(other) + 1;
    }

    /** As Spark's history has it; empty for the last place. */
    Optional<String> sparkText() {
        return isFirst ? Optional.of("FIRST") : before.map(name -> "AFTER " + name);
    }
}
