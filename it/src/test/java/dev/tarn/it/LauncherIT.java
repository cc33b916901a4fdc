package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.it.Launcher.Ended;
import dev.tarn.it.Launcher.Started;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script as users start it: real processes, each with a deadline. */
class LauncherIT {
    private static final String PREPARING = "Preparing fast starts (once) …\n";
    private static final String BUILDING = "Building Tarn (first use; takes about a minute) …\n";
    private static final String REBUILDING = "Building Tarn (its sources changed) …\n";

    /** What takes long to load, by the first two parts of its names. */
    private static final List<String> HEAVY =
            List.of("org.sqlite", "org.apache", "scala.collection", "scala.runtime", "gg.jte", "io.delta");

    @TempDir
    Path folder;

    private Path cache;
    private final List<Launcher> launchers = new ArrayList<>();

    @BeforeEach
    void chooseCache() {
        cache = folder.resolve("cache");
    }

    @AfterEach
    void endProcesses() {
        launchers.forEach(Launcher::close);
    }

    @Test
    void preparesFastStartsOnceAndThenStartsSilently() throws Exception {
        Launcher tarn = distribution();

        Ended cold = tarn.run("--version");
        Ended warm = tarn.with("TARN_JAVA_OPTS", "-Xshare:on").run("--version");

        assertVersion(cold, PREPARING);
        // -Xshare:on: the JVM refuses to start unless it can use the archive.
        assertVersion(warm, "");
        assertThat(archive()).isNotEmptyFile();
        assertThat(archive().resolveSibling(".").normalize()).isDirectoryContaining("glob:**/libduckdb_java.so_*");
    }

    @Test
    void loadsOnlyWhatACommandNeeds() throws Exception {
        Path log = folder.resolve("classes.txt");
        Launcher tarn = distribution().with("TARN_JAVA_OPTS", "-Xlog:class+load:file=" + log);
        Path project = Files.writeString(folder.resolve("tarn.yaml"), """
                project: p
                connections: {here: {type: local, base_path: .}}
                pipelines: [{pipeline: p, nodes: [{name: a, transform: {steps: [select 1]}}]}]
                """);

        assertVersion(tarn.run("--version"), PREPARING);
        assertThat(loaded(log))
                .contains("picocli")
                .doesNotContainAnyElementsOf(HEAVY)
                .doesNotContain("org.duckdb");

        assertThat(tarn.run("validate", project.toString()).code()).isZero();
        assertThat(loaded(log)).contains("org.duckdb").doesNotContainAnyElementsOf(HEAVY);
    }

