package dev.tarn.notebook.run;

import dev.tarn.core.source.Problems;
import dev.tarn.notebook.format.Cell;
import dev.tarn.notebook.format.Notebook;
import dev.tarn.notebook.format.NotebookLoader;
import dev.tarn.notebook.item.Item;
import dev.tarn.notebook.item.Workspace;
import dev.tarn.notebook.json.JsonNode;
import dev.tarn.notebook.platform.Platform;
import dev.tarn.notebook.platform.PlatformException;
import dev.tarn.notebook.platform.PlatformException.Kind;
import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Runs a notebook from its first cell to its last, or to the first that fails. */
public final class NotebookRunner {

    private final Provisioner provisioner;
    private final Map<String, String> environment;
    private final Platform platform;

    public NotebookRunner(Provisioner provisioner, Map<String, String> environment, Platform platform) {
        this.provisioner = provisioner;
        this.environment = Map.copyOf(environment);
        this.platform = platform;
    }

    /**
     * Runs the cells of a notebook in their order.
     *
     * @param interrupt is given what interrupts the cell that is at work, before the first one begins
     * @throws ProvisionException if Python or Spark are missing and cannot be had
     */
    public NotebookResult run(NotebookRequest request, RunListener listener, Consumer<Runnable> interrupt)
            throws ProvisionException, IOException, InterruptedException {
        Notebooks loaded = new Notebooks(request.workspace());
        Map<String, Object> first = loaded.add(request.notebook(), request.name());
        boolean spark = loaded.needsSpark(request.notebook());
        Path python = new PythonHome(provisioner, environment).python(spark);
        Files.createDirectories(request.folder());
        Map<String, Object> setup = new LinkedHashMap<>();
        setup.put("notebook", first);
        setup.put("parameters", request.parameters());
        setup.put("context", request.context());
        setup.put(
                "lakehouse", request.lakehouse().map(NotebookRunner::lakehouse).orElse(null));
        setup.put("folder", request.folder().toString());
        setup.put("spark", spark ? launch(request) : null);
        try (Kernel kernel = Kernel.start(python, environment, request.folder())) {
            interrupt.accept(kernel::interrupt);
            RunEvents events = new RunEvents(loaded, listener);
            return kernel.run(
                    setup,
                    events,
                    (name, arguments) -> answer(request, loaded, name, arguments),
                    request.cellTimeout());
        }
    }

    private Map<String, Object> launch(NotebookRequest request) throws ProvisionException, InterruptedException {
        return new SparkLauncher(provisioner).launch(request.folder(), request.context(), request.lakehouses());
    }

    private static Map<String, Object> lakehouse(LakehouseFolder folder) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", folder.name());
        json.put("root", folder.root().toString());
        json.put("schema", folder.schema());
        return json;
    }

    private Object answer(NotebookRequest request, Notebooks loaded, String name, JsonNode arguments)
            throws PlatformException, InterruptedException {
        try {
            return switch (name) {
                case "notebook" -> loaded.find(arguments.string("name").orElse(""));
                case "spark" -> launch(request);
                default -> platform.call(name, arguments);
            };
        } catch (ProvisionException e) {
            throw new PlatformException(Kind.FAILED, e.getMessage() + "; " + e.help());
        }
    }

    /** The notebooks of a run, which the kernel knows by number. */
    static final class Notebooks {

        private final Workspace workspace;
        private final List<Notebook> all = new ArrayList<>();

        Notebooks(Workspace workspace) {
            this.workspace = workspace;
        }

        Notebook get(int id) {
            return all.get(id);
        }

        /** Whether it, or what it pulls in as far as can be seen, needs Spark. */
        boolean needsSpark(Notebook notebook) {
            return needsSpark(notebook, new HashSet<>());
        }

        private boolean needsSpark(Notebook notebook, Set<Path> seen) {
            return SparkNeed.of(notebook)
                    || SparkNeed.pulledIn(notebook).stream()
                            .flatMap(name -> path(name).stream())
                            .filter(seen::add)
                            .flatMap(path -> new NotebookLoader(new Problems()).load(path).stream())
                            .anyMatch(other -> needsSpark(other, seen));
        }

        private Optional<Item> item(String name) {
            String last = name.substring(name.lastIndexOf('/') + 1);
            return workspace.find("Notebook", name).or(() -> workspace.find("Notebook", last));
        }

        private Optional<Path> path(String name) {
            return item(name).map(Item::folder).or(() -> file(bare(name)));
        }

        private static String bare(String name) {
            return name.replaceFirst("^(\\./|/)+", "");
        }

        /** The notebook that another one names: by its name in the workspace, or by a path. */
        Map<String, Object> find(String name) throws PlatformException {
            String last = name.substring(name.lastIndexOf('/') + 1);
            Path path = path(name)
                    .orElseThrow(() -> new PlatformException(
                            Kind.NOT_FOUND,
                            "there is no notebook '" + name + "': " + workspace.missing("Notebook", last)));
            Problems problems = new Problems();
            Optional<Notebook> notebook = new NotebookLoader(problems).load(path);
            if (notebook.isEmpty() || problems.hasErrors()) {
                throw new PlatformException(
                        Kind.FAILED,
                        problems.all().get(0).span() + ": "
                                + problems.all().get(0).message());
            }
            return add(notebook.get(), item(name).map(Item::name).orElse(last.replaceFirst("\\.ipynb$", "")));
        }

        private Optional<Path> file(String name) {
            return List.of(name, name + ".ipynb", name + ".Notebook").stream()
                    .map(workspace.root()::resolve)
                    .filter(Files::exists)
                    .findFirst();
        }

        Map<String, Object> add(Notebook notebook, String name) {
            all.add(notebook);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("id", all.size() - 1);
            json.put("name", name);
            json.put("spark", SparkNeed.of(notebook));
            json.put(
                    "cells",
                    notebook.cells().stream().map(cell -> cell(notebook, cell)).toList());
            return json;
        }

        private static Map<String, Object> cell(Notebook notebook, Cell cell) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("number", cell.number());
            json.put("kind", cell.kind().name().toLowerCase(Locale.ROOT));
            json.put("parameters", cell.parameters());
            json.put("frozen", cell.frozen());
            json.put("magic", cell.magic().orElse(""));
            json.put("language", notebook.language(cell));
            json.put("source", cell.source().text());
            return json;
        }
    }
}
