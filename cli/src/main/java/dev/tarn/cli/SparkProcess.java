package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ErrorText;
import dev.tarn.cli.render.FetchProgress;
import dev.tarn.core.run.Cancellation;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import dev.tarn.services.SparkRuntime;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs this program again in a JVM that has Spark, whose jars are fetched when they are first needed. */
final class SparkProcess {

    static final String ENGINE = "spark";

    private static final String MARK = "tarn.spark";

    /** The process whose end is also this one's. */
    static final String PARENT = "tarn.parent";

    private final Console console;
    private final Cancellation interrupt;
    private final Map<String, String> environment = System.getenv();

    SparkProcess(Console console, Cancellation interrupt) {
        this.console = console;
        this.interrupt = interrupt;
    }

    /** Whether this process is one. */
    static boolean isThis() {
        return Boolean.getBoolean(MARK);
    }

    /** Runs the command there, and gives its exit code. */
    int run(String version, boolean json, String... args) {
        try {
            SparkRuntime runtime = SparkRuntime.of(version);
            Path jars = new Provisioner(
                            Provisioner.userCache(environment),
                            Provisioner.isOffline(environment),
                            environment,
                            new FetchProgress(console))
                    .get(runtime.jars());
            Path engine = new SparkEngineJar(console, environment).find(version);
            return run(command(runtime, classPath(engine, runtime.classPath(jars)), args));
        } catch (ProvisionException e) {
            return refused(ProblemCode.NOT_PROVISIONED, String.valueOf(e.getMessage()), e.help(), json);
        } catch (IOException e) {
            return refused(
                    ProblemCode.ENGINE_FAILED,
                    "Spark cannot be started: " + e.getMessage(),
                    "nothing was run; 'tarn run --engine duckdb' needs no Spark",
                    json);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }

    private int refused(ProblemCode code, String message, String help, boolean json) {
        new ErrorText(console).environment(code, message, help, json);
        return ExitCode.INVALID;
    }

    private List<String> command(SparkRuntime runtime, String classPath, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(runtime.javaOptions());
        command.addAll(List.of("-XX:+UseParallelGC", "-Xlog:disable", "-XX:-UsePerfData", "-Duser.timezone=UTC"));
        for (String inherited : List.of("tarn.home", "tarn.terminal", "org.sqlite.lib.path")) {
            String value = System.getProperty(inherited);
            if (value != null) {
                command.add("-D" + inherited + "=" + value);
            }
        }
        command.addAll(List.of(
                "-D" + MARK + "=true",
                "-D" + PARENT + "=" + ProcessHandle.current().pid()));
        command.addAll(
                Arrays.stream(environment.getOrDefault("TARN_JAVA_OPTS", "").split(" ", -1))
                        .filter(option -> !option.isBlank())
                        .toList());
        command.addAll(List.of("-cp", classPath, Main.class.getName()));
        command.addAll(List.of(args));
        return command;
    }

    /** Of an artifact that both have, Spark's: its jars belong together to the patch. */
    private static String classPath(Path engine, List<Path> spark) {
        Set<String> artifacts = spark.stream().map(SparkProcess::artifact).collect(Collectors.toSet());
        List<String> all = new ArrayList<>();
        all.add(engine.toString());
        for (String own : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!artifacts.contains(artifact(Path.of(own)))) {
                all.add(own);
            }
        }
        spark.forEach(jar -> all.add(jar.toString()));
        return String.join(File.pathSeparator, all);
    }

    private static String artifact(Path jar) {
        return String.valueOf(jar.getFileName()).replaceFirst("-\\d.*$", "");
    }

    private int run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        interrupt.onRequest(process::destroy);
        return process.waitFor();
    }
}
