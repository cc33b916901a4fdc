package dev.tarn.cli;

import dev.tarn.core.connection.Redaction;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * Loads the project that a command line is about. Of a plain one it begins before picocli has looked at the options, which
 * takes 60 ms of the 350 that a project of 100 nodes takes in all.
 */
final class ProjectLoading implements AutoCloseable {

    private static final Set<String> COMMANDS = Set.of("run", "validate", "ls", "graph");
    /** Options that choose another project, or want none loaded. */
    private static final List<String> OTHERWISE =
            List.of("-p", "--project", "--env", "--engine", "-h", "--help", "-V", "--version");

    private record Ahead(Path path, FutureTask<LoadedProject> loading) {}

    private final Redaction redaction;
    private Optional<Ahead> ahead = Optional.empty();

    ProjectLoading(Redaction redaction) {
        this.redaction = redaction;
    }

    /** Begins to load in the background, if the arguments say plainly what. */
    ProjectLoading begin(String... args) {
        boolean plain = args.length > 0
                && COMMANDS.contains(args[0])
                && (args.length == 1 || !args[1].startsWith("-"))
                && Stream.of(args).noneMatch(arg -> OTHERWISE.stream().anyMatch(arg::startsWith));
        if (plain) {
            Path path = ProjectPath.of(Stream.of(args).skip(1).findFirst().map(Path::of), Optional.empty());
            FutureTask<LoadedProject> loading =
                    new FutureTask<>(() -> LoadedProject.load(path, Optional.empty(), Optional.empty(), redaction));
            Thread thread = new Thread(loading, "tarn-project");
            thread.setDaemon(true);
            thread.start();
            ahead = Optional.of(new Ahead(path, loading));
        }
        return this;
    }

    /** The project; the caller closes it. */
    LoadedProject load(ProjectOptions options) {
        Optional<Ahead> begun = ahead.filter(each -> options.environment.isEmpty()
                && options.engine.isEmpty()
                && each.path().equals(options.path()));
        if (begun.isEmpty()) {
            return LoadedProject.load(options.path(), options.environment, options.engine, redaction);
        }
        ahead = Optional.empty();
        return result(begun.get().loading());
    }

    private static LoadedProject result(FutureTask<LoadedProject> loading) {
        try {
            return loading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the project was loaded", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Waits for what nobody took: a process must not end while the engine's library is being loaded. */
    @Override
    public void close() {
        ahead.ifPresent(unused -> {
            try {
                unused.loading().get().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                // Nobody has asked for it.
                return;
            }
        });
    }
}
