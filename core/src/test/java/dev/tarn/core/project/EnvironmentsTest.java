package dev.tarn.core.project;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.core.connection.LocalConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentsTest {

    private static final String BASE = """
            project: p
            owner: base
            vars: {a: base, m: {k: base, l: base}, tags: [base, base]}
            connections:
              c: {type: local, base_path: base}
            pipelines:
              - pipeline: one
                layer: base
                nodes:
                  - name: n
                    description: base
                    tags: ["${vars.a}", "${vars.m.k}", "${vars.m.l}"]
                    read: {connection: c, format: csv, path: base.csv, options: {delim: ";", skip: 1}}
                  - {name: m, enabled: false, transform: {steps: [SELECT 1]}}
              - pipeline: two
                nodes: [{name: n, tags: "${vars.tags}", transform: {steps: [SELECT 2]}}]
            environments:
              dev:
              prod:
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            owner: prod                                                                 | owner=prod
            owner: null                                                                 | owner=
            vars: {a: prod}                                                             | one.n.tags=prod,base,base
            vars: {m: {k: prod}, tags: [prod]}                                          | one.n.tags=base,prod,base two.n.tags=prod
            connections: {c: {base_path: prod}}                                         | c=prod
            pipelines: [{pipeline: one, layer: prod}]                                   | one.layer=prod
            pipelines: [{pipeline: one, nodes: [{name: m, enabled: true}]}]             | one.m.enabled=true
            pipelines: [{pipeline: one, nodes: [{name: n, tags: [x]}]}]                 | one.n.tags=x
            pipelines: [{pipeline: one, nodes: [{name: n, read: {path: p.csv}}]}]       | one.n.path=p.csv
            pipelines: [{pipeline: one, nodes: [{name: n, read: {options: {skip: 2}}}]}]| one.n.options=;,2
            pipelines: [{pipeline: two, nodes: [{name: n, tags: null}]}]                | two.n.tags=
            pipelines: [{pipeline: two, nodes: [{name: new, transform: {steps: [x]}}]}] | two.new.enabled=true two.new.tags=
            pipelines: [{pipeline: six, nodes: [{name: n, transform: {steps: [x]}}]}]   | six.layer= six.n.enabled=true six.n.tags=
            """)
    void changesOnlyWhatTheEnvironmentNames(String environment, String changed) {
        fixture().load(BASE + "    " + environment + "\n");
        ProjectFixture.Loaded prod = fixture().loadIn("prod");

        assertThat(prod.messages()).isEmpty();
        List<String> facts = facts(prod.project());
        facts.removeAll(facts(fixture().loadIn("dev").project()));
        assertThat(facts).containsExactly(changed.split(" "));
    }

    @Test
    void keepsTheOrderOfWhatThereWas() {
        fixture().load(BASE + """
                    pipelines:
                      - {pipeline: six, nodes: [{name: n, transform: {steps: [x]}}]}
                      - {pipeline: two, layer: prod}
                      - {pipeline: one, nodes: [{name: new, transform: {steps: [x]}}, {name: m, enabled: true}]}
                """);

        Project project = fixture().loadIn("prod").project();

        assertThat(project.pipelines()).extracting(Pipeline::name).containsExactly("one", "two", "six");
        assertThat(project.pipelines().get(0).nodes())
                .extracting(n -> n.id().node())
                .containsExactly("n", "m", "new");
        assertThat(project.pipelines().get(0).nodes().get(1).span().line()).isEqualTo(14);
    }

    @Test
    void laysTheFileOfTheEnvironmentOverAll() {
        ProjectFixture fixture = fixture();
        fixture.load(BASE + "    vars: {a: declared, m: {k: declared}}\n");
        fixture.write("env.prod.yaml", "vars: {m: {k: file}}\n");
        fixture.write("env.test.yaml", "owner: tester\n");

        assertThat(facts(fixture.loadIn("prod").project())).contains("one.n.tags=declared,file,base");
        assertThat(fixture.loadIn("test").project().owner()).isEqualTo("tester");
    }

    @Test
    void findsSqlBesideTheEnvironmentsFile() {
        ProjectFixture fixture = new ProjectFixture(folder);
        fixture.write("imported/e.yaml", """
                environments:
                  prod:
                    pipelines:
                      - pipeline: two
                        nodes: [{name: n, transform: {steps: [{sql_file: q.sql}]}}]
                """);
        fixture.write("imported/q.sql", "SELECT 'prod'");
        fixture.load("imports: imported/e.yaml\n" + BASE.substring(0, BASE.indexOf("environments:")));

        Node node = fixture.loadIn("prod").project().pipelines().get(1).nodes().get(0);

        assertThat(node.steps().get(0).text()).hasToString("SELECT 'prod'");
    }

    @Test
    void isNamedByAVariableWhenNothingElseNamesIt() {
        String yaml = BASE + "    owner: prod\n";
        ProjectFixture fixture = new ProjectFixture(folder, Map.of("TARN_ENV", "prod"));

        assertThat(fixture.load(yaml).project().owner()).isEqualTo("prod");
        assertThat(fixture.loadIn("dev").project().owner()).isEqualTo("base");
        assertThat(new ProjectFixture(folder, Map.of("TARN_ENV", ""))
                        .load(yaml)
                        .project()
                        .owner())
                .isEqualTo("base");
    }

    @Test
    void namesTheEnvironmentsThatThereAre() {
        ProjectFixture fixture = fixture();
        fixture.load(BASE);
        fixture.write("env.test.yaml", "");

        assertThat(fixture.loadIn("prd").messages())
                .containsExactly(
                        "error UNKNOWN_ENVIRONMENT 17:1 unknown environment 'prd' in --env or TARN_ENV [known: dev, prod, test]");
        assertThat(fixture.loadIn("../prod").messages())
                .containsExactly(
                        "error UNKNOWN_ENVIRONMENT 17:1 unknown environment '../prod' in --env or TARN_ENV [known: dev, prod, test]");
    }

    @Test
    void saysThatThereIsNoEnvironment() {
        fixture().load(BASE.substring(0, BASE.indexOf("environments:")));

        assertThat(fixture().loadIn("prod").messages())
                .containsExactly("error UNKNOWN_ENVIRONMENT 1:1 unknown environment 'prod' in --env or TARN_ENV"
                        + " [the project has none: declare it under 'environments', or write env.prod.yaml beside the"
                        + " project file]");
    }

    @Test
    void checksAllForKeysButOnlyTheAskedForValues() {
        ProjectFixture fixture = fixture();
        fixture.load(BASE + """
                    project: q
                    imports: x.yaml
                    conections: {}
                    alerts: []
                    vars: {a: "${env:NOT_SET}"}
                    retry: {max_attempts: 99}
                    environments: {}
                  broken: 3
                """);

        List<String> keys = List.of(
                "error UNKNOWN_KEY 20:5 unknown key 'project' in environment 'prod'"
                        + " [a project has one name in all environments]",
                "error UNKNOWN_KEY 21:5 unknown key 'imports' in environment 'prod'"
                        + " [import files in the project file; an environment changes values]",
                "error UNKNOWN_KEY 22:5 unknown key 'conections' in environment 'prod' [did you mean 'connections'?]",
                "error UNSUPPORTED_KEY 23:5 'alerts' is not supported yet"
                        + " [remove it: ignoring it would change what the project does]",
                "error UNKNOWN_KEY 26:5 unknown key 'environments' in environment 'prod'"
                        + " [environments cannot be nested]",
                "error WRONG_TYPE 27:11 environment 'broken' is a mapping, not a number");
        assertThat(fixture.loadIn("dev").messages()).isEqualTo(keys);
        assertThat(fixture.loadIn("prod").messages())
                .containsAll(keys)
                .contains(
                        "error UNRESOLVED_VARIABLE 24:16 environment variable 'NOT_SET' is not set"
                                + " [set it, or give a default: ${env:NOT_SET:-default}]",
                        "error INVALID_VALUE 25:27 'max_attempts' takes a whole number from 1 to 10, not 99")
                .hasSize(keys.size() + 2);
    }

    @Test
    void showsMistakesInTheEnvironmentsFile() {
        ProjectFixture fixture = fixture();
        fixture.load(BASE);
        fixture.write("env.dev.yaml", "imports: x\nretry: {max_attempts: many}\n");
        fixture.write("env.prod.yaml", "[1]\n");

        assertThat(fixture.loadIn("dev").messages())
                .containsExactly(
                        "error UNKNOWN_KEY env.dev.yaml:1:1 unknown key 'imports' in environment 'dev'"
                                + " [import files in the project file; an environment changes values]",
                        "error WRONG_TYPE env.dev.yaml:2:23 'max_attempts' takes a whole number, not text");
        assertThat(fixture.loadIn("prod").messages())
                .containsExactly("error WRONG_TYPE env.prod.yaml:1:1 environment 'prod' is a mapping, not a list");
    }

    @Test
    void warnsOfANewNameThatLooksLikeASlip() {
        fixture().load(BASE + """
                    pipelines:
                      - {pipeline: oen, nodes: [{name: n, transform: {steps: [x]}}]}
                      - {pipeline: one, nodes: [{name: nn, enabled: false}]}
                """);

        assertThat(fixture().loadIn("prod").messages())
                .containsExactly(
                        "warning ADDED_BY_ENVIRONMENT 21:20 environment 'prod' adds pipeline 'oen'"
                                + " [did you mean 'one'?]",
                        "warning ADDED_BY_ENVIRONMENT 22:40 environment 'prod' adds node 'nn' [did you mean 'n'?]",
                        "error NOTHING_TO_DO 22:40 node 'nn' does nothing"
                                + " [give it 'read', 'inputs', 'transform' or 'write']");
    }

    private ProjectFixture fixture() {
        return new ProjectFixture(folder);
    }

    /** What a project consists of, as {@code name=value}. */
    private static List<String> facts(Project project) {
        List<String> facts = new ArrayList<>();
        facts.add("owner=" + project.owner());
        project.connections()
                .forEach(c -> facts.add(
                        c.name() + "=" + ((LocalConnection) c).basePath().getFileName()));
        for (Pipeline pipeline : project.pipelines()) {
            facts.add(pipeline.name() + ".layer=" + pipeline.layer());
            pipeline.nodes().forEach(node -> addFacts(node, facts));
        }
        return facts;
    }

    private static void addFacts(Node node, List<String> facts) {
        facts.add(node.id() + ".enabled=" + node.enabled());
        facts.add(node.id() + ".tags=" + String.join(",", node.tags()));
        for (Input input : node.inputs()) {
            Read read = ((Input.External) input).read();
            facts.add(node.id() + ".path=" + read.location().declared());
            facts.add(node.id() + ".options="
                    + read.options().stream()
                            .map(o -> String.valueOf(o.value()))
                            .collect(joining(",")));
        }
    }
}
