package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Goes through a log from its first commit to its last and compares each checkpoint with what the commits before it say
 * (Delta protocol, "Delta Log Entries", "Checkpoints" and "Action Reconciliation").
 */
final class LogCheck {
    private static final Pattern PART = Pattern.compile("(\\d{20})\\.checkpoint\\.(\\d{10})\\.(\\d{10})\\.parquet");

    /** A writer of several parts may be at work; nobody takes so long. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private static final String HINT = "_last_checkpoint";

    /** A file of changes, and the version that names it. */
    record ChangeFile(long version, AddFile file) {}

    private final TableLog log;
    private final Instant now;
    private final LogListing listing;
    private final List<CheckFinding> findings = new ArrayList<>();
    private final List<ChangeFile> changeFiles = new ArrayList<>();
    private final List<LogCommit> vacuums = new ArrayList<>();
    private TableState.Replay replay;
    private Optional<TableState> state = Optional.empty();
    private boolean isKnown;
    private long lastTime = Long.MIN_VALUE;
    private long startedAfter = -1;

    LogCheck(TableLog log, Instant now) {
        this.log = log;
        this.now = now;
        this.listing = LogListing.of(log.table(), log.directory());
        this.replay = new TableState.Replay(log.table().toString());
    }

    /** Looks at all; the newest version is known afterwards if the log tells it. */
    void run() {
        if (listing.isEmpty()) {
            throw new LakeException(
                    Kind.TABLE_NOT_FOUND,
                    "There is no Delta table at '" + log.table() + "'.",
                    "Check the path of the table.");
        }
        isKnown = listing.commits().contains(0L);
        long next = 0;
        if (!isKnown) {
            next = startFrom(0).orElse(listing.newest() + 1);
        }
        if (!isKnown) {
            findings.add(CheckFinding.damage(
                    CheckCode.LOG_GAP,
                    commitName(0),
                    "the log has neither version 0 nor a checkpoint that can be read"));
        }
        while (next <= listing.newest()) {
            next = isKnown ? step(next) : listing.newest() + 1;
        }
        state = isKnown ? state(listing.newest()) : Optional.empty();
        findIncompleteCheckpoints();
        checkHint();
    }

    List<CheckFinding> findings() {
        return findings;
    }

    Optional<TableState> state() {
        return state;
    }

    List<ChangeFile> changeFiles() {
        return changeFiles;
    }

    List<LogCommit> vacuums() {
        return vacuums;
    }

    private String commitName(long version) {
        return "_delta_log/" + log.commitFile(version).getFileName();
    }

    /** Begins anew with the first checkpoint of a version or after it that can be read; gives the version after it. */
    private Optional<Long> startFrom(long version) {
        for (Map.Entry<Long, List<Path>> each :
                listing.checkpoints().tailMap(version, true).entrySet()) {
            Optional<TableState.Replay> read = read(each.getValue(), false);
            if (read.isPresent()) {
                replay = read.get();
                isKnown = true;
                startedAfter = each.getKey();
                return Optional.of(each.getKey() + 1);
            }
        }
        isKnown = false;
        return Optional.empty();
    }

    /** Applies a commit and compares the checkpoint of its version; gives the version to go on with. */
    private long step(long version) {
        boolean isMissing = !listing.commits().contains(version);
        if (isMissing
                && version == startedAfter + 1
                && listing.checkpoints().higherKey(startedAfter) != null
                && listing.commits().headSet(version).isEmpty()) {
            // A checkpoint without any commit beside it is what a clean-up of the log has left.
            return startFrom(version).orElse(listing.newest() + 1);
        }
        if (isMissing) {
            return jump(
                    version,
                    CheckFinding.damage(
                            CheckCode.LOG_GAP,
                            commitName(version),
                            "version " + version + " is missing, though later ones are there"));
        }
        LogCommit commit;
        try {
            commit = log.commit(version);
            checkActions(commit);
            replay.apply(commit);
        } catch (LakeException damaged) {
            return jump(
                    version,
                    CheckFinding.damage(CheckCode.UNREADABLE_COMMIT, commitName(version), damaged.getMessage()));
        }
        if (!checkFirst(version)) {
            isKnown = false;
            return version + 1;
        }
        collect(commit);
        checkTime(commit);
        compareCheckpoint(version);
        return version + 1;
    }

    /** Over what cannot be read: readers that start from a later checkpoint do not miss it. */
    private long jump(long version, CheckFinding finding) {
        int at = findings.size();
        Optional<Long> next = startFrom(version);
        findings.add(at, next.isPresent() && next.get() > version ? finding.harmless() : finding);
        return next.orElse(listing.newest() + 1);
    }

