package dev.tarn.connect.database;

import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.ConnectionException.Kind;
import dev.tarn.core.connection.DatabaseConnection;
import dev.tarn.core.source.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns of a write beside those of its table. Not thread-safe. */
final class Rows {

    private final List<String> names;
    private final List<Fit> fits;
    private final List<Integer> keys;
    private final List<WriteColumn> columns;
    private long count;

    private Rows(List<String> names, List<Fit> fits, List<Integer> keys, List<WriteColumn> columns) {
        this.names = names;
        this.fits = fits;
        this.keys = keys;
        this.columns = columns;
    }

    /** Finds each column in the table: by its name, else by the same in upper or lower case. */
    static Rows of(
            List<WriteColumn> columns, List<TargetColumn> targets, List<String> keys, DatabaseConnection.Kind kind)
            throws ConnectionException {
        List<String> names = new ArrayList<>();
        List<Fit> fits = new ArrayList<>();
        for (WriteColumn column : columns) {
            TargetColumn target = find(column.name(), targets);
            names.add(target.name());
            fits.add(Fit.of(column, target, kind));
        }
        List<Integer> positions = new ArrayList<>();
        for (String key : keys) {
            positions.add(position(key, columns));
        }
        return new Rows(names, fits, positions, columns);
    }

    private static TargetColumn find(String name, List<TargetColumn> targets) throws ConnectionException {
        List<TargetColumn> same =
                targets.stream().filter(t -> t.name().equals(name)).toList();
        List<TargetColumn> alike =
                targets.stream().filter(t -> t.name().equalsIgnoreCase(name)).toList();
        if (same.size() == 1) {
            return same.get(0);
        }
        if (alike.size() == 1) {
            return alike.get(0);
        }
        List<String> known = targets.stream().map(TargetColumn::name).toList();
        throw new ConnectionException(
                Kind.SCHEMA,
                "the table has no column " + Names.quoted(name),
                Names.didYouMean(name, known)
                        .orElse("it has " + String.join(", ", known) + "; add the column to it, or leave it out"));
    }

    static int position(String key, List<WriteColumn> columns) throws ConnectionException {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equalsIgnoreCase(key)) {
                return i;
            }
        }
        List<String> known = columns.stream().map(WriteColumn::name).toList();
        throw new ConnectionException(
                Kind.SCHEMA,
                "key " + Names.quoted(key) + " is no column of the rows",
                Names.didYouMean(key, known).orElse("they have " + String.join(", ", known)));
    }

    /** As the table calls them. */
    List<String> names() {
        return names;
    }

    List<String> keyNames() {
        return keys.stream().map(names::get).toList();
    }

    List<String> otherNames() {
        List<String> others = new ArrayList<>(names);
        others.removeAll(keyNames());
        return others;
    }

    /** The values as the server takes them. */
    @Nullable
    Object[] fit(@Nullable Object[] values) throws ConnectionException {
        count++;
        @Nullable Object[] fitted = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            try {
                fitted[i] = value == null ? null : fits.get(i).value(value);
            } catch (UnrepresentableException e) {
                throw fits.get(i).refused(String.valueOf(e.getMessage()), count, shownKey(values));
            }
        }
        for (int key : keys) {
            if (values[key] == null) {
                throw new ConnectionException(
                        Kind.VALUE,
                        "key '" + columns.get(key).name() + "' is NULL in row " + count,
                        "rows without a key cannot be told apart: leave them out, or give them one");
            }
        }
        return fitted;
    }

    private @Nullable String shownKey(@Nullable Object[] values) {
        return keys.isEmpty()
                ? null
                : keys.stream()
                        .map(i -> columns.get(i).name().toLowerCase(Locale.ROOT) + " = " + values[i])
                        .collect(Collectors.joining(", "));
    }
}
