package dev.tarn.cli.render;

import dev.tarn.core.source.Names;
import dev.tarn.lake.Commit;
import dev.tarn.lake.DeltaField;
import dev.tarn.lake.OptimizeResult;
import dev.tarn.lake.RestoreResult;
import dev.tarn.lake.Snapshot;
import dev.tarn.lake.TableDetail;
import dev.tarn.lake.VacuumResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints what {@code tarn table} tells of a table, or has done to it. */
public final class TableText {

    private final Console console;

    public TableText(Console console) {
        this.console = console;
    }

    static String count(long number, String noun) {
        return number(number) + " " + noun + (number == 1 ? "" : "s");
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String size(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " bytes";
        }
        int power = Math.min(4, (63 - Long.numberOfLeadingZeros(bytes)) / 10);
        return String.format(Locale.ROOT, "%.1f %sB", bytes / Math.pow(1 << 10, power), " KMGT".charAt(power));
    }

    private static @Nullable Long number(OptionalLong number) {
        return number.isPresent() ? (Long) number.getAsLong() : null;
    }

    private static Map<String, Object> answer(String schema, String status, Path table) {
        Map<String, Object> json = Json.answer("tarn/table-" + schema + "/v1", status);
        json.put("table", table.toString());
        return json;
    }

    private void print(Object json) {
        console.out().println(Json.text(json));
    }

    public void describe(TableDetail detail, Snapshot newest, boolean json) {
        if (json) {
            print(describeJson(detail, newest));
            return;
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("table", detail.location().toString()));
        detail.name().ifPresent(name -> lines.add(List.of("name", Names.onOneLine(name))));
        detail.description().ifPresent(text -> lines.add(List.of("description", Names.onOneLine(text))));
        lines.add(List.of("id", detail.id()));
        detail.createdAt().ifPresent(time -> lines.add(List.of("created", time.toString())));
        lines.add(List.of("version", newest.version() + " of " + detail.lastModified()));
        lines.add(List.of(
                "rows",
                newest.numRecords().isPresent() ? number(newest.numRecords().getAsLong()) : "unknown"));
        lines.add(List.of("files", count(detail.numFiles(), "file") + ", " + size(detail.sizeInBytes())));
        lines.add(List.of("protocol", "reader " + detail.minReaderVersion() + ", writer " + detail.minWriterVersion()));
        lines.add(List.of("features", String.join(", ", detail.tableFeatures())));
        if (!detail.partitionColumns().isEmpty()) {
            lines.add(List.of("partitioned by", String.join(", ", detail.partitionColumns())));
        }
        if (!detail.clusteringColumns().isEmpty()) {
            lines.add(List.of("clustered by", String.join(", ", detail.clusteringColumns())));
        }
        detail.properties().forEach((key, value) -> lines.add(List.of(key, Names.onOneLine(value))));
        Columns.print(lines, 2, console.out());
        console.out().println();
        List<List<String>> columns = new ArrayList<>();
        columns.add(List.of("column", "type", "null", "comment"));
        newest.schema()
                .fields()
                .forEach(field -> columns.add(List.of(
                        Names.onOneLine(field.name()),
                        Names.onOneLine(field.type().text()),
                        field.nullable() ? "" : "no",
                        comment(field) == null ? "" : Names.onOneLine(String.valueOf(comment(field))))));
        Columns.print(columns, 4, console.out());
    }

    private static @Nullable Object comment(DeltaField field) {
        return field.metadata().get("comment");
    }

    private static Map<String, Object> describeJson(TableDetail detail, Snapshot newest) {
        Map<String, Object> json = answer("describe", "described", detail.location());
        json.put("version", newest.version());
        json.put("last_modified", detail.lastModified().toString());
        json.put("created_at", detail.createdAt().map(Instant::toString).orElse(null));
        json.put("id", detail.id());
        json.put("name", detail.name().orElse(null));
        json.put("description", detail.description().orElse(null));
        json.put("rows", number(newest.numRecords()));
        json.put("files", detail.numFiles());
        json.put("bytes", detail.sizeInBytes());
        json.put("partition_columns", detail.partitionColumns());
        json.put("clustering_columns", detail.clusteringColumns());
        json.put("properties", detail.properties());
        json.put("min_reader_version", detail.minReaderVersion());
        json.put("min_writer_version", detail.minWriterVersion());
        json.put("features", List.copyOf(detail.tableFeatures()));
        json.put(
                "columns",
                newest.schema().fields().stream().map(TableText::column).toList());
        return json;
    }