    private boolean checkFirst(long version) {
        if (!replay.hasProtocol()) {
            findings.add(CheckFinding.damage(
                    CheckCode.NO_PROTOCOL,
                    commitName(version),
                    "no commit up to version " + version + " has a protocol"));
        }
        if (!replay.hasMetadata()) {
            findings.add(CheckFinding.damage(
                    CheckCode.NO_METADATA,
                    commitName(version),
                    "no commit up to version " + version + " has a schema"));
        }
        return replay.hasProtocol() && replay.hasMetadata();
    }

    private void checkActions(LogCommit commit) {
        Set<String> added = new HashSet<>();
        Set<String> removed = new HashSet<>();
        for (Map<String, Object> add : commit.of("add").toList()) {
            checkComplete(commit, "add", add, List.of("path", "partitionValues", "size", "modificationTime"));
            if (!added.add(AddFile.key(add))) {
                findings.add(CheckFinding.damage(
                        CheckCode.DUPLICATE_FILE,
                        commitName(commit.version()),
                        "it adds the file '" + add.get("path") + "' twice"));
            }
        }
        for (Map<String, Object> remove : commit.of("remove").toList()) {
            checkComplete(commit, "remove", remove, List.of("path"));
            removed.add(AddFile.key(remove));
        }
        removed.retainAll(added);
        removed.forEach(path -> findings.add(CheckFinding.damage(
                CheckCode.CONTRADICTORY_COMMIT,
                commitName(commit.version()),
                "it adds and removes the file '" + path.lines().findFirst().orElse("") + "'")));
    }

    private void checkComplete(LogCommit commit, String kind, Map<String, Object> action, List<String> fields) {
        for (String field : fields) {
            if (action.get(field) == null) {
                findings.add(CheckFinding.damage(
                        CheckCode.INVALID_ACTION,
                        commitName(commit.version()),
                        "its '" + kind + "' of '" + action.get("path") + "' has no '" + field + "'"));
            }
        }
    }

    private void collect(LogCommit commit) {
        commit.of("cdc").forEach(json -> changeFiles.add(new ChangeFile(commit.version(), new AddFile(json))));
        if ("VACUUM START".equals(commit.info().get("operation"))) {
            vacuums.add(commit);
        }
    }

    private void checkTime(LogCommit commit) {
        Map<String, String> properties = replay.configuration();
        if (!TableProperties.isTrue(properties, TableProperties.IN_COMMIT_TIMESTAMPS)) {
            lastTime = Long.MIN_VALUE;
            return;
        }
        Optional<Long> time = Json.number(commit.info(), InCommitTime.KEY);
        if (time.isEmpty() || time.get() <= lastTime) {
            findings.add(CheckFinding.damage(
                    CheckCode.WRONG_COMMIT_TIME,
                    commitName(commit.version()),
                    time.isEmpty() ? "it has no time" : "its time is not after that of the version before"));
        }
        lastTime = time.orElse(lastTime);
    }

    private void compareCheckpoint(long version) {
        List<Path> files = listing.checkpoints().get(version);
        if (files == null) {
            return;
        }
        Optional<TableState> expected = state(version);
        Optional<TableState> found = read(files, true).flatMap(each -> state(each, version));
        if (expected.isPresent() && found.isPresent()) {
            difference(expected.get(), found.get())
                    .ifPresent(what -> findings.add(CheckFinding.damage(
                                    CheckCode.WRONG_CHECKPOINT, name(files), "it differs from the commits: " + what)
                            .repairable()));
        }
    }

    /** @param isCovered whether the log tells the version without the checkpoint */
    private Optional<TableState.Replay> read(List<Path> files, boolean isCovered) {
        try {
            TableState.Replay read = new TableState.Replay(log.table().toString());
            Checkpoint.read(log.table(), files).forEach(read::applyCheckpointRow);
            if (!read.hasProtocol() || !read.hasMetadata()) {
                throw LakeException.corrupt("it has no protocol or no schema");
            }
            return Optional.of(read);
        } catch (LakeException damaged) {
            CheckFinding finding = CheckFinding.damage(CheckCode.BROKEN_CHECKPOINT, name(files), damaged.getMessage());
            findings.add(isCovered ? finding.repairable() : finding);
            return Optional.empty();
        }
    }

    private static String name(List<Path> checkpoint) {
        return "_delta_log/" + checkpoint.get(0).getFileName();
    }

