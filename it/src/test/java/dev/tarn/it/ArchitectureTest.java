package dev.tarn.it;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The arrows between modules and the house rules, over all classes that are shipped. */
class ArchitectureTest {
    private static final JavaClasses TARN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.tarn");

    private static final Pattern EMPTY_NAME =
            Pattern.compile(".*(Util|Utils|Manager|Helper|Impl)|(Default|Abstract)[A-Z].*");

    @Test
    void looksAtTheWholeOfTarn() {
        // Without this, a wrong class path would let every rule pass. Raise it when a module is added.
        assertThat(TARN.size()).isGreaterThan(60);
    }

    @Test
    void modulesDependOnlyDownwards() {
        check(
                layeredArchitecture()
                        .consideringOnlyDependenciesInLayers()
                        .layer("core")
                        .definedBy("dev.tarn.core..")
                        .layer("fs")
                        .definedBy("dev.tarn.fs..")
                        .layer("lake")
                        .definedBy("dev.tarn.lake..")
                        .layer("connect")
                        .definedBy("dev.tarn.connect..")
                        .layer("engine-duckdb")
                        .definedBy("dev.tarn.engine.duckdb..")
                        .layer("engine-spark")
                        .definedBy("dev.tarn.engine.spark..")
                        .layer("provision")
                        .definedBy("dev.tarn.provision..")
                        .layer("services")
                        .definedBy("dev.tarn.services..")
                        .layer("cdc")
                        .definedBy("dev.tarn.cdc..")
                        .layer("notebook")
                        .definedBy("dev.tarn.notebook..")
                        .layer("cli")
                        .definedBy("dev.tarn.cli..")
                        .whereLayer("core")
                        .mayNotAccessAnyLayer()
                        .whereLayer("fs")
                        .mayNotAccessAnyLayer()
                        .whereLayer("lake")
                        .mayOnlyAccessLayers("fs")
                        .whereLayer("connect")
                        .mayOnlyAccessLayers("core")
                        .whereLayer("engine-duckdb")
                        .mayOnlyAccessLayers("core", "fs", "lake", "connect")
                        .whereLayer("engine-spark")
                        .mayOnlyAccessLayers("core", "fs")
                        .whereLayer("provision")
                        .mayNotAccessAnyLayer()
                        .whereLayer("services")
                        .mayOnlyAccessLayers("provision")
                        .whereLayer("cdc")
                        .mayOnlyAccessLayers("lake")
                        .whereLayer("notebook")
                        .mayOnlyAccessLayers("core", "lake", "fs", "provision")
                        .whereLayer("cli")
                        .mayNotBeAccessedByAnyLayer()
                        .because(
                                "what a lower module needs of a higher one is handed to it: a value, or an interface of its own"));
    }

    @Test
    void everyClassBelongsToAModule() {
        check(classes()
                .should()
                .resideInAnyPackage(
                        "dev.tarn.core..",
                        "dev.tarn.fs..",
                        "dev.tarn.lake..",
                        "dev.tarn.connect..",
                        "dev.tarn.engine.duckdb..",
                        "dev.tarn.engine.spark..",
                        "dev.tarn.provision..",
                        "dev.tarn.services..",
                        "dev.tarn.cdc..",
                        "dev.tarn.notebook..",
                        "dev.tarn.cli..")
                .because("a new module gets its place in these rules first"));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching("dev.tarn.(**)")
                .should()
                .beFreeOfCycles()
                .because("packages are read from bottom to top; move the shared type down, or hand over a value"));
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked = TARN.stream()
                .map(JavaClass::getPackage)
                .filter(found -> !found.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .collect(toCollection(TreeSet::new));

        assertThat(unmarked)
                .as("packages without a package-info.java that says their purpose and @NullMarked")
                .isEmpty();
    }

    @Test
    void onlyTheRenderingAndTheMainsPrint() {
        check(noClasses()
                .that(resideOutsideOfPackages(
                                "dev.tarn.cli.render..",
                                "dev.tarn.cli.prepare..",
                                "dev.tarn.engine.spark.app..",
                                "dev.tarn.cdc.process..")
                        .and(not("dev.tarn.cli.Main")))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("results are values that dev.tarn.cli.render prints to the streams it is given"));
    }

    @Test
    void onlyTheCommandLineEndsTheProcess() {
        check(
                noClasses()
                        .that(resideOutsideOfPackages("dev.tarn.cli..", "dev.tarn.cdc.process..")
                                .and(not("dev.tarn.cdc.KillPoint")))
                        .should()
                        .callMethod(System.class, "exit", int.class)
                        .orShould()
                        .callMethod(Runtime.class, "exit", int.class)
                        .orShould()
                        .callMethod(Runtime.class, "halt", int.class)
                        .because(
                                "a Failure or an exception says what happened, and the command line turns it into an exit code"));
    }

