package dev.tarn.provision;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Packages of npm with all that they need, in {@code node_modules}. npm checks what it fetches; registry and proxy are
 * those of its own configuration. Scripts of packages are not run.
 *
 * @param what for people
 * @param packages {@code name@version}, the version exact
 */
public record NpmPackages(String what, List<String> packages) implements Request {

    public NpmPackages {
        packages = List.copyOf(packages);
        for (String name : packages) {
            if (!name.matches("(@[^@/]+/)?[^@/]+@[0-9]+\\.[0-9]+\\.[0-9]+\\S*")) {
                throw new IllegalArgumentException("not name@version with an exact version: " + name);
            }
        }
    }

    public NpmPackages(String what, String... packages) {
        this(what, List.of(packages));
    }

    @Override
    public String kind() {
        return "npm";
    }

    @Override
    public String content() {
        return "npm 1\n" + String.join("\n", packages);
    }

    @Override
    public void fill(Path folder, Fetching fetching) throws ProvisionException, IOException, InterruptedException {
        fetching.mustBeOnline("npm packages " + String.join(", ", packages));
        if (!fetching.has("npm")) {
            throw new ProvisionException(
                    what + " needs Node.js with npm, and npm is not on PATH",
                    "install Node.js 18 or later (packages nodejs and npm)");
        }
        List<String> command = new ArrayList<>(List.of(
                "npm", "install", "--prefix", folder.toString(), "--no-audit", "--no-fund", "--ignore-scripts"));
        command.addAll(packages);
        Fetching.Ended ended = fetching.run(folder, command);
        if (!ended.ok()) {
            throw new ProvisionException(
                    what + " could not be fetched by npm:\n" + ended.tail(),
                    "check the connection; registry and proxy are those of npm's configuration ('npm config list')");
        }
    }
}
