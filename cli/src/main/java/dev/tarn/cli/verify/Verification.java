package dev.tarn.cli.verify;

import dev.tarn.core.check.Check;
import dev.tarn.core.connection.Location;
import dev.tarn.core.plan.Detour;
import dev.tarn.core.plan.PlannedNode;
import dev.tarn.core.project.Format;
import dev.tarn.core.project.Input;
import dev.tarn.core.project.MetadataColumn;
import dev.tarn.core.project.NodeId;
import dev.tarn.core.project.Quarantine.RejectionColumn;
import dev.tarn.core.project.Read;
import dev.tarn.core.project.Write;
import dev.tarn.core.story.Sensitive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Runs a plan on two engines, each into a folder of its own, and compares what they wrote.
 *
 * @param first its plan says what is compared; it also takes samples and reads the files that both wrote
 * @param keys for some nodes the columns that tell rows apart; the others have those of their {@code unique} check or upsert
 * @param sample at most so many rows of each input from outside, the same for both; all if absent
 * @param limit of different rows to show for each table
 * @param work an empty folder
 */
public record Verification(
        EngineSide first, EngineSide second, Map<NodeId, List<String>> keys, OptionalInt sample, int limit, Path work) {

    /** Columns that say when rows were written, by which run, or from which of its files. */
    private static final Set<String> OF_THE_RUN = Set.of(
            MetadataColumn.EXTRACTED_AT.column(),
            MetadataColumn.SOURCE_FILE.column(),
            RejectionColumn.REJECTED_AT.column(),
            RejectionColumn.SOURCE_BATCH_ID.column());

    /** A table or file that a node writes. */
    private record Target(PlannedNode node, Write write, boolean quarantine) {}

    /** Does it all; the verdicts come in the order of the plan. */
    public List<TableVerdict> run() {
        Optional<Path> samples = sample.isPresent() ? Optional.of(takeSamples(sample.getAsInt())) : Optional.empty();
        Detour one = new Detour(work.resolve("first"), samples);
        Detour other = new Detour(work.resolve("second"), samples);
        Map<NodeId, String> firstTroubles = first.run(one);
        Map<NodeId, String> secondTroubles = second.run(other);
        Map<Write, Path> firstTables = tables(one, "tables-first");
        Map<Write, Path> secondTables = tables(other, "tables-second");
        Sensitive sensitive = Sensitive.of(first.plan(), Map.of());
        return targets()
                .map(target -> trouble(target, firstTroubles, secondTroubles)
                        .orElseGet(() -> comparison(target, sensitive)
                                .compare(get(firstTables, target), get(secondTables, target))))
                .toList();
    }

    private Path takeSamples(int rows) {
        Path folder = work.resolve("samples");
        Copies copies = new Copies(first.plan().project());
        for (PlannedNode node : first.plan().nodes()) {
            for (Input input : node.inputs()) {
                if (input instanceof Input.External external && Detour.isFromOutside(external.read(), first.plan())) {
                    copies.add(
                            new NodeId(node.id().toString(), input.name()),
                            external.read(),
                            Detour.sample(folder, node.id(), input.name()),
                            OptionalInt.of(rows));
                }
            }
        }
        if (!copies.isEmpty()) {
            Map<NodeId, String> troubles = first.run(copies.plan());
            troubles.entrySet().stream().findFirst().ifPresent(trouble -> {
                throw new VerifyException(
                        "no sample can be taken for node '" + trouble.getKey().pipeline() + "': it "
                                + trouble.getValue(),
                        "mend that, or compare without --sample");
            });
        }
        return folder;
    }

    private Stream<Target> targets() {
        return first.plan().selected().stream()
                .flatMap(node -> Stream.concat(
                        node.node().write().stream().map(write -> new Target(node, write, false)),
                        node.node().validation().quarantine().stream()
                                .map(quarantine -> new Target(node, quarantine.write(), true))));
    }

    private Optional<TableVerdict> trouble(Target target, Map<NodeId, String> one, Map<NodeId, String> other) {
        NodeId node = target.node().id();
        List<String> troubles = new ArrayList<>();
        Optional.ofNullable(one.get(node)).ifPresent(trouble -> troubles.add(trouble + " on " + first.engine()));
        Optional.ofNullable(other.get(node)).ifPresent(trouble -> troubles.add(trouble + " on " + second.engine()));
        return troubles.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        TableVerdict.trouble(node, target.write().location().toString(), String.join("; ", troubles)));
    }

    private TableComparison comparison(Target target, Sensitive sensitive) {
        NodeId node = target.node().id();
        List<String> asked = keys.getOrDefault(node, List.of());
        return new TableComparison(
                node,
                target.write().location().toString(),
                List.of(first.engine(), second.engine()),
                asked.isEmpty() || target.quarantine() ? ownKey(target) : asked,
                !asked.isEmpty() && !target.quarantine(),
                OF_THE_RUN,
                sensitive.of(node),
                limit);
    }

    /** Rejected rows may be there for being twice. */
    private static List<String> ownKey(Target target) {
        if (target.quarantine()) {
            return List.of();
        }
        return target.write().keys().isEmpty()
                ? target.node().node().validation().checks().stream()
                        .flatMap(check ->
                                check instanceof Check.Unique unique ? Stream.of(unique.columns()) : Stream.empty())
                        .findFirst()
                        .orElse(List.of())
                : target.write().keys();
    }

    private static Path get(Map<Write, Path> tables, Target target) {
        return Optional.ofNullable(tables.get(target.write())).orElseThrow();
    }

    /** Where each target is as a Delta table; files are made ones, by one engine for both sides. */
    private Map<Write, Path> tables(Detour detour, String copied) {
        Map<Write, Path> tables = new LinkedHashMap<>();
        Copies copies = new Copies(first.plan().project());
        targets().map(Target::write).distinct().forEach(write -> {
            Write moved = detour.moved(write);
            Path place = Path.of(moved.location().path());
            if (moved.format() != Format.DELTA && Files.exists(place)) {
                Path table = work.resolve(copied).resolve("" + tables.size());
                copies.add(new NodeId("files", "" + tables.size()), files(moved, place), table, OptionalInt.empty());
                tables.put(write, table);
            } else {
                tables.put(write, place);
            }
        });
        if (!copies.isEmpty()) {
            first.run(copies.plan());
        }
        return tables;
    }

    private static Read files(Write moved, Path place) {
        String path =
                Files.isDirectory(place) ? place + "/**/*." + moved.format().id() : place.toString();
        return new Read(
                moved.format(),
                new Location(
                        moved.location().connection(),
                        moved.location().declared(),
                        path,
                        moved.location().span()),
                moved.options(),
                Optional.empty(),
                OptionalLong.empty(),
                moved.span());
    }
}
