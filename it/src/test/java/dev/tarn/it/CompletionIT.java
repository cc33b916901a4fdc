package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.tarn.provision.DebianPackages;
import dev.tarn.provision.FetchListener;
import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The completion scripts in the shells that they are for. Bash, which every machine has, is tested with the commands. */
class CompletionIT {

    /** Drives a zsh of its own through a pseudo terminal, and notes what its completion would offer. */
    private static final String ZSH_DRIVER = """
            root=$1 script=$2 line=$3 offers=$4
            modules=($root/usr/lib/*/zsh/*(N/))
            module_path=($modules)
            zmodload zsh/zpty || exit 3
            zpty shell $root/bin/zsh -f -i
            zpty -w shell "module_path=($modules) fpath=($root/usr/share/zsh/functions $root/usr/share/zsh/functions/**/*(N/))"
            zpty -w shell 'autoload -Uz compinit; compinit -D -u; bindkey "^I" complete-word'
            zpty -w shell "source ${(q)script}"
            zpty -w shell 'compadd () {
              typeset -a offered
              builtin compadd -A offered "$@"
              if (( $#offered )); then print -rl -- $IPREFIX$^offered >> '${(q)offers}'; print >> '${(q)offers}.done'; fi
              builtin compadd "$@"
            }; print REA""DY'
            zpty -r shell ready '*READY*' || exit 4
            zpty -n -w shell "$line"$'\\t'
            for i in {1..300}; do [[ -e $offers.done ]] && break; sleep 0.1; done
            zpty -d shell
            """;

    @TempDir
    Path scratch;

    private Path tarn;

    @BeforeEach
    void makeACommandAndAProject() throws IOException {
        tarn = Files.writeString(scratch.resolve("tarn"), """
                #!/bin/sh
                exec '%s/bin/java' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '%s' dev.tarn.cli.Main "$@"
                """.formatted(
                        System.getProperty("java.home"), System.getProperty("java.class.path")));
        assertThat(tarn.toFile().setExecutable(true)).isTrue();
        Path project = Files.createDirectory(scratch.resolve("project"));
        Files.writeString(project.resolve("in.csv"), "id\n1\n");
        Files.writeString(project.resolve("tarn.yaml"), """
                project: shop
                connections: {in: {type: local, base_path: .}}
                pipelines:
                  - pipeline: p
                    nodes:
                      - {name: orders, read: {connection: in, format: csv, path: in.csv}}
                      - {name: order_count, depends_on: [orders], transform: {steps: [select count(*) as n from df]}}
                """);
    }

    private static Path unpacked(String shell) throws IOException, InterruptedException {
        try {
            Map<String, String> environment = System.getenv();
            return new Provisioner(
                            Provisioner.userCache(environment),
                            Provisioner.isOffline(environment),
                            environment,
                            FetchListener.NONE)
                    .get(new DebianPackages(shell, shell));
        } catch (ProvisionException e) {
            return abort("no " + shell + " is to be had: " + e.getMessage());
        }
    }

    private String output(Path root, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectError(scratch.resolve("shell.err").toFile());
        try (Stream<Path> files = Files.walk(root)) {
            builder.environment()
                    .put(
                            "LD_LIBRARY_PATH",
                            files.filter(file -> file.getFileName().toString().contains(".so"))
                                    .map(file -> String.valueOf(file.getParent()))
                                    .distinct()
                                    .sorted()
                                    .collect(Collectors.joining(":")));
        }
        builder.environment().put("HOME", scratch.toString());
        builder.environment().put("TERM", "xterm");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(scratch.resolve("shell.err")))
                    .isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private Path script(String shell) throws IOException, InterruptedException {
        return Files.writeString(
                scratch.resolve("_tarn"), output(scratch, List.of(tarn.toString(), "completion", shell)));
    }

    @FunctionalInterface
    private interface Shell {
        /** What is offered at the end of a line. */
        List<String> offers(String line) throws Exception;
    }

    private void assertCompletes(Shell shell) throws Exception {
        assertThat(shell.offers("tarn va")).containsExactly("validate");
        assertThat(shell.offers("tarn run --dr")).containsExactly("--dry-run");
        assertThat(shell.offers("tarn graph --format m")).containsExactly("mermaid");
        assertThat(shell.offers("tarn config e")).containsExactly("explain");
        assertThat(shell.offers(tarn + " run project --select +p.order_")).containsExactly("+p.order_count");
        assertThat(shell.offers(tarn + " ls -p project --exclude tag:x,p.ord"))
                .containsExactlyInAnyOrder("tag:x,p.orders", "tag:x,p.order_count");
        assertThat(shell.offers(tarn + " ls project --state la")).contains("last");
    }

    @Test
    void zshOffersWhatFits() throws Exception {
        Path root = unpacked("zsh");
        Path script = script("zsh");
        Path driver = Files.writeString(scratch.resolve("driver.zsh"), ZSH_DRIVER);

        assertCompletes(line -> {
            Path offers = scratch.resolve("offers");
            Files.deleteIfExists(offers);
            Files.deleteIfExists(scratch.resolve("offers.done"));
            output(
                    root,
                    Stream.of(root.resolve("bin/zsh"), "-f", driver, root, script, line, offers)
                            .map(Object::toString)
                            .toList());
            assertThat(offers).as("nothing is offered for '%s'", line).exists();
            return Files.readAllLines(offers);
        });
    }

    @Test
    void fishOffersWhatFits() throws Exception {
        Path root = unpacked("fish");
        Path script = script("fish");

        assertCompletes(line -> output(
                        root,
                        List.of(
                                root.resolve("usr/bin/fish").toString(),
                                "--no-config",
                                "-c",
                                "set -g fish_function_path $argv[1]/usr/share/fish/functions; source $argv[2]; complete -C $argv[3]",
                                root.toString(),
                                script.toString(),
                                line))
                .lines()
                .map(offer -> offer.replaceFirst("\t.*", ""))
                .toList());
    }
}
