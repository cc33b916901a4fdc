package dev.tarn.core.project;

import dev.tarn.core.check.Check;
import dev.tarn.core.check.OnFail;
import dev.tarn.core.connection.Location;
import dev.tarn.core.project.Quarantine.RejectionColumn;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code validation} of a node: its checks and its quarantine. */
final class ValidationReader {

    private static final Choices<OnFail> MODES = Choices.of("validation mode", EnumSet.of(OnFail.FAIL, OnFail.WARN));
    static final Set<RejectionColumn> DEFAULT_COLUMNS =
            EnumSet.range(RejectionColumn.REJECTION_REASON, RejectionColumn.FAILED_TESTS);

    private final LocationReader locations;
    private final Problems problems;

    ValidationReader(LocationReader locations, Problems problems) {
        this.locations = locations;
        this.problems = problems;
    }

    /**
     * @param hasWrite whether the node declares a write, right or wrong
     * @param write the node's write, if it is right
     */
    Validation read(MappingReader in, boolean hasWrite, Optional<Write> write) {
        OnFail mode = in.choice("mode", MODES).orElse(OnFail.FAIL);
        in.require("tests");
        List<MappingReader> tests =
                MappingReader.mappings(in.list("tests").orElse(List.of()), Model.TEST, "a test", problems);
        CheckReader reader = new CheckReader(mode, in.has("quarantine"), problems);
        List<Check> checks = reader.readAll(tests);
        Optional<Quarantine> quarantine = in.mapping("quarantine").flatMap(q -> quarantine(q, write));
        checkQuarantine(in, checks, hasWrite);
        in.unsupported("gate", "fail_fast", "cache_df", "on_fail");
        in.hint("use 'tests'", "checks", "rules", "expectations");
        in.finish();
        return new Validation(checks, quarantine);
    }

    private void checkQuarantine(MappingReader in, List<Check> checks, boolean hasWrite) {
        in.keySpan("quarantine").ifPresent(span -> {
            if (!hasWrite) {
                problems.error(
                        ProblemCode.CONFLICTING_KEYS,
                        span,
                        "'quarantine' needs a 'write' in the same node",
                        "rejected rows are kept as the others are: add 'write' or use on_fail: fail");
            } else if (checks.stream().noneMatch(Check::quarantines)) {
                problems.warning(
                        ProblemCode.CONFLICTING_KEYS,
                        span,
                        "'quarantine' is not used by any test",
                        "give a test on_fail: quarantine");
            }
        });
    }

    private Optional<Quarantine> quarantine(MappingReader in, Optional<Write> write) {
        Format format = in.has("table") ? Format.DELTA : Format.PARQUET;
        Optional<Location> location = locations.target(in, Optional.of(format));
        Set<RejectionColumn> columns =
                in.mapping("add_columns").map(this::columns).orElse(DEFAULT_COLUMNS);
        in.unsupported("max_rows", "sample_fraction", "retention_days");
        in.finish();
        if (write.isEmpty() || location.isEmpty()) {
            return Optional.empty();
        }
        checkTarget(location.get(), write.get());
        return Optional.of(
                new Quarantine(target(in, format, location.get(), write.get().mode()), columns));
    }

    private void checkTarget(Location quarantine, Write write) {
        if (quarantine.path().equals(write.location().path())) {
            problems.error(
                    ProblemCode.CONFLICTING_KEYS,
                    quarantine.span(),
                    "the quarantine is the target of 'write'",
                    "keep rejected rows in a place of their own");
        }
    }

    /** The quarantine's columns are the node's own and change with them, so its schema follows. */
    private static Write target(MappingReader in, Format format, Location location, WriteMode nodes) {
        WriteMode mode = nodes == WriteMode.UPSERT ? WriteMode.APPEND : nodes;
        boolean mergeSchema = mode == WriteMode.APPEND;
        boolean overwriteSchema = mode == WriteMode.OVERWRITE && format == Format.DELTA;
        return new Write(
                format, location, mode, List.of(), mergeSchema, overwriteSchema, List.of(), Set.of(), in.where());
    }

    private Set<RejectionColumn> columns(MappingReader in) {
        Set<RejectionColumn> columns = EnumSet.noneOf(RejectionColumn.class);
        for (RejectionColumn column : RejectionColumn.values()) {
            if (in.flag(column.id(), DEFAULT_COLUMNS.contains(column))) {
                columns.add(column);
            }
        }
        in.finish();
        return columns;
    }
}
