package dev.tarn.cdc;

import dev.tarn.lake.DeltaField;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import dev.tarn.lake.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Sees to it that a Delta table has the columns that its source has now. The table remembers which table and columns of the
 * source it was made from, because a name alone does not tell a renamed column from a new one.
 */
record TableFit(SourceTable source, DeltaTable table, StreamSettings settings) {

    static final String IDENTITY = "tarn.stream.source";

    /** Adds columns that are new; what cannot be followed is refused. */
    void make() throws StreamException {
        Snapshot now = table.snapshot().orElseThrow();
        String known = now.properties().getOrDefault(IDENTITY, "");
        if (!known.isEmpty() && !known.equals(source.identity())) {
            checkIdentity(known);
        }
        Map<String, DeltaField> ours = new HashMap<>();
        now.schema().fields().forEach(field -> ours.put(field.name(), field));
        boolean marks = ours.remove(TargetTable.DELETED.name()) != null;
        if (marks != settings.soft()) {
            throw new StreamException(
                    "table '" + source.name() + "' was followed with other 'deletes'", settings.readAgain());
        }
        for (Column column : source.columns()) {
            DeltaField field = ours.remove(column.name());
            if (field == null) {
                add(column);
            } else if (!field.type().equals(column.type())) {
                throw changed("column '" + column.name() + "' is of another type now");
            }
        }
        if (!ours.isEmpty() && !settings.evolve()) {
            throw changed("there is no column '" + ours.keySet().iterator().next() + "' any more");
        }
        remember();
    }

    /** For a table whose rows were just read. */
    void remember() {
        Snapshot now = table.snapshot().orElseThrow();
        if (!source.identity().equals(now.properties().get(IDENTITY))) {
            table.setProperties(Map.of(IDENTITY, source.identity()));
        }
    }

    /** Whether the table has exactly the columns of the source. */
    boolean hasSameColumns() {
        List<String> ours = table.snapshot().orElseThrow().schema().fields().stream()
                .map(field -> field.name() + " " + field.type())
                .toList();
        List<String> theirs = new ArrayList<>(source.columns().stream()
                .map(column -> column.name() + " " + column.type())
                .toList());
        if (settings.soft()) {
            theirs.add(TargetTable.DELETED.name() + " " + TargetTable.DELETED.type());
        }
        return ours.equals(theirs);
    }

    private void add(Column column) throws StreamException {
        if (!settings.evolve()) {
            throw changed("column '" + column.name() + "' is new");
        }
        if (column.origin().hasDefault()) {
            throw changed("column '" + column.name()
                    + "' is new and has a default, and which rows of before have it is not known");
        }
        try {
            table.addColumn("`" + column.name().replace("`", "``") + "`", column.type());
        } catch (LakeException e) {
            throw new StreamException(
                    "column '" + column.name() + "' cannot be added to '" + table.path() + "': " + e.getMessage(),
                    settings.readAgain());
        }
    }

    private void checkIdentity(String known) throws StreamException {
        String[] was = known.split(" ", -1);
        String[] is = source.identity().split(" ", -1);
        if (!was[0].equals(is[0])) {
            throw new StreamException("table '" + source.name() + "' was dropped and made again", settings.readAgain());
        }
        if (!was[1].equals(is[1])) {
            throw new StreamException("the key of table '" + source.name() + "' was changed", settings.readAgain());
        }
        Map<String, String> numbers = numbers(was[2]);
        for (Map.Entry<String, String> column : numbers(is[2]).entrySet()) {
            String number = column.getValue();
            String before = Objects.requireNonNullElse(numbers.get(column.getKey()), number);
            Optional<String> other = numbers.entrySet().stream()
                    .filter(each ->
                            each.getValue().equals(number) && !each.getKey().equals(column.getKey()))
                    .map(Map.Entry::getKey)
                    .findFirst();
            if (other.isPresent()) {
                throw changed("column '" + other.get() + "' was renamed to '" + column.getKey() + "'");
            }
            if (!before.equals(number)) {
                throw changed("column '" + column.getKey() + "' was dropped and made again");
            }
        }
    }

    private static Map<String, String> numbers(String columns) {
        Map<String, String> numbers = new HashMap<>();
        for (String column : columns.replaceFirst("^columns=", "").split(",", -1)) {
            int colon = column.lastIndexOf(':');
            numbers.put(column.substring(0, colon), column.substring(colon + 1));
        }
        return numbers;
    }

    private StreamException changed(String what) {
        return new StreamException(
                "the columns of table '" + source.name() + "' have changed: " + what, settings.readAgain());
    }
}
