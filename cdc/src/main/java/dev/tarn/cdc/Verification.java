package dev.tarn.cdc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.lake.DeltaTable;
import dev.tarn.lake.Snapshot;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Compares the tables of a source with those that follow them: counts and checksums of ranges of the key, and of ranges
 * that differ the keys. What differs is looked at again for a while, because changes may be on their way.
 */
public final class Verification {

    private static final int KEYS_SHOWN = 10;
    private static final long PAUSE_MILLIS = 500;

    private final PostgresSource source;
    private final Duration wait;
    private final boolean soft;

    public Verification(StreamSettings settings, Duration wait) {
        this.source = new PostgresSource(settings);
        this.wait = wait;
        this.soft = settings.soft();
    }

    /** Of one part of a table. */
    private record Sum(long rows, String one, String two) {}

    /**
     * One line of JSON for each table.
     *
     * @throws StreamException if a table cannot be followed at all
     */
    public List<String> run() throws SQLException, StreamException, InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        List<String> results = new ArrayList<>();
        try (Connection theirs = source.connect();
                Connection ours = DriverManager.getConnection("jdbc:duckdb:")) {
            for (SourceTable table : source.tables()) {
                results.add(compare(table, theirs, ours, deadline));
            }
        }
        return results;
    }

    private String compare(SourceTable table, Connection theirs, Connection ours, long deadline)
            throws SQLException, InterruptedException {
        Fingerprint fingerprint = fingerprint(table, theirs);
        while (true) {
            Optional<Snapshot> snapshot = DeltaTable.isDeltaTable(table.folder())
                    ? DeltaTable.forPath(table.folder()).snapshot()
                    : Optional.empty();
            // The lake is asked last: what was committed in the source before has had time to come.
            Map<Long, Sum> there = sums(theirs, Fingerprint.sums(fingerprint.ofSource(), true));
            Map<Long, Sum> here = snapshot.isPresent()
                    ? sums(ours, Fingerprint.sums(fingerprint.ofLake(rows(snapshot.get())), false))
                    : Map.of();
            Set<Long> different = new TreeSet<>(there.keySet());
            different.addAll(here.keySet());
            different.removeIf(part -> Objects.equals(there.get(part), here.get(part)));
            if ((different.isEmpty() && snapshot.isPresent()) || System.nanoTime() > deadline) {
                return json(
                        fingerprint,
                        there,
                        here,
                        different,
                        different.isEmpty() || snapshot.isEmpty()
                                ? List.of()
                                : keys(
                                        fingerprint,
                                        snapshot.get(),
                                        different.iterator().next(),
                                        theirs,
                                        ours),
                        snapshot);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private String rows(Snapshot snapshot) {
        return soft ? "SELECT * FROM (" + snapshot.toSql() + ") WHERE NOT coalesce(_deleted, false)" : snapshot.toSql();
    }

    private static Fingerprint fingerprint(SourceTable table, Connection theirs) throws SQLException {
        if (!Fingerprint.hasRanges(table)) {
            return new Fingerprint(table, List.of());
        }
        int dot = table.name().indexOf('.');
        String key = Column.quoted(table.columns().stream()
                .filter(table::isKey)
                .findFirst()
                .orElseThrow()
                .name());
        String sql = "SELECT min(" + key + "), max(" + key + ") FROM "
                + Column.quoted(table.name().substring(0, dot)) + "."
                + Column.quoted(table.name().substring(dot + 1));
        try (Statement statement = theirs.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return Fingerprint.of(table, row.getLong(1), row.getLong(2));
        }
    }

    private static Map<Long, Sum> sums(Connection connection, String sql) throws SQLException {
        Map<Long, Sum> sums = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                sums.put(rows.getLong(1), new Sum(rows.getLong(2), rows.getString(3), rows.getString(4)));
            }
        }
        return sums;
    }

    /** The first keys of a part that are not the same on both sides. */
    private List<String> keys(Fingerprint fingerprint, Snapshot snapshot, long part, Connection theirs, Connection ours)
            throws SQLException {
        Map<String, String> there = hashes(theirs, fingerprint.ofSource(), part);
        Map<String, String> here = hashes(ours, fingerprint.ofLake(rows(snapshot)), part);
        Set<String> all = new TreeSet<>(there.keySet());
        all.addAll(here.keySet());
        List<String> keys = new ArrayList<>();
        for (String key : all) {
            String readable = key.substring(1).replace("\u001fv", ", ").replace("\u001fn", ", NULL");
            if (!here.containsKey(key)) {
                keys.add(readable + " is missing");
            } else if (!there.containsKey(key)) {
                keys.add(readable + " is not in the source");
            } else if (!Objects.equals(there.get(key), here.get(key))) {
                keys.add(readable + " has other values");
            }
        }
        return keys.subList(0, Math.min(KEYS_SHOWN, keys.size()));
    }

    private static Map<String, String> hashes(Connection connection, String rows, long part) throws SQLException {
        Map<String, String> hashes = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("SELECT key, hash FROM (" + rows + ") AS r WHERE part = " + part)) {
            while (found.next()) {
                hashes.put(found.getString(1), found.getString(2));
            }
        }
        return hashes;
    }

    private static String json(
            Fingerprint fingerprint,
            Map<Long, Sum> there,
            Map<Long, Sum> here,
            Set<Long> different,
            List<String> keys,
            Optional<Snapshot> snapshot) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("table", fingerprint.table().name());
        all.put("equal", different.isEmpty() && snapshot.isPresent());
        all.put("source_rows", there.values().stream().mapToLong(Sum::rows).sum());
        all.put("lake_rows", here.values().stream().mapToLong(Sum::rows).sum());
        all.put("version", snapshot.map(Snapshot::version).orElse(null));
        all.put("ranges", there.size());
        all.put("different", different.stream().map(fingerprint::name).toList());
        all.put("keys", keys);
        try {
            return new ObjectMapper().writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a comparison is no JSON: " + all, e);
        }
    }
}
