package dev.tarn.cli;

import dev.tarn.cli.render.CheckText;
import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ErrorText;
import dev.tarn.cli.render.RowsText;
import dev.tarn.cli.render.TableText;
import dev.tarn.lake.CheckReport;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.LakeException;
import dev.tarn.lake.OptimizeResult;
import dev.tarn.lake.RestoreResult;
import dev.tarn.lake.Snapshot;
import dev.tarn.lake.TableChanges;
import dev.tarn.lake.TableCheck;
import dev.tarn.lake.TableDiff;
import dev.tarn.lake.TableRows;
import dev.tarn.lake.TableSession;
import dev.tarn.lake.Vacuum;
import dev.tarn.lake.VacuumResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tarn table}: looks at Delta tables and takes care of them. */
@Command(
        name = "table",
        description = "Look at a Delta table, and take care of it.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
final class TableCommand implements Runnable {

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    TableCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "table needs one of: " + String.join(", ", spec.subcommands().keySet()));
    }

    @Command(
            name = "describe",
            description = "Show what a table is: columns, properties, size, features.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int describe(@Mixin TableOptions table, @Mixin CommonOptions options) {
        return work(options.json(), () -> {
            DeltaTable found = find(table.table, options.project, options.environment);
            Snapshot newest = found.snapshot().orElseThrow();
            new TableText(console).describe(found.detail(), newest, options.json());
            return ExitCode.OK;
        });
    }

    @Command(
            name = "history",
            description = "List what was done to a table, the newest first.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int history(
            @Mixin TableOptions table,
            @Mixin CommonOptions options,
            @Option(
                            names = {"-n", "--limit"},
                            paramLabel = "N",
                            defaultValue = "20",
                            description = "At most so many versions (default: ${DEFAULT-VALUE}).")
                    int limit) {
        return work(options.json(), () -> {
            DeltaTable found = find(table.table, options.project, options.environment);
            new TableText(console).history(found.path(), found.history(atLeastOne(limit)), options.json());
            return ExitCode.OK;
        });
    }

    @Command(
            name = "head",
            description = "Print rows of a table, or write them to a file.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int head(
            @Mixin TableOptions table,
            @Mixin RowOptions options,
            @Option(names = "--at", paramLabel = "VERSION|TIME", description = "This version (default: the newest).")
                    Optional<String> at,
            @Option(
                            names = "--columns",
                            paramLabel = "COLUMN",
                            split = ",",
                            description = "Only these columns, with commas between them.")
                    List<String> columns,
            @Option(names = "--where", paramLabel = "SQL", description = "Only rows for which this holds.")
                    Optional<String> where) {
        return work(options.json(), () -> {
            DeltaTable found = find(table.table, options.project, options.environment);
            Snapshot snapshot = at.map(text -> Moment.parse(text).of(found))
                    .orElseGet(() -> found.snapshot().orElseThrow());
            try (TableSession session = TableSession.open()) {
                TableRows rows = session.rows(snapshot, where, columns == null ? List.of() : columns);
                return rows(options, rows, text -> text.head(found.path(), snapshot.version(), rows, options.rows()));
            }
        });
    }

    @Command(
            name = "changes",
            description = "Print which rows versions changed, from a table's change data feed.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int changes(
            @Mixin TableOptions table,
            @Mixin RowOptions options,
            @Option(
                            names = "--from",
                            required = true,
                            paramLabel = "VERSION|TIME",
                            description = "The first version, or those since a time.")
                    String from,
            @Option(
                            names = "--to",
                            paramLabel = "VERSION|TIME",
                            description = "The last version (default: the newest).")
                    Optional<String> to) {
        return work(options.json(), () -> {
            DeltaTable found = find(table.table, options.project, options.environment);
            TableChanges changes = changes(found, Moment.parse(from), to.map(Moment::parse));
            try (TableSession session = TableSession.open()) {
                TableRows rows = session.rows(changes);
                return rows(options, rows, text -> text.changes(found.path(), changes, rows, options.rows()));
            }
        });
    }

    private static TableChanges changes(DeltaTable table, Moment from, Optional<Moment> to) {
        boolean byTime =
                from.time().isPresent() && to.map(m -> m.time().isPresent()).orElse(true);
        if (byTime) {
            return to.isPresent()
                    ? table.changes(from.time().orElseThrow(), to.get().time().orElseThrow())
                    : table.changes(from.time().orElseThrow());
        }
        return table.changes(from.in(table), to.map(moment -> moment.in(table)).orElse(Long.MAX_VALUE));
    }

    @Command(
            name = "diff",
            description = "Show how two versions of a table differ, or two tables.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int diff(
            @Mixin TableOptions table,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            paramLabel = "OTHER",
                            description = "Another table (default: the same one).")
                    Optional<String> other,
            @Mixin RowOptions options,
            @Option(
                            names = "--from",
                            paramLabel = "VERSION|TIME",
                            description =
                                    "Version of TABLE (default: the newest, or the one before for the same table).")
                    Optional<String> from,
            @Option(
                            names = "--to",
                            paramLabel = "VERSION|TIME",
                            description = "Version of OTHER (default: the newest).")
                    Optional<String> to,
            @Option(
                            names = "--key",
                            paramLabel = "COLUMN",
                            split = ",",
                            description =
                                    "Columns that tell rows apart, with commas (default: compare rows as they are).")
                    List<String> key,
            @Option(names = "--exit-code", description = "End with 1 if there is a difference.") boolean exitCode) {
        return work(options.json(), () -> {
            DeltaTable first = find(table.table, options.project, options.environment);
            DeltaTable second = other.map(name -> find(name, options.project, options.environment))
                    .orElse(first);
            Snapshot after = to.map(text -> Moment.parse(text).of(second))
                    .orElseGet(() -> second.snapshot().orElseThrow());
            Snapshot before = from.map(text -> Moment.parse(text).of(first))
                    .orElseGet(() -> other.isPresent()
                            ? first.snapshot().orElseThrow()
                            : first.snapshot(Math.max(0, after.version() - 1)));
            try (TableSession session = TableSession.open()) {
                TableDiff diff = session.diff(before, after, key == null ? List.of() : key);
                int code = rows(
                        options,
                        diff.rows(),
                        text -> text.diff(first.path(), before, second.path(), after, diff, options.rows()));
                return exitCode && !diff.isEmpty() ? ExitCode.FAILED : code;
            }
        });
    }

    @Command(
            name = "optimize",
            description = "Make large files of small ones, and purge deleted rows.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int optimize(
            @Mixin TableOptions table,
            @Mixin CommonOptions options,
            @Option(names = "--where", paramLabel = "SQL", description = "Only partitions for which this holds.")
                    Optional<String> where,
            @Option(
                            names = "--target-size",
                            paramLabel = "SIZE",
                            description =
                                    "Size that a file should have at most (default: as the table says, else 256MB).")
                    Optional<String> size,
            @Option(names = "--purge", description = "Rewrite all files with deleted rows, however few they are.")
                    boolean purge) {
        return work(options.json(), () -> {
            DeltaTable found = find(table.table, options.project, options.environment);
            Optional<Long> bytes = size.map(Moment::bytes);
            try (TableSession session = TableSession.open()) {
                OptimizeResult result = session.optimize(found, optimize -> {
                    where.ifPresent(optimize::where);
                    bytes.ifPresent(optimize::targetFileSize);
                    return purge ? optimize.purge() : optimize;
                });
                new TableText(console).optimized(found.path(), result, options.json());
            }
            return ExitCode.OK;
        });
    }

    @Command(
            name = "vacuum",
            description = "Delete files that a table no longer needs.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int vacuum(
            @Mixin TableOptions table,
            @Mixin CommonOptions options,
            @Option(
                            names = "--retain",
                            paramLabel = "TIME",
                            description = "Keep what versions of this time need, such as 30d or 168h "
                                    + "(default: as the table says, else 7d).")
                    Optional<String> retain,
            @Option(
                            names = "--force",
                            description = "Allow less than the table asks for. Nobody may use the table meanwhile.")
                    boolean force,
            @Option(names = "--dry-run", description = "Only show what would be deleted.") boolean dryRun) {
        return work(options.json(), () -> {
            DeltaTable found = find(table.table, options.project, options.environment);
            Vacuum vacuum = found.vacuum();
            retain.map(Moment::duration).ifPresent(vacuum::retain);
            if (force) {
                vacuum.force();
            }
            VacuumResult result = (dryRun ? vacuum.dryRun() : vacuum).execute();
            new TableText(console).vacuumed(found.path(), result, options.json());
            return result.failed().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
        });
    }

    @Command(
            name = "restore",
            description = "Give a table the rows, schema and properties of an earlier version again.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int restore(
            @Mixin TableOptions table,
            @Mixin CommonOptions options,
            @Option(
                            names = "--to",
                            required = true,
                            paramLabel = "VERSION|TIME",
                            description = "The version to go back to.")
                    String to) {
        return work(options.json(), () -> {
            DeltaTable found = find(table.table, options.project, options.environment);
            Moment moment = Moment.parse(to);
            RestoreResult result = moment.version().isPresent()
                    ? found.restore(moment.version().getAsLong())
                    : found.restore(moment.time().orElseThrow());
            new TableText(console).restored(found.path(), result, options.json());
            return ExitCode.OK;
        });
    }

    @Command(
            name = "check",
            description = {
                "Look for damage: in the log, in the files, and in what the log says of the rows.",
                "The exit code is 1 if the table is damaged."
            },
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    int check(
            @Mixin TableOptions table,
            @Mixin CommonOptions options,
            @Option(names = "--no-rows", description = "Look at log and files only, and read no rows.") boolean noRows,
            @Option(
                            names = "--repair",
                            description = "Mend what can be mended without losing anything: checkpoints, statistics.")
                    boolean repair) {
        return work(options.json(), () -> {
            DeltaTable found = find(table.table, options.project, options.environment);
            TableCheck check = found.check();
            if (noRows) {
                check.withoutRows();
            }
            CheckReport report = (repair ? check.repair() : check).execute();
            if (options.json()) {
                new CheckText(console).json(found.path(), report);
            } else {
                new CheckText(console).print(report);
            }
            return report.isHealthy() ? ExitCode.OK : ExitCode.FAILED;
        });
    }

    private static int atLeastOne(int limit) {
        if (limit < 1) {
            throw new UsageException("'--limit' is " + limit, "give a number from 1");
        }
        return limit;
    }

    private static DeltaTable find(String table, Optional<Path> project, Optional<String> environment) {
        return new TableFinder(project.orElse(Path.of(".")), environment).find(table);
    }

    /** Writes rows to a file, or shows them. */
    private int rows(RowOptions options, TableRows rows, Consumer<RowsText> show) {
        Optional<TableRows.Format> format = options.fileFormat();
        boolean csv =
                options.output.filter(each -> each == RowOptions.Format.CSV).isPresent();
        RowsText text = new RowsText(console, options.json());
        if (format.isPresent()) {
            text.wrote(
                    options.file.orElseThrow(), rows.write(options.file.orElseThrow(), format.get(), options.rows()));
        } else if (csv) {
            text.csv(rows, options.rows());
        } else {
            show.accept(text);
        }
        return ExitCode.OK;
    }

    private int work(boolean json, Supplier<Integer> work) {
        try {
            return work.get();
        } catch (LakeException e) {
            new ErrorText(console).table(e.getMessage(), e.help(), json);
            return switch (e.kind()) {
                case CORRUPT_TABLE, CONFLICT, IO, NOT_NULL -> ExitCode.FAILED;
                default -> ExitCode.INVALID;
            };
        }
    }
}
