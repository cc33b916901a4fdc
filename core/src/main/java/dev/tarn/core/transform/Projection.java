package dev.tarn.core.transform;

import dev.tarn.core.source.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A list of columns under way to a SELECT: a column that is there already is replaced in its place, a new one comes last, and
 * no two may have the same name. Not thread-safe.
 */
final class Projection {

    private record Item(String name, String value) {}

    private final Call call;
    private final List<Item> items = new ArrayList<>();
    /** Whether there are columns before these that are not known yet. */
    private boolean open;

    Projection(Call call, Table table, boolean all) {
        this.call = call;
        this.open = all && table.columns().isEmpty();
        if (all) {
            table.columns().orElse(List.of()).forEach(column -> items.add(new Item(column.name(), call.name(column))));
        }
    }

    Projection put(String name, String value) {
        int index = indexOf(name);
        if (index >= 0) {
            items.set(index, new Item(items.get(index).name(), value));
        } else {
            items.add(new Item(name, value));
        }
        return this;
    }

    Projection put(Column column, String value) {
        return put(column.name(), value);
    }

    /** A column that must not be there yet. */
    Projection add(String name, String value, String parameter) {
        if (indexOf(name) >= 0) {
            throw call.bad(
                    parameter,
                    "two columns would be named " + Names.quoted(name),
                    "names of columns differ in more than case; rename or drop one of them before");
        }
        return put(name, value);
    }

    Projection add(Column column, String parameter) {
        return add(column.name(), call.name(column), parameter);
    }

    Projection drop(String name) {
        items.removeIf(item -> item.name().equalsIgnoreCase(name));
        return this;
    }

    boolean has(String name) {
        return indexOf(name) >= 0;
    }

    private int indexOf(String name) {
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    String list() {
        String named = items.stream()
                .map(item -> item.value().equals(call.name(item.name()))
                        ? item.value()
                        : item.value() + " AS " + call.name(item.name()))
                .collect(Collectors.joining(",\n  "));
        return open ? "*" + (named.isEmpty() ? "" : ",\n  " + named) : named;
    }

    List<String> names() {
        return items.stream().map(Item::name).toList();
    }

    /** The SELECT; what comes behind its columns is given, {@code FROM df} for example. */
    Query select(String from) {
        if (items.isEmpty() && !open) {
            throw call.bad(call.where(), "no column would be left", Optional.of("keep at least one"));
        }
        return new Query("SELECT\n  " + list() + "\n" + from, open ? Optional.empty() : Optional.of(names()));
    }

    Query fromDf() {
        return select("FROM df");
    }

    Query fromDf(String rest) {
        return select("FROM df " + rest);
    }
}
