package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ErrorText;
import dev.tarn.cli.render.FetchProgress;
import dev.tarn.cli.render.NotebookRunText;
import dev.tarn.cli.render.ProblemJson;
import dev.tarn.cli.render.ProblemText;
import dev.tarn.connect.secret.SecretStores;
import dev.tarn.core.connection.ConnectionException;
import dev.tarn.core.connection.SecretReference;
import dev.tarn.core.project.Project;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.notebook.format.IpynbPrinter;
import dev.tarn.notebook.format.Notebook;
import dev.tarn.notebook.format.NotebookLoader;
import dev.tarn.notebook.item.Item;
import dev.tarn.notebook.item.Workspace;
import dev.tarn.notebook.platform.LakehousePaths;
import dev.tarn.notebook.platform.Platform;
import dev.tarn.notebook.platform.PlatformException;
import dev.tarn.notebook.run.LakehouseFolder;
import dev.tarn.notebook.run.Lakehouses;
import dev.tarn.notebook.run.NotebookRequest;
import dev.tarn.notebook.run.NotebookResult;
import dev.tarn.notebook.run.NotebookRunner;
import dev.tarn.notebook.run.Parameters;
import dev.tarn.notebook.run.WrittenTables;
import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code tarn notebook run}: puts together what a run of a notebook needs, and runs it. */
final class NotebookRun {

    private static final String SCHEMA = "tarn/notebook-run/v1";

    private final Console console;
    private final Cancellation interrupt;
    private final NotebookRunOptions options;

    NotebookRun(Console console, Cancellation interrupt, NotebookRunOptions options) {
        this.console = console;
        this.interrupt = interrupt;
        this.options = options;
    }

    int run(Path path, boolean json) throws InterruptedException {
        Problems problems = new Problems();
        Path root = options.workspace.map(w -> w.toAbsolutePath().normalize()).orElseGet(() -> Workspace.rootOf(path));
        Optional<Notebook> notebook = new NotebookLoader(problems).load(path);
        if (notebook.isEmpty() || problems.hasErrors()) {
            if (json) {
                new ProblemJson(console).invalid(SCHEMA, problems);
            }
            new ProblemText(console).print(problems);
            return ExitCode.INVALID;
        }
        new ProblemText(console).print(problems);
        Workspace workspace = Workspace.scan(root, new Problems());
        try {
            return run(notebook.get(), path, workspace, json);
        } catch (ProvisionException e) {
            return failed(ProblemCode.NOT_PROVISIONED, String.valueOf(e.getMessage()), e.help(), json);
        } catch (IOException e) {
            return failed(
                    ProblemCode.STATE_UNWRITABLE,
                    "cannot work in " + root.resolve(".tarn") + ": " + e.getMessage(),
                    "check that the disk is not full and that you may write there",
                    json);
        }
    }

    private int failed(ProblemCode code, String message, String help, boolean json) {
        new ErrorText(console).environment(code, message, help, json);
        return ExitCode.FAILED;
    }