    private Optional<TableState> state(long version) {
        return state(replay, version);
    }

    private Optional<TableState> state(TableState.Replay from, long version) {
        try {
            return Optional.of(from.at(version));
        } catch (LakeException refused) {
            CheckCode code = refused.kind() == Kind.UNSUPPORTED_FEATURE ? CheckCode.NOT_CHECKED : CheckCode.NO_METADATA;
            if (findings.stream().noneMatch(each -> each.code() == code)) {
                findings.add(new CheckFinding(
                        code, code != CheckCode.NOT_CHECKED, Optional.empty(), refused.getMessage(), false));
            }
            return Optional.empty();
        }
    }

    private static Optional<String> difference(TableState expected, TableState found) {
        Map<String, AddFile> missing = new HashMap<>(expected.files());
        missing.keySet().removeAll(found.files().keySet());
        Map<String, AddFile> more = new HashMap<>(found.files());
        more.keySet().removeAll(expected.files().keySet());
        if (!missing.isEmpty()) {
            return Optional.of(
                    "it lacks the file '" + missing.values().iterator().next().path() + "'");
        }
        if (!more.isEmpty()) {
            return Optional.of(
                    "it has the file '" + more.values().iterator().next().path() + "'");
        }
        if (!expected.protocol().equals(found.protocol())) {
            return Optional.of("it has another protocol");
        }
        boolean sameTable = expected.metadata().hasShapeOf(found.metadata())
                && expected.metadata().configuration().equals(found.metadata().configuration());
        if (!sameTable) {
            return Optional.of("it has another schema, partitioning or properties");
        }
        for (Map.Entry<String, AddFile> each : expected.files().entrySet()) {
            AddFile other = Objects.requireNonNull(found.files().get(each.getKey()));
            AddFile file = each.getValue();
            boolean sameRows = file.numRecords().isEmpty()
                    || other.numRecords().isEmpty()
                    || file.numRecords().equals(other.numRecords());
            if (file.size() != other.size() || !sameRows) {
                return Optional.of("it has another size or number of rows of the file '" + file.path() + "'");
            }
        }
        for (String application : found.transactions().keySet()) {
            if (!expected.lastTransaction(application).equals(found.lastTransaction(application))) {
                return Optional.of("it has another transaction of the application '" + application + "'");
            }
        }
        return Optional.empty();
    }

    private void findIncompleteCheckpoints() {
        Map<String, List<Path>> parts = new TreeMap<>();
        try (Stream<Path> names = Files.list(log.directory())) {
            names.forEach(file -> {
                Matcher part = PART.matcher(file.getFileName().toString());
                if (part.matches()) {
                    parts.computeIfAbsent(part.group(1) + " of " + part.group(3), all -> new ArrayList<>())
                            .add(file);
                }
            });
        } catch (IOException failure) {
            throw LakeException.io("The log of table '" + log.table() + "' cannot be listed", failure);
        }
        parts.forEach((name, files) -> {
            int count = Integer.parseInt(name.substring(name.length() - 10));
            boolean old =
                    files.stream().allMatch(file -> TableLog.modified(file).isBefore(now.minus(ABANDONED)));
            if (files.size() < count && old) {
                findings.add(CheckFinding.note(
                                CheckCode.INCOMPLETE_CHECKPOINT,
                                name(files),
                                "of the checkpoint's " + count + " parts only " + files.size() + " are there")
                        .repairable());
            }
        });
    }

    private void checkHint() {
        Path hint = log.directory().resolve(HINT);
        String file = "_delta_log/" + HINT;
        try {
            Optional<Long> version = Json.number(Json.object(Files.readString(hint)), "version");
            if (version.isEmpty()) {
                throw new IOException("it has no version");
            }
            // A checkpoint that was written a moment ago is not in the older listing.
            if (!LogListing.of(log.table(), log.directory()).checkpoints().containsKey(version.get())) {
                findings.add(CheckFinding.damage(
                                CheckCode.DANGLING_CHECKPOINT_HINT,
                                file,
                                "it names the checkpoint of version " + version.get() + ", which is not there")
                        .repairable());
            }
        } catch (NoSuchFileException none) {
            // It is a hint, and nobody needs it.
        } catch (IOException broken) {
            findings.add(CheckFinding.damage(
                            CheckCode.BROKEN_CHECKPOINT_HINT,
                            file,
                            "it cannot be read: " + LakeException.reason(broken))
                    .repairable());
        }
    }
}
