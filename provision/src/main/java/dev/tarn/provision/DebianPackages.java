package dev.tarn.provision;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Debian packages, unpacked and not installed, with those that they need and this machine does not have. The folder
 * looks like a root: {@code usr/bin}, {@code usr/lib}, …
 *
 * <p>Works as root and as an ordinary user. apt downloads and checks the packages against the signed lists; its own
 * configuration names mirrors and proxies.
 *
 * @param what for people
 */
public record DebianPackages(String what, List<String> packages) implements Request {

    /** {@code Inst NAME [INSTALLED] (VERSION …}; the part in brackets is there if it is installed. */
    private static final Pattern INSTALL =
            Pattern.compile("^Inst (?<name>\\S+) (?<installed>\\[[^]]*] )?\\((?<version>\\S+) .*", Pattern.MULTILINE);

    public DebianPackages {
        packages = List.copyOf(packages);
    }

    public DebianPackages(String what, String... packages) {
        this(what, List.of(packages));
    }

    /** Whether this machine has apt and dpkg, without which there is nothing to be had. */
    public static boolean isSupported() {
        return Stream.of("apt-get", "dpkg-deb").allMatch(p -> Files.isExecutable(Path.of("/usr/bin", p)));
    }

    @Override
    public String kind() {
        return "debian";
    }

    /** What is installed decides which libraries are missing, so the release belongs to it. */
    @Override
    public String content() {
        return "debian 1\n" + release() + "\n" + String.join("\n", packages);
    }

    private static String release() {
        try {
            return Files.readString(Path.of("/etc/os-release"))
                    .lines()
                    .filter(line -> line.matches("(ID|VERSION_ID)=.*"))
                    .collect(joining(" "));
        } catch (IOException e) {
            return "unknown";
        }
    }

    @Override
    public void fill(Path folder, Fetching fetching) throws ProvisionException, IOException, InterruptedException {
        if (!isSupported()) {
            throw new ProvisionException(
                    what + " is not installed, and this system has no Debian packages to unpack",
                    "install it with the system's own packages: " + String.join(", ", packages));
        }
        fetching.mustBeOnline("Debian packages " + String.join(", ", packages));
        Path scratch = Files.createTempDirectory(folder, "packages");
        Apt apt = new Apt(fetching, scratch);
        download(apt);
        unpack(scratch, folder, fetching);
        Provisioner.delete(scratch);
    }

    /** With the system's lists; with own, fresh ones if there are none or they name what is no longer there. */
    private void download(Apt apt) throws ProvisionException, IOException, InterruptedException {
        Optional<Map<String, String>> planned = apt.plan(packages);
        if (planned.isPresent() && apt.download(planned.get()).ok()) {
            return;
        }
        apt.useOwnLists();
        Map<String, String> again = apt.plan(packages).orElseThrow(() -> apt.failed("apt does not know them"));
        Fetching.Ended ended = apt.download(again);
        if (!ended.ok()) {
            throw apt.failed(ended.tail());
        }
    }

    private void unpack(Path scratch, Path folder, Fetching fetching)
            throws ProvisionException, IOException, InterruptedException {
        List<Path> files;
        try (Stream<Path> list = Files.list(scratch)) {
            files = list.filter(f -> f.toString().endsWith(".deb")).sorted().toList();
        }
        long bytes = 0;
        for (Path file : files) {
            Fetching.Ended ended = fetching.run(scratch, List.of("dpkg-deb", "-x", file.toString(), folder.toString()));
            if (!ended.ok()) {
                throw new ProvisionException(
                        file.getFileName() + " could not be unpacked:\n" + ended.tail(),
                        "check that the disk has room; " + folder + " is on it");
            }
            bytes += Files.size(file);
            fetching.progress(file.getFileName().toString(), bytes);
        }
    }

    /** The calls of apt-get. */
    private final class Apt {
        private final Fetching fetching;
        private final Path scratch;
        private List<String> options = List.of("-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=root");

        Apt(Fetching fetching, Path scratch) {
            this.fetching = fetching;
            this.scratch = scratch;
        }

        /** The packages that are needed, with their versions; empty if apt cannot tell. */
        Optional<Map<String, String>> plan(List<String> wanted) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(List.of("apt-get"));
            command.addAll(options);
            command.addAll(List.of("-s", "-q", "--no-install-recommends", "--reinstall", "install"));
            command.addAll(wanted);
            Fetching.Ended ended = fetching.run(scratch, command);
            if (!ended.ok()) {
                return Optional.empty();
            }
            Map<String, String> versions = new LinkedHashMap<>();
            Matcher matcher = INSTALL.matcher(ended.output());
            while (matcher.find()) {
                // What is installed and would only be upgraded serves as it is; a second libc would not.
                if (matcher.group("installed") == null || wanted.contains(matcher.group("name"))) {
                    versions.put(matcher.group("name"), matcher.group("version"));
                }
            }
            return Optional.of(versions).filter(found -> found.keySet().containsAll(wanted));
        }

        Fetching.Ended download(Map<String, String> versions) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(List.of("apt-get"));
            command.addAll(options);
            command.addAll(List.of("-q", "download"));
            versions.forEach((name, version) -> command.add(name + "=" + version));
            return fetching.run(scratch, command);
        }

        void useOwnLists() throws ProvisionException, IOException, InterruptedException {
            Path own = fetching.cache().resolve("apt");
            Files.createDirectories(own.resolve("lists/partial"));
            Files.createDirectories(own.resolve("cache/archives/partial"));
            List<String> all = new ArrayList<>(options);
            all.addAll(List.of(
                    "-o", "Dir::State::lists=" + own.resolve("lists"), "-o", "Dir::Cache=" + own.resolve("cache")));
            options = List.copyOf(all);
            List<String> update = new ArrayList<>(List.of("apt-get"));
            update.addAll(options);
            update.addAll(List.of("-q", "update"));
            fetching.progress("lists of packages", 0);
            Fetching.Ended ended = fetching.run(scratch, update);
            if (!ended.ok()) {
                throw failed(ended.tail());
            }
        }

        ProvisionException failed(String reason) {
            return new ProvisionException(
                    what + " could not be fetched as Debian packages (" + String.join(", ", packages) + "):\n" + reason,
                    "check the connection and /etc/apt/sources.list; or install them: apt-get install "
                            + String.join(" ", packages));
        }
    }
}