    private int run(Notebook notebook, Path path, Workspace workspace, boolean json)
            throws IOException, InterruptedException, ProvisionException {
        String id = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                        .format(Clock.systemUTC().instant().atOffset(ZoneOffset.UTC))
                + "-" + UUID.randomUUID().toString().substring(0, 6);
        Path folder = Files.createDirectories(
                workspace.root().resolve(".tarn/notebooks").resolve(id));
        Lakehouses lakehouses = new Lakehouses(workspace, folder, options.lakehouse);
        Optional<LakehouseFolder> lakehouse = notebook.lakehouse().flatMap(lakehouses::of);
        Optional<WrittenTables> tables = lakehouse.isEmpty()
                ? Optional.empty()
                : Optional.of(WrittenTables.since(lakehouse.get().root()));
        Map<String, Path> all = lakehouses.all();
        String name = name(path);
        NotebookRequest request = new NotebookRequest(
                notebook,
                name,
                workspace,
                parameters(notebook),
                lakehouse,
                all,
                context(name, id, workspace, lakehouse),
                folder,
                Duration.ofSeconds(options.timeout));
        Platform platform = new Platform(
                workspace,
                new LakehousePaths(
                        lakehouse.map(LakehouseFolder::root),
                        other -> Optional.ofNullable(all.get(other.toLowerCase(Locale.ROOT)))),
                secrets(workspace.root()),
                options.valueSet.orElse(""));
        NotebookRunText text = new NotebookRunText(console, json);
        long started = System.nanoTime();
        Provisioner provisioner = new Provisioner(
                Provisioner.userCache(System.getenv()),
                options.offline || Provisioner.isOffline(System.getenv()),
                System.getenv(),
                new FetchProgress(console));
        NotebookResult result =
                new NotebookRunner(provisioner, System.getenv(), platform).run(request, text, interrupt::onRequest);
        double seconds = (System.nanoTime() - started) / 1e9;
        Optional<Path> out = options.out;
        if (out.isPresent()) {
            Files.writeString(out.get(), console.redaction().apply(IpynbPrinter.print(notebook, outputs(result))));
        }
        text.ended(name, result, tables.isPresent() ? tables.get().now() : List.of(), seconds, out);
        if (result.failure().map(f -> f.interrupted()).orElse(false) && interrupt.isRequested()) {
            return ExitCode.INTERRUPTED;
        }
        return result.succeeded() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static Map<Integer, List<Map<String, Object>>> outputs(NotebookResult result) {
        Map<Integer, List<Map<String, Object>>> outputs = new LinkedHashMap<>();
        result.cells().stream()
                .filter(cell -> cell.depth() == 0)
                .forEach(cell -> outputs.put(cell.cell().number(), cell.outputs()));
        return outputs;
    }

    private static String name(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        Path folder = Files.isDirectory(absolute) ? absolute : absolute.resolveSibling("");
        boolean content = String.valueOf(absolute.getFileName()).matches("notebook[-_]content\\..*");
        if (Files.isDirectory(absolute) || content) {
            return Workspace.item(folder, new Problems()).map(Item::name).orElse(String.valueOf(folder.getFileName()));
        }
        return String.valueOf(absolute.getFileName()).replaceFirst("\\.(ipynb|py)$", "");
    }

    private Map<String, Object> parameters(Notebook notebook) {
        Map<String, Object> values = new LinkedHashMap<>();
        options.parameters.forEach((name, text) -> values.put(name, Parameters.value(notebook, name, text)));
        return values;
    }

    private static Map<String, Object> context(
            String name, String run, Workspace workspace, Optional<LakehouseFolder> lakehouse) {
        String user = System.getProperty("user.name", "");
        String place = String.valueOf(workspace.root().getFileName());
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("currentNotebookName", name);
        context.put("currentNotebookId", id(place + "/" + name));
        context.put("currentWorkspaceName", place);
        context.put("currentWorkspaceId", id(place));
        context.put("defaultLakehouseName", lakehouse.map(LakehouseFolder::name).orElse(""));
        context.put(
                "defaultLakehouseId",
                lakehouse.map(l -> id(place + "/" + l.name())).orElse(""));
        context.put("defaultLakehouseWorkspaceName", lakehouse.isPresent() ? place : "");
        context.put("defaultLakehouseWorkspaceId", lakehouse.isPresent() ? id(place) : "");
        context.put("currentRunId", run);
        context.put("rootRunId", run);
        context.put("rootNotebookName", name);
        context.put("rootNotebookId", id(place + "/" + name));
        context.put("isForPipeline", false);
        context.put("isForInteractive", true);
        context.put("isReferenceRun", false);
        context.put("userName", user);
        context.put("userId", id(user));
        context.put("productType", "Fabric");
        return context;
    }

    /** The same for the same name, on every machine. */
    private static String id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString();
    }

    /** Of the project beside the notebooks the scope that is called like the vault; else an environment variable. */
    private Platform.VaultSecrets secrets(Path root) {
        return (vault, secret) -> {
            String scope = vault.replaceFirst("^https?://", "").replaceFirst("[./].*$", "");
            String variable = ("TARN_SECRET_" + scope + "_" + secret)
                    .toUpperCase(Locale.ROOT)
                    .replaceAll("[^A-Z0-9_]", "_");
            String value = System.getenv().getOrDefault(variable, "");
            if (!value.isEmpty()) {
                console.redaction().add(value);
                return value;
            }
            return ofProject(root, scope, secret)
                    .orElseThrow(() -> new PlatformException(
                            PlatformException.Kind.FAILED,
                            "there is no secret '" + secret + "' of vault '" + scope + "': set " + variable
                                    + ", or declare a secret scope '" + scope + "' in tarn.yaml"));
        };
    }

    private Optional<String> ofProject(Path root, String scope, String secret) throws PlatformException {
        Path file = root.resolve("tarn.yaml");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Problems problems = new Problems();
        ProjectLoader loader = new ProjectLoader(System.getenv(), Clock.systemUTC(), console.redaction());
        Project project = loader.load(file, Optional.empty(), problems);
        if (problems.hasErrors()
                || project.secrets().stream().noneMatch(s -> s.name().equals(scope))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SecretStores(project.secrets(), () -> loader.variables(file), console.redaction())
                    .get(new SecretReference(scope, secret)));
        } catch (ConnectionException e) {
            throw new PlatformException(PlatformException.Kind.FAILED, e.getMessage() + "; " + e.help());
        }
    }
}
