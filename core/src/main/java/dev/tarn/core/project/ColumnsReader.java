package dev.tarn.core.project;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code columns} and {@code sensitive} of a node. */
final class ColumnsReader {

    private final Problems problems;

    ColumnsReader(Problems problems) {
        this.problems = problems;
    }

    Columns read(MappingReader node) {
        List<Columns.Column> declared =
                node.mapping("columns").map(this::declared).orElse(List.of());
        Optional<Yaml> sensitive = node.entry("sensitive").map(Yaml.Entry::value);
        if (sensitive.isPresent()
                && sensitive.get() instanceof Yaml.Scalar scalar
                && scalar.value() instanceof Boolean all) {
            return new Columns(declared, all, List.of());
        }
        return new Columns(declared, false, sensitive.isPresent() ? names(node) : List.of());
    }

    private List<String> names(MappingReader node) {
        Identifiers names = new Identifiers("sensitive column", problems);
        return node.texts("sensitive").stream()
                .filter(name -> names.isFirst(name.text().text(), name.span()))
                .map(name -> name.text().text())
                .toList();
    }

    private List<Columns.Column> declared(MappingReader in) {
        Identifiers names = new Identifiers("column", problems);
        List<Columns.Column> columns = new ArrayList<>();
        for (Yaml.Entry entry : in.entries()) {
            if (names.isFirst(entry.key(), entry.keySpan())) {
                column(entry).ifPresent(columns::add);
            }
        }
        return columns;
    }

    private Optional<Columns.Column> column(Yaml.Entry entry) {
        String what = "column " + Names.quoted(entry.key());
        if (!(entry.value() instanceof Yaml.Mapping mapping)) {
            if (!(entry.value() instanceof Yaml.Unresolved)) {
                String message = what + " is a mapping, not " + entry.value().kind();
                problems.error(ProblemCode.WRONG_TYPE, entry.value().span(), message, "use {description: ...}");
            }
            return Optional.empty();
        }
        MappingReader in = new MappingReader(mapping, Model.COLUMN, what, entry.keySpan(), problems);
        String description = in.text("description").orElse("");
        List<String> tags = in.texts("tags").stream().map(t -> t.text().text()).toList();
        boolean pii = in.flag("pii", false);
        in.finish();
        return Optional.of(new Columns.Column(entry.key(), entry.keySpan(), description, tags, pii));
    }
}
