package dev.tarn.notebook.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.source.Problem;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import java.util.List;
import java.util.Optional;

/** A text parsed as a notebook, with what was said of it. */
record Parsed(Optional<Notebook> notebook, List<String> problems) {

    static final String STARS = "********************";

    static Parsed of(String name, String text) {
        Problems problems = new Problems();
        Optional<Notebook> notebook = new NotebookLoader(problems).parse(new SourceFile(name, text));
        notebook.ifPresent(found -> assertThat(found.text()).isEqualTo(text));
        return new Parsed(notebook, problems.all().stream().map(Parsed::line).toList());
    }

    private static String line(Problem problem) {
        return problem.severity() + " " + problem.span() + " " + problem.message();
    }

    static Parsed fabric(String text) {
        return of("notebook-content.py", text.replace("STARS", STARS));
    }

    Notebook get() {
        return notebook.orElseThrow(() -> new AssertionError(problems.toString()));
    }

    List<String> sources() {
        return get().cells().stream().map(cell -> cell.source().text()).toList();
    }
}
