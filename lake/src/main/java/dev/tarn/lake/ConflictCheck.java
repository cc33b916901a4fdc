package dev.tarn.lake;

import dev.tarn.lake.LakeException.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides whether a commit still means the same after another writer's. The protocol asks for optimistic concurrency and
 * leaves most rules to writers (only those about metadata domains are in it), so these are the rules
 * of Delta on Spark, each named by the exception that it throws.
 *
 * <p>One rule is milder: rows that another writer only moved to other files ({@code dataChange} is false) are no news for who
 * read them, as long as the files that this commit removes are still there.
 */
record ConflictCheck(
        String table, Reads reads, Changes changes, CommitOptions options, IsolationLevel level, Set<String> removed) {
    static ConflictCheck of(String table, Reads reads, Changes changes, CommitOptions options, IsolationLevel level) {
        Set<String> removed = Stream.concat(changes.removed().stream(), changes.needed().stream())
                .map(AddFile::decodedPath)
                .collect(Collectors.toSet());
        return new ConflictCheck(table, reads, changes, options, level, removed);
    }

    void check(LogCommit winner) {
        checkTable(winner);
        checkDomains(winner);
        checkTransaction(winner);
        checkAdded(winner);
        checkRemoved(winner);
    }

    /** ProtocolChangedException, MetadataChangedException ("Protocol Evolution", "Change Metadata"). */
    private void checkTable(LogCommit winner) {
        if (winner.of("protocol").findAny().isPresent()) {
            throw conflict(winner, "changed its protocol");
        }
        if (winner.of("metaData").findAny().isPresent()) {
            throw conflict(winner, "changed its schema or properties");
        }
    }

    /** "Domain Metadata": overlapping commits with an action for the same domain conflict. */
    private void checkDomains(LogCommit winner) {
        Set<String> ours = changes.domains().stream()
                .flatMap(domain -> Json.string(domain, "domain").stream())
                .collect(Collectors.toSet());
        winner.of("domainMetadata")
                .flatMap(domain -> Json.string(domain, "domain").stream())
                .filter(ours::contains)
                .findFirst()
                .ifPresent(domain -> {
                    throw conflict(
                            winner, "changed the metadata domain '" + domain + "', which this write changes too");
                });
    }

    /** ConcurrentTransactionException ("Transaction Identifiers"). */
    private void checkTransaction(LogCommit winner) {
        options.transaction()
                .ifPresent(ours -> winner.of("txn")
                        .flatMap(txn -> Json.string(txn, "appId").stream())
                        .filter(ours.appId()::equals)
                        .findFirst()
                        .ifPresent(appId -> {
                            throw conflict(winner, "is by the same application '" + appId + "'");
                        }));
    }

    /**
     * ConcurrentAppendException. Blind appends are left out below Serializable, unless this commit changes the schema that they
     * were written for.
     */
    private void checkAdded(LogCommit winner) {
        boolean blindAppend = Boolean.TRUE.equals(winner.info().get("isBlindAppend"));
        if (blindAppend
                && level == IsolationLevel.WRITE_SERIALIZABLE
                && changes.metadata().isEmpty()) {
            return;
        }
        winner.of("add")
                .filter(ConflictCheck::isDataChange)
                .map(AddFile::new)
                .filter(reads.mayMatch())
                .findFirst()
                .ifPresent(file -> {
                    throw conflict(winner, "added rows" + where(file) + " which this write should have read");
                });
    }

    /** ConcurrentDeleteDeleteException, ConcurrentDeleteReadException. */
    private void checkRemoved(LogCommit winner) {
        for (Map<String, Object> remove : winner.of("remove").toList()) {
            String path = LogPath.decode(Json.string(remove, "path").orElse(""));
            if (removed.contains(path)) {
                throw conflict(winner, "removed the file '" + path + "', which this write removes too");
            }
            if (isDataChange(remove) && reads.hasRead(path)) {
                throw conflict(winner, "deleted or changed rows of the file '" + path + "', which this write has read");
            }
        }
    }

    private static boolean isDataChange(Map<String, Object> file) {
        return !Boolean.FALSE.equals(file.get("dataChange"));
    }

    private static String where(AddFile file) {
        Map<String, Object> values = file.partitionValues();
        List<String> texts = values.entrySet().stream()
                .map(value -> value.getKey() + " = " + value.getValue())
                .toList();
        return texts.isEmpty() ? "" : " (" + String.join(", ", texts) + ")";
    }

    private LakeException conflict(LogCommit winner, String did) {
        String operation = Json.string(winner.info(), "operation")
                .map(name -> " (" + name + ")")
                .orElse("");
        return conflict(table, "version " + winner.version() + operation + " by another writer " + did);
    }

    static LakeException conflict(String table, String why) {
        return new LakeException(
                Kind.CONFLICT,
                "Table '" + table + "' was not written, because " + why + ".",
                "Run the write again; it will start from the newest version.");
    }
}