    /** The first two parts of the names of all loaded classes. */
    private static Set<String> loaded(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(line -> line.replaceFirst("^(\\[[^ ]*\\])+ ", ""))
                    .map(line -> line.replaceFirst("^([a-z0-9]+\\.[a-z0-9]+)\\..*|^([a-z0-9]+)\\.[A-Z].*", "$1$2"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void startsPlainlyWhenTheCacheCannotBeWritten() throws Exception {
        cache = Files.createFile(folder.resolve("a-file")).resolve("cache");
        Launcher tarn = distribution();

        assertVersion(tarn.run("--version"), "");
        assertThat(tarn.with("TARN_DEBUG", "1").run("--version").err())
                .contains("no fast start: cannot write to " + cache);
    }

    @Test
    void startsPlainlyWithoutAnyCacheFolder() throws Exception {
        assertVersion(distribution().without("TARN_CACHE_DIR").run("--version"), "");
    }

    @Test
    void startsPlainlyWhenPreparingFailedNotLongAgo() throws Exception {
        // A file where the unpacked library goes makes preparing fail without the help of permissions, which root
        // ignores.
        Launcher tarn = distribution();
        tarn.run("--version");
        Path archive = archive();
        Files.delete(archive.resolveSibling("ready"));
        Files.delete(archive);
        Files.createDirectories(archive.resolve("in-the-way"));

        Ended failing = tarn.run("--version");
        Ended next = tarn.run("--version");

        assertVersion(failing, PREPARING);
        assertVersion(next, "");
    }

    @Test
    void worksThroughALinkAndInFoldersWithSpaces() throws Exception {
        cache = folder.resolve("my cache");
        Path script = Layout.distribution(folder.resolve("my tools/tarn 1"));
        Path bin = Files.createDirectories(folder.resolve("my bin"));
        Path link = Files.createSymbolicLink(bin.resolve("tarn"), bin.relativize(script));

        assertVersion(launcher(link).run("--version"), PREPARING);
        assertVersion(launcher(script).with("TARN_JAVA_OPTS", "-Xshare:on").run("--version"), "");
    }

    @Test
    void saysWhatToInstallWithoutJava() throws Exception {
        Ended ended = distribution()
                .without("TARN_JAVA_HOME")
                .with("TARN_JAVA_SEARCH", "")
                .with("PATH", "")
                .run("--version");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err())
                .startsWith("tarn: Java 17 or later is needed, and none was found.\n  Install a JDK 17 or later")
                .contains("TARN_JAVA_HOME");
    }

    @Test
    void namesAJavaThatIsTooOld() throws Exception {
        Path jdks = folder.resolve("jdks");
        Path old = jdks.resolve("jdk-11");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"N\"\nJAVA_VERSION=\"11.0.2\"\n");
        Path java = Files.writeString(old.resolve("bin/java"), "#!/bin/sh\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();

        Ended searched = distribution()
                .without("TARN_JAVA_HOME")
                .with("TARN_JAVA_SEARCH", jdks.toString())
                .with("PATH", "")
                .run("--version");
        Ended chosen = launcher(folder.resolve("tarn/bin/tarn"))
                .with("TARN_JAVA_HOME", old.toString())
                .run("--version");

        assertThat(searched.code()).isEqualTo(2);
        assertThat(searched.err()).contains("too old: " + old);
        assertThat(chosen.code()).isEqualTo(2);
        assertThat(chosen.err()).isEqualTo("tarn: TARN_JAVA_HOME is '" + old + "', which is no Java 17 or later\n");
    }

    @Test
    void findsJavaOnThePathAndInTheFoldersToSearch() throws Exception {
        Path java = Path.of(System.getProperty("java.home"));
        Launcher tarn = distribution().without("TARN_JAVA_HOME").with("TARN_JAVA_SEARCH", "");

        Ended onPath = tarn.with("PATH", java.resolve("bin") + ":" + System.getenv("PATH"))
                .run("--version");
        Ended searched = tarn.with("TARN_JAVA_SEARCH", java.resolve("..").toString())
                .with("PATH", "")
                .run("--version");

        assertVersion(onPath, PREPARING);
        assertThat(searched.code()).isZero();
    }

    @Test
    void twoFirstStartsAtTheSameTimeBothSucceed() throws Exception {
        Launcher tarn = distribution();

        Started one = tarn.start("--version");
        Started two = tarn.start("--version");

        assertThat(List.of(one.await().code(), two.await().code())).containsOnly(0);
        assertVersion(tarn.with("TARN_JAVA_OPTS", "-Xshare:on").run("--version"), "");
    }

    @Test
    void preparesAgainWhenAJarChanged() throws Exception {
        Launcher tarn = distribution();
        tarn.run("--version");
        Path jar = jarOf("tarn-cli-");
        Files.copy(jar, folder.resolve("copy.jar"));
        Files.move(folder.resolve("copy.jar"), jar, StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));

        assertVersion(tarn.run("--version"), PREPARING);
        assertVersion(tarn.with("TARN_JAVA_OPTS", "-Xshare:on").run("--version"), "");
    }

    @Test
    void preparesAgainWhenTheArchiveIsCutShort() throws Exception {
        // JDK 17 crashes on such an archive instead of ignoring it.
        Launcher tarn = distribution();
        tarn.run("--version");
        Path archive = archive();
        assertThat(archive.toFile().setWritable(true)).isTrue();
        try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.WRITE)) {
            channel.truncate(100_000);
        }

