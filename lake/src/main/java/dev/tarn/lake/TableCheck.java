package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Looks for damage in a table: in its log, in the files of its newest version, and in what the log says of their rows.
 *
 * <p>Others may write to the table meanwhile: the version that was the newest at the beginning is looked at.
 */
public final class TableCheck {
    private final DeltaTable table;
    private final TableLog log;
    private final Clock clock;
    private boolean rows = true;
    private boolean repair;

    TableCheck(DeltaTable table, TableLog log, Clock clock) {
        this.table = table;
        this.log = log;
        this.clock = clock;
    }

    /** Looks at log and files only, and reads no rows. */
    public TableCheck withoutRows() {
        rows = false;
        return this;
    }

    /**
     * Mends what can be mended without the risk to lose anything: checkpoints that the log does not need are deleted and the
     * newest version is written as a new one, statistics are computed anew.
     */
    public TableCheck repair() {
        repair = true;
        return this;
    }

    /** Does it. */
    public CheckReport execute() {
        Look first = look();
        boolean any = first.findings.stream().anyMatch(CheckFinding::isRepairable);
        if (!repair || !any) {
            return first.report(rows, List.of());
        }
        new TableRepair(table, log, clock).run(first.findings, first.state, first.wrong);
        Look second = look();
        List<CheckFinding> repaired = new ArrayList<>(first.findings);
        repaired.removeIf(each -> !each.isRepairable() || second.findings.contains(each));
        return second.report(rows, repaired);
    }

    /** What was found. */
    private static final class Look {
        private final List<CheckFinding> findings = new ArrayList<>();
        private final Set<AddFile> wrong = new LinkedHashSet<>();
        private Optional<TableState> state = Optional.empty();

        CheckReport report(boolean rows, List<CheckFinding> repaired) {
            return new CheckReport(
                    state.map(TableState::version).map(OptionalLong::of).orElse(OptionalLong.empty()),
                    state.map(known -> known.files().size()).orElse(0),
                    rows && state.isPresent(),
                    findings,
                    repaired);
        }
    }

    private Look look() {
        Look look = new Look();
        LogCheck logCheck = new LogCheck(log, clock.instant());
        logCheck.run();
        look.findings.addAll(logCheck.findings());
        look.state = logCheck.state();
        look.state.ifPresent(state -> {
            if (isReadable(look, state)) {
                checkFiles(look, state);
                try {
                    checkChangeFiles(look, logCheck, state);
                    findOrphans(look, state);
                } catch (LakeException damaged) {
                    // Both go through the commits, of which it is known by now that they are damaged.
                    if (look.findings.stream().noneMatch(CheckFinding::isDamage)) {
                        throw damaged;
                    }
                }
            }
        });
        return look;
    }

    private boolean isReadable(Look look, TableState state) {
        try {
            FeatureSupport.checkReadable(table.path().toString(), state);
            return true;
        } catch (LakeException refused) {
            boolean unknown = refused.kind() == Kind.UNSUPPORTED_FEATURE;
            look.findings.add(new CheckFinding(
                    unknown ? CheckCode.NOT_CHECKED : CheckCode.NO_METADATA,
                    !unknown,
                    Optional.empty(),
                    refused.getMessage(),
                    false));
            return false;
        }
    }

