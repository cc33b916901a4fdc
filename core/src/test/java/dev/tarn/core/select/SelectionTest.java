package dev.tarn.core.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.core.manifest.Aspect;
import dev.tarn.core.manifest.Changes;
import dev.tarn.core.plan.Plan;
import dev.tarn.core.project.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {

    /**
     * Two sources, one of them cleaned; a report of both; a summary of the report. {@code gold.late} only waits for
     * {@code gold.report}.
     */
    private static final Plan PLAN = new PlanFixture()
            .pipeline("bronze", "raw")
            .pipeline("empty")
            .node("bronze.orders", List.of("nightly"), List.of(), Set.of(), Set.of())
            .node("bronze.users")
            .node(
                    "silver.orders",
                    List.of("nightly", "pii"),
                    List.of("work/sql/silver/clean.sql"),
                    Set.of("bronze.orders"),
                    Set.of())
            .node(
                    "gold.report",
                    List.of(),
                    List.of("work/sql/report.sql"),
                    Set.of("silver.orders", "bronze.users"),
                    Set.of())
            .node("gold.summary", "gold.report")
            .node("gold.late", List.of(), List.of("shared/late.sql"), Set.of(), Set.of("gold.report"))
            .disabled("gold.old")
            .disabled("attic.old_orders")
            .plan();

    private static String selected(List<String> select, List<String> exclude) {
        return String.join(
                " ",
                Selection.parse(select, exclude).of(PLAN).stream()
                        .map(NodeId::toString)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            silver.orders,            silver.orders
            orders,                   bronze.orders silver.orders
            *ers,                     bronze.orders bronze.users silver.orders
            bronze.*,                 bronze.orders bronze.users
            sil*,                     silver.orders
            gold.[rs]*,               gold.report gold.summary
            gold.[!a-r]*,             gold.summary
            gold.?ate,                gold.late
            +silver.orders,           bronze.orders silver.orders
            +gold.summary,            bronze.orders bronze.users silver.orders gold.report gold.summary
            1+gold.summary,           gold.report gold.summary
            2+gold.summary,           bronze.users silver.orders gold.report gold.summary
            0+gold.summary,           gold.summary
            99999999999+gold.report,  bronze.orders bronze.users silver.orders gold.report
            silver.orders+,           silver.orders gold.report gold.summary
            silver.orders+1,          silver.orders gold.report
            1+silver.orders+1,        bronze.orders silver.orders gold.report
            @bronze.orders,           bronze.orders bronze.users silver.orders gold.report gold.summary
            @gold.summary,            bronze.orders bronze.users silver.orders gold.report gold.summary
            gold.late+,               gold.late
            +gold.late,               gold.late
            tag:nightly,              bronze.orders silver.orders
            tag:raw,                  bronze.orders bronze.users
            tag:n*,                   bronze.orders silver.orders
            tag:pii+,                 silver.orders gold.report gold.summary
            pipeline:gold,            gold.report gold.summary gold.late
            +pipeline:silver,         bronze.orders silver.orders
            path:sql,                 silver.orders gold.report
            path:./sql/,              silver.orders gold.report
            path:sql/*.sql,           gold.report
            path:sql/**/*.sql,        silver.orders gold.report
            path:../shared,           gold.late
            sql/silver,               silver.orders
            path:tarn.yaml,           bronze.orders bronze.users silver.orders gold.report gold.summary gold.late
            path:.,                   bronze.orders bronze.users silver.orders gold.report gold.summary gold.late
            gold.late bronze.users,   bronze.users gold.late
            "tag:nightly,pipeline:silver",       silver.orders
            "+gold.report,tag:raw",              bronze.orders bronze.users
            "gold.late +gold.report,tag:raw",    bronze.orders bronze.users gold.late
            """)
    void selectsInTheOrderOfThePlan(String selector, String expected) {
        assertThat(selected(List.of(selector), List.of())).isEqualTo(expected);
    }

    @Test
    void nothingAskedForIsEverything() {
        assertThat(selected(List.of(), List.of()))
                .isEqualTo("bronze.orders bronze.users silver.orders gold.report gold.summary gold.late");
        assertThat(Selection.parse(List.of(), List.of()).isWhole()).isTrue();
        assertThat(Selection.parse(List.of(), List.of("x")).isWhole()).isFalse();
    }

    @Test
    void optionsAddUpAndExclusionsWin() {
        assertThat(selected(List.of("bronze.users", "silver.orders+"), List.of("gold.summary", "tag:pii")))
                .isEqualTo("bronze.users gold.report");
        assertThat(selected(List.of(), List.of("bronze.* gold.*"))).isEqualTo("silver.orders");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            ordres                  | unknown node 'ordres' -> did you mean 'orders'?
            +silver.odrers,tag:raw  | unknown node 'silver.odrers' -> did you mean 'silver.orders'?
            gold                    | unknown node 'gold' -> 'gold' is a pipeline: pipeline:gold
            quite_other             | unknown node 'quite_other' -> 'tarn ls' lists the nodes
            gold.old                | node 'gold.old' is disabled -> remove 'enabled: false' (work/tarn.yaml:1:1)
            x*                      | no node matches 'x*' -> 'tarn ls' lists the nodes
            tag:nigthly+            | no node has the tag 'nigthly' -> did you mean 'nightly'?
            tag:weekly              | no node has the tag 'weekly' -> there are the tags nightly, pii, raw
            pipeline:glod           | no pipeline is named 'glod' -> did you mean 'gold'?
            pipeline:attic          | pipeline 'attic' has no enabled node -> remove 'enabled: false'
            path:sql/reprot.sql     | no node comes from 'sql/reprot.sql' -> did you mean 'sql/report.sql'?
            gold.late,tag:raw       | 'gold.late,tag:raw' matches nothing -> a comma means both: no node is in all of its parts; use a space for either
            """)
    void sayWhatMatchesNothing(String selector, String expected) {
        assertThatThrownBy(() -> selected(List.of(selector), List.of()))
                .isInstanceOfSatisfying(
                        SelectionException.class,
                        e -> assertThat(texts(e)).containsExactly("--select '" + selector + "': " + expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            "" | the selector is empty -> name a node, or leave the option out
            "  " | the selector is empty -> name a node, or leave the option out
            + | '+' names nothing -> name a node: +orders
            1+ | '1+' names nothing -> name a node: +orders
            tag: | 'tag:' names nothing -> name a tag
            a,,b | 'a,,b' has an empty part -> a comma stands between two parts, without spaces
            a, b | 'a,' has an empty part -> a comma stands between two parts, without spaces
            @a+ | '@a+' has '@' and '+' -> '@' already goes as far as it can both ways; use one of them
            @1+a | '@1+a' has '@' and '+' -> '@' already goes as far as it can both ways; use one of them
            tags:x | unknown method 'tags:' -> did you mean 'tag'?
            config.x:y | unknown method 'config.x:' -> there are names (silver.orders, sil*), tag:, path:, pipeline:, state: and result:
            state:modifed+ | unknown state 'modifed' -> did you mean 'modified'?
            state:modified.body | unknown state 'modified.body' -> did you mean 'modified.sql'?
            state:changed | unknown state 'changed' -> there are modified, new, old, unmodified, modified.sql, modified.inputs, modified.validation, modified.write, modified.settings
            result:failed | unknown result 'failed' -> did you mean 'fail'?
            result:broken | unknown result 'broken' -> there are error, fail, warn, success, skipped, unfinished
            """)
    void refuseWhatCannotBeUnderstood(String selector, String expected) {
        assertThatThrownBy(() -> Selection.parse(List.of(), List.of(selector)))
                .isInstanceOfSatisfying(
                        SelectionException.class,
                        e -> assertThat(texts(e)).containsExactly("--exclude '" + selector + "': " + expected));
    }

    @Test
    void tellAllMistakesAtOnce() {
        assertThatThrownBy(() -> selected(List.of("ordres users,x*"), List.of("tag:x")))
                .hasMessage("--select 'ordres users,x*': unknown node 'ordres'; "
                        + "--select 'ordres users,x*': no node matches 'x*'; "
                        + "--exclude 'tag:x': no node has the tag 'x'");
    }

    @Test
    void refusesToLeaveNothing() {
        assertThatThrownBy(() -> selected(List.of("orders"), List.of("tag:nightly")))
                .isInstanceOfSatisfying(
                        SelectionException.class,
                        e -> assertThat(texts(e))
                                .containsExactly(
                                        "--exclude 'tag:nightly': no node is left -> exclude less, or select more"));
    }

    private static final Earlier EARLIER = new Earlier(
            Optional.of(new Changes(
                    "run x",
                    Map.of(PlanFixture.id("silver.orders"), Set.of(Aspect.SQL, Aspect.WRITE)),
                    Set.of(PlanFixture.id("gold.late")),
                    Set.of(PlanFixture.id("gold.gone")))),
            Optional.of(Map.of(
                    PlanFixture.id("bronze.users"), Set.of(Outcome.ERROR, Outcome.FAIL),
                    PlanFixture.id("gold.report"), Set.of(Outcome.SKIPPED),
                    PlanFixture.id("bronze.orders"), Set.of(Outcome.SUCCESS, Outcome.WARN))));

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            state:modified,              silver.orders gold.late
            state:modified+,             silver.orders gold.report gold.summary gold.late
            state:modified.sql,          silver.orders gold.late
            state:modified.inputs,       gold.late
            state:new,                   gold.late
            state:old,                   bronze.orders bronze.users silver.orders gold.report gold.summary
            state:unmodified,            bronze.orders bronze.users gold.report gold.summary
            "state:modified,tag:pii",    silver.orders
            "state:modified,tag:raw",    ""
            result:error+,               bronze.users gold.report gold.summary
            result:fail,                 bronze.users
            result:warn result:skipped,  bronze.orders gold.report
            result:success,              bronze.orders
            result:unfinished+,          ""
            "result:error+,state:old",   bronze.users gold.report gold.summary
            """)
    void selectsByWhatCameBefore(String selector, String expected) {
        Selection selection = Selection.parse(List.of(selector), List.of());

        assertThat(String.join(
                        " ",
                        selection.of(PLAN, EARLIER).stream()
                                .map(NodeId::toString)
                                .toList()))
                .isEqualTo(expected);
        assertThat(selection.comparesState()).isEqualTo(selector.contains("state:"));
        assertThat(selection.asksForOutcomes()).isEqualTo(selector.contains("result:"));
    }

    private static List<String> texts(SelectionException e) {
        return e.problems().stream()
                .map(problem -> problem.message() + " -> " + problem.help())
                .toList();
    }
}