        assertVersion(tarn.run("--version"), PREPARING);
    }

    @Test
    void keepsStdoutCleanWhenTheJvmCannotUseTheArchive() throws Exception {
        Launcher tarn = distribution();
        tarn.run("--version");

        assertVersion(tarn.with("TARN_JAVA_OPTS", "-XX:-UseCompressedOops").run("--version"), "");
    }

    @Test
    void opensFilesOfAnyNameInTheCLocale() throws Exception {
        Ended ended = distribution()
                .with("LC_ALL", "C")
                .with("TARN_JAVA_OPTS", "-XshowSettings:properties")
                .run("--version");

        assertThat(ended.err()).contains("sun.jnu.encoding = UTF-8");
    }

    @Test
    void buildsACheckoutOnceAndAgainWhenItsSourcesChange() throws Exception {
        Launcher tarn = checkout();

        assertVersion(tarn.run("--version"), BUILDING + PREPARING);
        assertVersion(tarn.run("--version"), "");
        Files.delete(folder.resolve("tarn/cli/src/main/java/Main.java"));
        assertVersion(tarn.run("--version"), REBUILDING + PREPARING);
        assertThat(mavenCalls())
                .containsOnly("-q -B -Dtarn.quick -Dmaven.test.skip -Dtarn.revision= -pl cli -am package")
                .hasSize(2);
    }

    @Test
    void twoFirstStartsOfACheckoutBuildOnce() throws Exception {
        Launcher tarn = checkout();

        Started one = tarn.start("--version");
        Started two = tarn.start("--version");

        assertThat(List.of(one.await().code(), two.await().code())).containsOnly(0);
        assertThat(mavenCalls()).hasSize(1);
    }

    @Test
    void takesOverTheLockOfADeadBuildWithoutFlock() throws Exception {
        Launcher tarn = checkout();
        Path path = toolsWithoutFlock();
        Path builds = Files.createDirectories(folder.resolve("tarn/target/launch"));
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.createSymbolicLink(builds.resolve("lock.owner"), Path.of(Long.toString(dead.pid())));

        Ended ended = tarn.with("PATH", folder.resolve("maven") + ":" + path).run("--version");

        assertVersion(ended, BUILDING + PREPARING);
        assertThat(Files.isSymbolicLink(builds.resolve("lock.owner"))).isFalse();
    }

    @Test
    void showsMavensOutputWhenABuildFailsAndBuildsAgainNextTime() throws Exception {
        Launcher tarn = checkout();
        Path broken = Files.createFile(folder.resolve("maven/broken"));

        Ended failed = tarn.run("--version");
        Files.delete(broken);
        Ended mended = tarn.run("--version");

        assertThat(failed)
                .isEqualTo(new Ended(2, "", BUILDING + "[ERROR] cannot find symbol\ntarn: the build failed\n"));
        assertVersion(mended, BUILDING + PREPARING);
    }

    private Launcher distribution() throws IOException {
        return launcher(Layout.distribution(folder.resolve("tarn")));
    }

    private Launcher checkout() throws IOException {
        Path checkout = folder.resolve("tarn");
        Path script = Layout.checkout(checkout);
        Layout.maven(folder.resolve("maven"), checkout);
        return launcher(script).with("PATH", folder.resolve("maven") + ":" + System.getenv("PATH"));
    }

    private Launcher launcher(Path script) throws IOException {
        Path logs = Files.createDirectories(folder.resolve("logs"));
        Launcher launcher = new Launcher(script, cache, logs);
        launchers.add(launcher);
        return launcher;
    }

    private static void assertVersion(Ended ended, String err) {
        assertThat(ended.err()).isEqualTo(err);
        assertThat(ended.out()).startsWith("tarn ");
        assertThat(ended.code()).isZero();
    }

    private Path archive() throws IOException {
        try (Stream<Path> files = Files.walk(cache)) {
            return files.filter(file -> file.getFileName().toString().equals("tarn.jsa"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Path jarOf(String prefix) throws IOException {
        try (Stream<Path> jars = Files.list(folder.resolve("tarn/lib"))) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private List<String> mavenCalls() throws IOException {
        return Files.readAllLines(folder.resolve("maven/calls"));
    }

    /** A folder with the tools that the launcher calls, all but flock. */
    private Path toolsWithoutFlock() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of(
                "cat", "cksum", "cp", "date", "find", "ln", "mkdir", "mv", "ps", "readlink", "rm", "sleep", "stat")) {
            Path script = Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec '" + toolOnPath(tool) + "' \"$@\"\n");
            assertThat(script.toFile().setExecutable(true)).isTrue();
        }
        return tools;
    }

    private static Path toolOnPath(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }
}
