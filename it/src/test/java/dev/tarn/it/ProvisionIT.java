package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.provision.DebianPackages;
import dev.tarn.provision.FetchListener;
import dev.tarn.provision.NpmPackages;
import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import dev.tarn.provision.PythonPackages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real package systems, each with something small. */
class ProvisionIT {

    @TempDir
    Path cache;

    private Provisioner provisioner(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(more);
        return new Provisioner(cache, false, environment, FetchListener.NONE);
    }

    @Test
    void unpacksDebianPackagesWithoutInstallingThem() throws Exception {
        Path root = provisioner(Map.of()).get(new DebianPackages("liburing", "liburing2"));

        assertThat(root.resolve("usr/lib/x86_64-linux-gnu/liburing.so.2")).exists();
        assertThat(Path.of("/var/lib/dpkg/info/liburing2.list")).doesNotExist();
    }

    @Test
    void saysThatAPackageIsNotThere() {
        assertThatThrownBy(() -> provisioner(Map.of()).get(new DebianPackages("it", "no-such-package-at-all")))
                .isInstanceOf(ProvisionException.class)
                .hasMessageContaining("no-such-package-at-all");
        assertThat(cache.resolve("provision/debian")).isDirectoryNotContaining(Files::isDirectory);
    }

    @Test
    void installsNpmPackagesIntoTheCache() throws Exception {
        Path folder = provisioner(Map.of()).get(new NpmPackages("is-number", "is-number@7.0.0"));

        assertThat(folder.resolve("node_modules/is-number/index.js")).exists();
    }

    @Test
    void makesAPythonEnvironment() throws Exception {
        Path folder = provisioner(Map.of()).get(new PythonPackages("six", "six==1.16.0"));

        Process python = new ProcessBuilder(
                        folder.resolve("bin/python").toString(), "-c", "import six; print(six.__version__)")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("1.16.0");
        assertThat(python.waitFor()).isZero();
    }
}