    @Test
    void timeIsJavaTime() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Date")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Calendar")
                .because("java.time has a type for each meaning: Instant, LocalDate, LocalDateTime"));
    }

    @Test
    void theTimeIsAskedOfAClock() {
        check(noClasses()
                .should()
                .callMethodWhere(
                        describe("the current time without a Clock", ArchitectureTest::asksTheSystemForTheTime))
                .because("a test sets the time: take a java.time.Clock (for durations: System.nanoTime)"));
    }

    @Test
    void onlyTheLakeAndItsEngineUseDuckDb() {
        check(noClasses()
                .that(resideOutsideOfPackages("dev.tarn.lake..", "dev.tarn.engine.duckdb.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.duckdb..")
                .because("rows and SQL are reached through core.engine (Session, Dataset)"));
    }

    @Test
    void onlyTheLakeItsEngineConnectionsAndTheStateUseDatabases() {
        check(noClasses()
                .that(resideOutsideOfPackages(
                        "dev.tarn.lake..",
                        "dev.tarn.engine.duckdb..",
                        "dev.tarn.connect.database..",
                        "dev.tarn.cdc..",
                        "dev.tarn.core.state.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..")
                .because("rows and SQL are reached through core.engine (Session, Dataset)"));
    }

    @Test
    void onlyConnectionsUseServersDrivers() {
        check(noClasses()
                .that(resideOutsideOfPackages("dev.tarn.connect.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.postgresql..", "org.mariadb..")
                .because("a database is reached through dev.tarn.connect.database.Databases; a command that needs none"
                        + " must not load a driver"));
    }

    @Test
    void onlySecretStoresUseAzure() {
        check(noClasses()
                .that(resideOutsideOfPackages("dev.tarn.connect.secret.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.azure..", "com.microsoft.aad..")
                .because(
                        "a secret is asked of core.connection.Secrets; a command that needs none must not load Azure"));
    }

    @Test
    void onlyTheStateUsesSqlite() {
        check(
                noClasses()
                        .that(resideOutsideOfPackages("dev.tarn.core.state..", "dev.tarn.cli.prepare.."))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("org.sqlite..")
                        .because(
                                "what ran before is asked of core.state; a command that needs no history must not load SQLite"));
    }

    @Test
    void onlyTheLoaderReadsYaml() {
        check(noClasses()
                .that(resideOutsideOfPackages("dev.tarn.core.project..", "dev.tarn.core.source.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.snakeyaml..")
                .because("the loader builds the model's records once, with their positions; use those"));
    }

    @Test
    void onlyLogsAndOutputAreJson() {
        check(noClasses()
                .that(resideOutsideOfPackages(
                        "dev.tarn.lake..",
                        "dev.tarn.engine.duckdb..",
                        "dev.tarn.engine.spark..",
                        "dev.tarn.core.story..",
                        "dev.tarn.cdc..",
                        "dev.tarn.cli.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml..")
                .because(
                        "core hands over records; JSON is made where it is written (dev.tarn.cli.render, dev.tarn.lake,"
                                + " dev.tarn.core.story)"));
    }

    @Test
    void onlyTheLogStoreUsesHadoop() {
        check(noClasses()
                .that(resideOutsideOfPackages("dev.tarn.fs.hadoop..", "dev.tarn.engine.spark.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.hadoop..", "io.delta..")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.tarn.fs.hadoop..")
                .because("Spark brings Hadoop where these run; no command has it on its class path"));
    }

    @Test
    void onlyStreamsUseDebezium() {
        check(noClasses()
                .that(resideOutsideOfPackages("dev.tarn.cdc.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.debezium..", "org.apache.kafka.connect..", "dev.tarn.cdc..")
                .because("a stream runs in a process of its own, with a class path that nobody else has"));
    }

    @Test
    void onlyProvisioningUsesMaven() {
        check(noClasses()
                .that(resideOutsideOfPackages("dev.tarn.provision.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.eclipse.aether..", "org.apache.maven..")
                .because("what must be fetched is asked of dev.tarn.provision.Provisioner; a command that fetches"
                        + " nothing must not load Maven"));
    }

    @Test
    void namesSayWhatATypeDoes() {
        check(noClasses()
                .should(be(describe(
                        "named *Util(s), *Manager, *Helper, *Impl, Default* or Abstract*",
                        type -> EMPTY_NAME.matcher(type.getSimpleName()).matches())))
                .because("the name is the job (ProjectLoader, Planner), or what makes it different (DuckDbEngine)"));
    }

    private static void check(ArchRule rule) {
        rule.check(TARN);
    }

    /** A class and what is nested in it. */
    private static DescribedPredicate<JavaClass> not(String outermost) {
        return describe(
                "are not of " + outermost,
                type -> !type.getName().equals(outermost) && !type.getName().startsWith(outermost + "$"));
    }

    private static boolean asksTheSystemForTheTime(JavaMethodCall call) {
        String owner = call.getTargetOwner().getName();
        return switch (call.getName()) {
            case "currentTimeMillis" -> owner.equals("java.lang.System");
            case "now" ->
                owner.startsWith("java.time.")
                        && call.getTarget().getRawParameterTypes().stream()
                                .noneMatch(type -> type.isEquivalentTo(Clock.class));
            default -> false;
        };
    }
}