    private static Map<String, @Nullable Object> column(DeltaField field) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", field.name());
        json.put("type", field.type().text());
        json.put("nullable", field.nullable());
        json.put("comment", comment(field));
        return json;
    }

    public void history(Path table, List<Commit> commits, boolean json) {
        if (json) {
            Map<String, Object> answer = answer("history", "listed", table);
            answer.put("commits", commits.stream().map(TableText::commit).toList());
            print(answer);
            return;
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("version", "time", "operation", "what", "by"));
        commits.forEach(commit -> lines.add(List.of(
                String.valueOf(commit.version()),
                commit.timestamp().toString(),
                commit.operation(),
                what(commit),
                commit.engineInfo().map(Names::onOneLine).orElse(""))));
        Columns.print(lines, 5, console.out());
    }

    /** The metrics that are worth a line. */
    private static String what(Commit commit) {
        return commit.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().matches("num.*(Rows|Files|Inserted|Updated|Deleted|ToDelete).*")
                        && !metric.getKey().matches(".*(Source|Copied).*")
                        && !metric.getValue().equals("0"))
                .map(metric -> Names.onOneLine(words(metric.getKey()) + " " + metric.getValue()))
                .collect(Collectors.joining(", "));
    }

    /** As "removed files" of {@code numRemovedFiles}. */
    private static String words(String metric) {
        return metric.replaceFirst("^num(Of)?", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }

    private static Map<String, @Nullable Object> commit(Commit commit) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", commit.version());
        json.put("timestamp", commit.timestamp().toString());
        json.put("operation", commit.operation());
        json.put("parameters", commit.parameters());
        json.put("metrics", commit.metrics());
        json.put("read_version", number(commit.readVersion()));
        json.put("isolation_level", commit.isolationLevel().orElse(null));
        json.put("blind_append", commit.isBlindAppend().orElse(null));
        json.put("user_metadata", commit.userMetadata().orElse(null));
        json.put("engine", commit.engineInfo().orElse(null));
        return json;
    }

    public void optimized(Path table, OptimizeResult result, boolean json) {
        if (json) {
            Map<String, Object> answer =
                    answer("optimize", result.version().isPresent() ? "optimized" : "nothing_to_do", table);
            answer.put("version", number(result.version()));
            answer.put("files_considered", result.filesConsidered());
            answer.put("files_removed", result.filesRemoved());
            answer.put("files_added", result.filesAdded());
            answer.put("bytes_removed", result.bytesRemoved());
            answer.put("bytes_added", result.bytesAdded());
            answer.put("deletion_vectors_removed", result.deletionVectorsRemoved());
            answer.put("files_left", result.filesLeft());
            print(answer);
            return;
        }
        String files = count(result.filesConsidered(), "file");
        String left = result.filesLeft() == 0
                ? ""
                : "; " + count(result.filesLeft(), "file") + " left, because another writer changed them";
        console.out()
                .println(
                        result.version().isEmpty()
                                ? "nothing to do for " + files + left
                                : "version " + result.version().getAsLong() + ": "
                                        + count(result.filesRemoved(), "file") + " (" + size(result.bytesRemoved())
                                        + ") became " + result.filesAdded() + " (" + size(result.bytesAdded()) + ")"
                                        + " of " + files + left);
    }

    public void vacuumed(Path table, VacuumResult result, boolean json) {
        if (json) {
            Map<String, Object> answer = answer(
                    "vacuum", result.dryRun() ? "dry_run" : result.failed().isEmpty() ? "done" : "failed", table);
            answer.put("retention_seconds", result.retention().toSeconds());
            answer.put("before", result.before().toString());
            answer.put("files", result.files());
            answer.put("bytes", result.bytes());
            answer.put("empty_folders", result.emptyFolders());
            answer.put("failed", result.failed());
            print(answer);
            return;
        }
        if (result.dryRun()) {
            result.files().forEach(file -> console.out().println(Names.onOneLine(file)));
        }
        result.failed().forEach(file -> console.err().println("cannot be deleted: " + Names.onOneLine(file)));
        console.out()
                .println(count(result.files().size(), "file") + " (" + size(result.bytes()) + ")"
                        + (result.dryRun() ? " would be deleted: " : " deleted: ") + "older than "
                        + days(result.retention()) + " and needed by no version since "
                        + result.before().truncatedTo(ChronoUnit.SECONDS));
    }

    private static String days(Duration time) {
        long seconds = time.toSeconds();
        if (seconds > 0 && seconds % 3600 == 0) {
            return seconds % 86_400 == 0 ? count(time.toDays(), "day") : count(time.toHours(), "hour");
        }
        return count(seconds, "second");
    }

    public void restored(Path table, RestoreResult result, boolean json) {
        if (json) {
            Map<String, Object> answer =
                    answer("restore", result.version().isPresent() ? "restored" : "nothing_to_do", table);
            answer.put("version", number(result.version()));
            answer.put("restored_version", result.restoredVersion());
            answer.put("files_restored", result.filesRestored());
            answer.put("bytes_restored", result.bytesRestored());
            answer.put("files_removed", result.filesRemoved());
            answer.put("bytes_removed", result.bytesRemoved());
            answer.put("files", result.filesAfter());
            answer.put("bytes", result.bytesAfter());
            answer.put("metadata_changed", result.metadataChanged());
            print(answer);
            return;
        }
        console.out()
                .println(
                        result.version().isEmpty()
                                ? "nothing to do: the table is as version " + result.restoredVersion()
                                : "version " + result.version().getAsLong() + " is as version "
                                        + result.restoredVersion() + ": " + count(result.filesRestored(), "file")
                                        + " restored, " + result.filesRemoved() + " removed"
                                        + (result.metadataChanged() ? ", schema or properties changed" : ""));
    }
}
