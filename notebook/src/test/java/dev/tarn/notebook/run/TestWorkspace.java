package dev.tarn.notebook.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.core.source.Problems;
import dev.tarn.notebook.format.Notebook;
import dev.tarn.notebook.format.NotebookLoader;
import dev.tarn.notebook.item.Workspace;
import dev.tarn.notebook.platform.LakehousePaths;
import dev.tarn.notebook.platform.Platform;
import dev.tarn.notebook.platform.PlatformException;
import dev.tarn.provision.FetchListener;
import dev.tarn.provision.Provisioner;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A workspace in a folder, whose notebooks are run by the Python of this machine; without Spark. */
final class TestWorkspace implements RunListener {

    private static final String STARS = "********************";

    private final Path root;
    private final StringBuilder printed = new StringBuilder();
    private final StringBuilder errors = new StringBuilder();
    private final List<Map<String, Object>> shown = new ArrayList<>();
    private final Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
    private Duration timeout = Duration.ZERO;
    private Consumer<Runnable> interrupt = action -> {};
    private Runnable onPrint = () -> {};

    TestWorkspace(Path root) {
        this.root = root;
        file("sales.Lakehouse/lakehouse.metadata.json", "{\"defaultSchema\": \"dbo\"}");
        file(".git/HEAD", "");
    }

    TestWorkspace file(String path, String text) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** A notebook whose cells are code; one that begins with {@code #parameters} is the parameters cell. */
    TestWorkspace notebook(String name, String... cells) {
        StringBuilder text = new StringBuilder("# Fabric notebook source\n\n# METADATA " + STARS + "\n\n"
                + "# META {\"kernel_info\": {\"name\": \"synapse_pyspark\"},\n"
                + "# META  \"dependencies\": {\"lakehouse\": {\"default_lakehouse_name\": \"sales\"}}}\n");
        for (String cell : cells) {
            boolean magic = cell.startsWith("%%");
            String body = magic ? "# MAGIC " + cell.strip().replace("\n", "\n# MAGIC ") : cell.stripTrailing();
            String marker = cell.startsWith("#parameters") ? "PARAMETERS CELL" : "CELL";
            text.append("\n# ")
                    .append(marker)
                    .append(' ')
                    .append(STARS)
                    .append("\n\n")
                    .append(body)
                    .append('\n');
        }
        return file(name + ".Notebook/notebook-content.py", text.toString());
    }

    TestWorkspace parameter(String name, @Nullable Object value) {
        parameters.put(name, value);
        return this;
    }

    TestWorkspace timeout(Duration time) {
        timeout = time;
        return this;
    }

    /** Presses Ctrl-C when the notebook first prints. */
    TestWorkspace interruptedWhenItPrints() {
        interrupt = action -> onPrint = action;
        return this;
    }

    NotebookResult run(String name) throws Exception {
        Map<String, String> environment = new LinkedHashMap<>(System.getenv());
        environment.put("TARN_PYTHON", python().toString());
        Workspace workspace = Workspace.scan(root, new Problems());
        Lakehouses lakehouses = new Lakehouses(workspace, root.resolve(".tarn/run"), LakehouseMode.KEEP);
        Problems problems = new Problems();
        Notebook notebook = new NotebookLoader(problems)
                .load(root.resolve(name + ".Notebook"))
                .orElseThrow();
        assertThat(problems.all()).isEmpty();
        Optional<LakehouseFolder> lakehouse = notebook.lakehouse().flatMap(lakehouses::of);
        Platform platform = new Platform(
                workspace,
                new LakehousePaths(
                        lakehouse.map(LakehouseFolder::root),
                        other -> Optional.ofNullable(lakehouses.all().get(other.toLowerCase(java.util.Locale.ROOT)))),
                (vault, secret) -> {
                    if (!secret.equals("token")) {
                        throw new PlatformException(PlatformException.Kind.FAILED, "there is no secret " + secret);
                    }
                    return "value of " + vault;
                },
                "");
        Map<String, Object> context = new LinkedHashMap<>(
                Map.of("currentNotebookName", name, "userName", "ada", "defaultLakehouseName", "sales"));
        NotebookRequest request = new NotebookRequest(
                notebook,
                name,
                workspace,
                parameters,
                lakehouse,
                lakehouses.all(),
                context,
                root.resolve(".tarn/run"),
                timeout);
        Provisioner provisioner = new Provisioner(root.resolve("cache"), true, Map.of(), FetchListener.NONE);
        return new NotebookRunner(provisioner, environment, platform).run(request, this, interrupt);
    }

    private static Path python() {
        Optional<Path> found = Stream.of(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "python3"))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), "python3 is not installed here");
        return found.orElseThrow();
    }

    @Override
    public void printed(String stream, String text) {
        (stream.equals("stdout") ? printed : errors).append(text);
        Runnable action = onPrint;
        onPrint = () -> {};
        action.run();
    }

    @Override
    public void shown(Map<String, Object> data) {
        shown.add(data);
    }

    String printed() {
        return printed.toString();
    }

    String errors() {
        return errors.toString();
    }

    List<Object> shown() {
        return shown.stream().map(data -> data.getOrDefault("text/plain", "")).toList();
    }

    Path lakehouse() {
        return root.resolve(".tarn/lakehouses/sales");
    }
}
