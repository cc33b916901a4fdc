package dev.tarn.provision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A virtual environment of Python with pinned packages: {@code bin/python}. pip checks what it fetches, and with
 * {@code --hash} in the requirements against these; index and proxy are those of its own configuration.
 *
 * @param what for people
 * @param requirements lines as in requirements.txt, each {@code name==version}
 */
public record PythonPackages(String what, List<String> requirements) implements Request {

    public PythonPackages {
        requirements = List.copyOf(requirements);
        for (String line : requirements) {
            if (!line.matches("[A-Za-z0-9._-]+(\\[[A-Za-z0-9,._-]+])?==[^=*]\\S*( .*)?")) {
                throw new IllegalArgumentException("not pinned (name==version): " + line);
            }
        }
    }

    public PythonPackages(String what, String... requirements) {
        this(what, List.of(requirements));
    }

    @Override
    public String kind() {
        return "python";
    }

    @Override
    public String content() {
        return "python 1\n" + String.join("\n", requirements);
    }

    @Override
    public void fill(Path folder, Fetching fetching) throws ProvisionException, IOException, InterruptedException {
        fetching.mustBeOnline("Python packages " + String.join(", ", requirements));
        if (!fetching.has("python3")) {
            throw new ProvisionException(
                    what + " needs Python, and python3 is not on PATH", "install Python 3.9 or later");
        }
        Fetching.Ended made = fetching.run(folder, List.of("python3", "-m", "venv", folder.toString()));
        if (!made.ok()) {
            throw new ProvisionException(
                    "python3 could not make a virtual environment:\n" + made.tail(),
                    "its modules venv and ensurepip must be installed (package python3-venv)");
        }
        Path file = folder.resolve("requirements.txt");
        Files.write(file, requirements);
        String python = folder.resolve("bin/python").toString();
        fetching.progress("packages", 0);
        Fetching.Ended ended = fetching.run(
                folder, List.of(python, "-m", "pip", "install", "--no-input", "-q", "-r", file.toString()));
        if (!ended.ok()) {
            throw new ProvisionException(
                    what + " could not be fetched by pip:\n" + ended.tail(),
                    "check the connection and the versions; index and proxy are those of pip's configuration"
                            + " ('pip config list')");
        }
    }
}
