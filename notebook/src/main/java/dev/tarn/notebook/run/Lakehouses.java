package dev.tarn.notebook.run;

import dev.tarn.core.source.Problems;
import dev.tarn.notebook.format.LakehouseRef;
import dev.tarn.notebook.format.Notebook;
import dev.tarn.notebook.format.NotebookLoader;
import dev.tarn.notebook.item.Item;
import dev.tarn.notebook.item.Lakehouse;
import dev.tarn.notebook.item.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The folders that stand for the lakehouses of a workspace: {@code .tarn/lakehouses/NAME} below its root. */
public final class Lakehouses {

    private final Workspace workspace;
    private final Path kept;
    private final Path run;
    private final LakehouseMode mode;
    private final Map<String, LakehouseFolder> opened = new HashMap<>();

    /** @param run the run's own folder */
    public Lakehouses(Workspace workspace, Path run, LakehouseMode mode) {
        this.workspace = workspace;
        this.kept = workspace.root().resolve(".tarn/lakehouses");
        this.run = run.resolve("lakehouses");
        this.mode = mode;
    }

    /** The lakehouse that a notebook is attached to: by its name, else by its id; a name that has no item is one without schemas. */
    public Optional<LakehouseFolder> of(LakehouseRef ref) {
        return byName(ref.name())
                .or(() -> byName(ref.id()))
                .or(() -> ref.name().isEmpty() ? Optional.empty() : Optional.of(open(ref.name(), Optional.empty())));
    }

    /** The lakehouse of this name or logical id. */
    public synchronized Optional<LakehouseFolder> byName(String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        return workspace
                .find("Lakehouse", name)
                .or(() -> workspace.byLogicalId(name).filter(item -> item.type().equals("Lakehouse")))
                .map(item -> open(item.name(), Optional.of(item)));
    }

    /** The folders of all lakehouses of the workspace, by their names and ids in lower case. */
    public Map<String, Path> all() {
        Map<String, Path> all = new HashMap<>();
        for (Item item : workspace.ofType("Lakehouse")) {
            Path root = open(item.name(), Optional.of(item)).root();
            all.put(item.name().toLowerCase(Locale.ROOT), root);
            item.logicalId().ifPresent(id -> all.put(id.toLowerCase(Locale.ROOT), root));
        }
        ids().forEach((id, name) -> byName(name).ifPresent(found -> all.putIfAbsent(id, found.root())));
        return all;
    }

    /** The ids of lakehouses in the service stand in no item, but beside their names in the notebooks. */
    private Map<String, String> ids() {
        Map<String, String> names = new HashMap<>();
        for (Item item : workspace.ofType("Notebook")) {
            new NotebookLoader(new Problems())
                    .load(item.folder())
                    .flatMap(Notebook::lakehouse)
                    .filter(ref -> !ref.id().isEmpty() && !ref.name().isEmpty())
                    .ifPresent(ref -> names.put(ref.id().toLowerCase(Locale.ROOT), ref.name()));
        }
        return names;
    }

    private synchronized LakehouseFolder open(String name, Optional<Item> item) {
        return opened.computeIfAbsent(name, key -> {
            Optional<String> schema =
                    item.flatMap(i -> Lakehouse.read(i, new Problems()).defaultSchema());
            Path folder = (mode == LakehouseMode.KEEP ? kept : run).resolve(name.replaceAll("[/\\\\:]", "_"));
            try {
                fill(folder, name, item);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new LakehouseFolder(name, folder, schema.orElse(""));
        });
    }

    private void fill(Path folder, String name, Optional<Item> item) throws IOException {
        boolean isNew = !Files.exists(folder);
        Files.createDirectories(folder.resolve("Files"));
        Files.createDirectories(folder.resolve("Tables"));
        if (mode == LakehouseMode.COPY && isNew) {
            copy(kept.resolve(name.replaceAll("[/\\\\:]", "_")), folder);
        }
        if (item.isPresent()) {
            copy(item.get().folder().resolve("Files"), folder.resolve("Files"));
        }
    }

    /** What is there already stays as it is. */
    private static void copy(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path path : walk.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else if (!Files.exists(target)) {
                    Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }
}