    private void checkFiles(Look look, TableState state) {
        for (String column : state.metadata().partitionColumns()) {
            if (state.metadata().schema().field(column).isEmpty()) {
                look.findings.add(new CheckFinding(
                        CheckCode.NO_METADATA,
                        true,
                        Optional.empty(),
                        "the partition column '" + column + "' is not in the schema",
                        false));
                return;
            }
        }
        try (Connection duckdb = OwnDuckDb.open()) {
            try (Statement statement = duckdb.createStatement()) {
                statement.execute("SET TimeZone = 'UTC'");
            }
            Map<AddFile, Long> sound = new FileCheck(table.path(), state, duckdb, look.findings).run();
            if (rows) {
                look.wrong.addAll(new RowCheck(table.path(), state.metadata(), duckdb, look.findings).run(sound));
                checkRules(look, state.metadata(), List.copyOf(sound.keySet()));
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("check of " + table.path(), failure);
        }
        look.findings.stream()
                .filter(each -> each.code() == CheckCode.WRONG_SIZE && each.isRepairable())
                .forEach(each -> state.fileList().stream()
                        .filter(file ->
                                each.file().filter(file.decodedPath()::equals).isPresent())
                        .forEach(look.wrong::add));
    }

    private void checkRules(Look look, Metadata metadata, List<AddFile> files) {
        try {
            new RowRules(table.path().toString(), metadata).check(table.path(), files);
        } catch (LakeException broken) {
            boolean violated = broken.kind() == Kind.CONSTRAINT || broken.kind() == Kind.NOT_NULL;
            look.findings.add(new CheckFinding(
                    violated ? CheckCode.CONSTRAINT_VIOLATED : CheckCode.NOT_CHECKED,
                    violated,
                    Optional.empty(),
                    broken.getMessage(),
                    false));
        }
    }

    /** Those that a vacuum may have deleted, rightly, are not missed. */
    private void checkChangeFiles(Look look, LogCheck logCheck, TableState state) {
        if (logCheck.changeFiles().isEmpty()) {
            return;
        }
        Duration retention = TableProperties.duration(
                        state.metadata().configuration(), TableProperties.DELETED_FILE_RETENTION)
                .orElse(Vacuum.DEFAULT_RETENTION);
        Instant from = clock.instant().minus(retention);
        for (LogCommit vacuum : logCheck.vacuums()) {
            Map<String, Object> parameters =
                    Json.child(vacuum.info(), "operationParameters").orElse(Map.of());
            long kept = millis(parameters, "specifiedRetentionMillis")
                    .or(() -> millis(parameters, "defaultRetentionMillis"))
                    .orElse(retention.toMillis());
            Instant before = Instant.ofEpochMilli(
                            Json.number(vacuum.info(), "timestamp").orElse(0L))
                    .minusMillis(kept);
            from = before.isAfter(from) ? before : from;
        }
        CommitTimes times = log.times();
        for (LogCheck.ChangeFile each : logCheck.changeFiles()) {
            if (!times.of(each.version()).isBefore(from)
                    && !Files.isRegularFile(each.file().locate(table.path()))) {
                look.findings.add(CheckFinding.damage(
                        CheckCode.MISSING_CHANGE_FILE,
                        each.file().decodedPath(),
                        "the changes of version " + each.version() + " are not there"));
            }
        }
    }

    private static Optional<Long> millis(Map<String, Object> parameters, String name) {
        String text = String.valueOf(parameters.get(name));
        return text.matches("\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    /** A young file may be a writer's that has not committed it yet. */
    private void findOrphans(Look look, TableState state) {
        if (look.findings.stream().anyMatch(each -> each.code() == CheckCode.UNREADABLE_COMMIT)) {
            return;
        }
        TableFolder folder = TableFolder.list(table.path(), state.metadata());
        UsedFiles used = UsedFiles.since(Instant.EPOCH, log, folder.root());
        Instant old = clock.instant()
                .minus(TableProperties.duration(
                                state.metadata().configuration(), TableProperties.DELETED_FILE_RETENTION)
                        .orElse(Vacuum.DEFAULT_RETENTION));
        folder.files().forEach((path, file) -> {
            if (file.modified().isBefore(old) && !used.contains(path)) {
                look.findings.add(CheckFinding.note(
                        CheckCode.ORPHAN_FILE, name(path), "no version in the log has it; " + file.bytes() + " bytes"));
            }
        });
    }

    private static String name(Path path) {
        return path.toString().replace('\\', '/');
    }
}
