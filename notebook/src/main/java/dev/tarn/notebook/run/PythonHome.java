package dev.tarn.notebook.run;

import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import dev.tarn.provision.PythonPackages;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Finds the Python of notebooks, or makes it. */
final class PythonHome {

    private static final PythonPackages PLAIN = new PythonPackages(
            "Python packages for notebooks",
            "matplotlib==3.10.7",
            "numpy==2.3.4",
            "pandas==2.3.3",
            "pyarrow==26.0.1",
            "python-dateutil==2.9.0.post0",
            "PyYAML==6.0.3",
            "requests==2.32.5");

    private static final PythonPackages WITH_SPARK = new PythonPackages(
            "Python packages for notebooks with Spark 4.1.3 (once, 450 MB)",
            "delta-spark==4.4.0",
            "matplotlib==3.10.7",
            "numpy==2.3.4",
            "pandas==2.3.3",
            "pyarrow==26.0.1",
            "pyspark==4.1.3",
            "python-dateutil==2.9.0.post0",
            "PyYAML==6.0.3",
            "requests==2.32.5");

    private final Provisioner provisioner;
    private final Map<String, String> environment;

    PythonHome(Provisioner provisioner, Map<String, String> environment) {
        this.provisioner = provisioner;
        this.environment = environment;
    }

    /** The program; {@code TARN_PYTHON} names another one than ours. */
    Path python(boolean withSpark) throws ProvisionException, InterruptedException {
        String own = environment.getOrDefault("TARN_PYTHON", "");
        if (!own.isEmpty()) {
            Path python = Path.of(own);
            if (!Files.isExecutable(python)) {
                throw new ProvisionException(
                        "TARN_PYTHON is '" + own + "', which is no program",
                        "name a Python 3.11 or later, by its path");
            }
            return python;
        }
        boolean both = withSpark || provisioner.find(WITH_SPARK).isPresent();
        return provisioner.get(both ? WITH_SPARK : PLAIN).resolve("bin/python");
    }

    /** Where Python finds our side of the bridge: in the jar itself, or beside the classes. */
    static String modules() {
        try {
            Path own = Path.of(PythonHome.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return own.resolve("python").toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("where Tarn's own classes are is no path", e);
        }
    }
}
