package dev.tarn.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvisionerTest {

    private static final MavenArtifacts SERVER = new MavenArtifacts("the server", "test:server:1");

    @TempDir
    Path folder;

    private MavenMirror mirror;

    @BeforeEach
    void publish() throws Exception {
        mirror = new MavenMirror(folder);
        mirror.publish("server", "library");
        mirror.publish("library", "base");
        mirror.publish("base");
    }

    private Provisioner provisioner(FetchListener listener) {
        return new Provisioner(folder.resolve("cache"), false, mirror.environment(), listener);
    }

    private Provisioner offline() {
        return new Provisioner(folder.resolve("cache"), true, mirror.environment(), FetchListener.NONE);
    }

    private static List<String> names(Path fetched) throws Exception {
        return MavenArtifacts.jars(fetched).stream()
                .map(jar -> jar.getFileName().toString())
                .toList();
    }

    @Test
    void fetchesArtifactsWithAllThatTheyNeedFromTheMirrorOfTheSettings() throws Exception {
        Path fetched = provisioner(FetchListener.NONE).get(SERVER);

        assertThat(names(fetched)).containsExactly("base-1.jar", "library-1.jar", "server-1.jar");
        assertThat(fetched.resolve("jars/base-1.jar")).hasContent("the jar of base");
    }

    @Test
    void leavesOutWhatIsExcluded() throws Exception {
        Path fetched = provisioner(FetchListener.NONE)
                .get(new MavenArtifacts("the server", List.of("test:server:1"), List.of("test:base")));

        assertThat(names(fetched)).containsExactly("library-1.jar", "server-1.jar");
    }

    @Test
    void fetchesOnceAndSaysSo() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        FetchListener listener = new FetchListener() {
            @Override
            public void started(String what) {
                heard.add("started " + what);
            }

            @Override
            public void progress(String what, String part, long bytes) {
                if (part.endsWith(".jar")) {
                    heard.add(part);
                }
            }

            @Override
            public void finished(String what) {
                heard.add("finished " + what);
            }
        };

        provisioner(listener).get(SERVER);
        provisioner(listener).get(SERVER);

        assertThat(heard)
                .containsExactlyInAnyOrder(
                        "started the server", "base-1.jar", "library-1.jar", "server-1.jar", "finished the server");
    }

    @Test
    void refusesAnArtifactWhoseChecksumIsWrong() throws Exception {
        mirror.breakJar("library");

        assertThatThrownBy(() -> provisioner(FetchListener.NONE).get(SERVER))
                .isInstanceOf(ProvisionException.class)
                .hasMessageContaining("Checksum validation failed");
        assertThat(provisioner(FetchListener.NONE).find(SERVER)).isEmpty();
    }

    @Test
    void namesTheArtifactsThatAreMissing() throws Exception {
        mirror.publish("other", "nowhere");

        assertThatThrownBy(() -> provisioner(FetchListener.NONE).get(new MavenArtifacts("it", "test:other:1")))
                .isInstanceOf(ProvisionException.class)
                .hasMessageContaining("test:nowhere:jar:1");
    }

    @Test
    void offlineSaysWhatIsMissingAndHowToGetIt() {
        ProvisionException missing =
                catchThrowableOfType(ProvisionException.class, () -> offline().get(SERVER));

        assertThat(missing)
                .hasMessage("the server is not in the cache (" + folder.resolve("cache")
                        + "), and offline mode forbids to fetch it; missing: test:server:jar:1");
        assertThat(missing.help()).contains("run the same command once without offline mode");
    }

    @Test
    void offlineTakesWhatIsInTheCacheOrInMavensRepository() throws Exception {
        provisioner(FetchListener.NONE).get(SERVER);
        Provisioner.delete(folder.resolve("cache"));

        assertThat(names(offline().get(SERVER))).hasSize(3);
        Provisioner.delete(mirror.localRepository());
        assertThat(names(offline().get(SERVER))).hasSize(3);
    }

    @Test
    void honoursOfflineInMavensSettings() throws Exception {
        mirror.settings("<offline>true</offline>");

        assertThatThrownBy(() -> provisioner(FetchListener.NONE).get(SERVER))
                .hasMessageContaining("offline mode forbids");
    }

    @Test
    void beginsAgainWhereAProcessWasKilled() throws Exception {
        Path fetched = provisioner(FetchListener.NONE).get(SERVER);
        Files.delete(fetched.resolve("ready"));
        Files.delete(fetched.resolve("jars/base-1.jar"));
        Files.writeString(fetched.resolve("jars/half.jar"), "");

        assertThat(names(provisioner(FetchListener.NONE).get(SERVER)))
                .containsExactly("base-1.jar", "library-1.jar", "server-1.jar");
    }

    @Test
    void severalAtOnceFetchOnce() throws Exception {
        List<String> started = new CopyOnWriteArrayList<>();
        FetchListener listener = new FetchListener() {
            @Override
            public void started(String what) {
                started.add(what);
            }
        };
        List<Callable<Path>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            calls.add(() -> provisioner(listener).get(SERVER));
        }
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            for (Future<Path> fetched : pool.invokeAll(calls)) {
                assertThat(names(fetched.get())).hasSize(3);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(started).hasSize(1);
    }

    @Test
    void debianNpmAndPythonAreNotFetchedOffline() {
        for (Request request : List.of(
                new DebianPackages("a server", "package"),
                new NpmPackages("a server", "package@1.2.3"),
                new PythonPackages("a library", "package==1.2"))) {
            assertThatThrownBy(() -> offline().get(request))
                    .isInstanceOf(ProvisionException.class)
                    .hasMessageContaining("missing: ")
                    .hasMessageContaining("package");
        }
    }

    @Test
    void saysWhichProgramIsMissing() {
        Provisioner bare =
                new Provisioner(folder.resolve("cache"), false, Map.of("PATH", "/nowhere"), FetchListener.NONE);

        assertThatThrownBy(() -> bare.get(new NpmPackages("Azurite", "azurite@1.2.3")))
                .hasMessage("Azurite needs Node.js with npm, and npm is not on PATH");
        assertThatThrownBy(() -> bare.get(new PythonPackages("it", "x==1")))
                .hasMessage("it needs Python, and python3 is not on PATH");
    }

    @Test
    void versionsMustBePinned() {
        assertThatThrownBy(() -> new NpmPackages("x", "azurite@^3")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PythonPackages("x", "six>=1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PythonPackages("x", "six")).isInstanceOf(IllegalArgumentException.class);
        assertThat(new PythonPackages("x", "py4j==0.10.9 --hash=sha256:ab", "a[b]==1").requirements())
                .hasSize(2);
    }

    @Test
    void theUsersCacheIsWhereTheEnvironmentSays() {
        assertThat(Provisioner.userCache(Map.of("HOME", "/h", "XDG_CACHE_HOME", "/x")))
                .isEqualTo(Path.of("/x/tarn"));
        assertThat(Provisioner.userCache(Map.of("HOME", "/h", "XDG_CACHE_HOME", "not/absolute")))
                .isEqualTo(Path.of("/h/.cache/tarn"));
        assertThat(Provisioner.userCache(Map.of("HOME", "/h", "XDG_CACHE_HOME", "/x", "TARN_CACHE_DIR", "/own")))
                .isEqualTo(Path.of("/own"));
    }
}
