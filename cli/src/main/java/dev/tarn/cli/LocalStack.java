package dev.tarn.cli;

import dev.tarn.cli.render.Console;
import dev.tarn.cli.render.ErrorText;
import dev.tarn.core.project.ProjectLoader;
import dev.tarn.core.project.ServiceDeclaration;
import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.provision.ProvisionException;
import dev.tarn.services.Memory;
import dev.tarn.services.ServerStatus;
import dev.tarn.services.ServiceException;
import dev.tarn.services.ServiceSpec;
import dev.tarn.services.ServiceType;
import dev.tarn.services.Stack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The services of a project, as the commands use them. */
final class LocalStack {

    /** What a command does with the services. */
    interface Work {
        int run() throws IOException, InterruptedException, ServiceException, ProvisionException;
    }

    private final StackOptions options;
    private final Console console;
    private final Map<String, String> environment = System.getenv();

    LocalStack(StackOptions options, Console console) {
        this.options = options;
        this.console = console;
    }

    Stack stack() {
        Path folder = options.folder();
        return new Stack(folder, environment, supervisor(folder), Clock.systemUTC());
    }

    /** This program again, small: it sleeps most of the time. */
    private static List<String> supervisor(Path folder) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(
                java,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx48m",
                "-Xss256k",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.tarn.cli.Main",
                SuperviseCommand.NAME,
                folder.toString());
    }

    /** The declared services; where none is declared, those that most projects need. */
    List<ServiceSpec> declared(Problems problems) {
        List<ServiceSpec> declared = new ProjectLoader(environment, Clock.systemUTC())
                .services(options.path, options.environment, problems).stream()
                        .map(this::spec)
                        .toList();
        return declared.isEmpty()
                ? ServiceType.DEFAULTS.stream()
                        .map(ServiceSpec::of)
                        .map(this::withVariables)
                        .toList()
                : declared;
    }

    /** Those that are named on the command line; one that is not declared is taken as it is without settings. */
    List<ServiceSpec> wanted(Problems problems) {
        List<ServiceSpec> declared = declared(problems);
        if (options.services.isEmpty()) {
            return declared;
        }
        List<ServiceSpec> wanted = new ArrayList<>();
        for (String name : options.services) {
            wanted.add(declared.stream()
                    .filter(spec -> spec.name().equals(name))
                    .findFirst()
                    .or(() -> ServiceType.of(name).map(ServiceSpec::of).map(this::withVariables))
                    .orElseThrow(() -> unknown(name, declared)));
        }
        return wanted;
    }

    /** The named services, or all that the stack has. */
    List<String> existing(Stack stack) throws IOException {
        List<String> known =
                stack.status().stream().map(ServerStatus::service).distinct().toList();
        for (String name : options.services) {
            if (!known.contains(name)) {
                throw new UsageException(
                        "there is no service " + Names.quoted(name) + " in this stack",
                        Names.didYouMean(name, known).orElse("'tarn status' lists what there is"));
            }
        }
        return options.services.isEmpty() ? known : options.services;
    }

    private static UsageException unknown(String name, List<ServiceSpec> declared) {
        List<String> known =
                new ArrayList<>(declared.stream().map(ServiceSpec::name).toList());
        Arrays.stream(ServiceType.values()).map(ServiceType::id).forEach(known::add);
        return new UsageException(
                "there is no service " + Names.quoted(name),
                Names.didYouMean(name, known)
                        .orElse("there are "
                                + String.join(", ", known.stream().distinct().toList())));
    }

    private ServiceSpec spec(ServiceDeclaration declaration) {
        return withVariables(new ServiceSpec(
                declaration.name(),
                ServiceType.of(declaration.type()).orElseThrow(),
                declaration.port(),
                declaration.memory(),
                declaration.settings(),
                declaration.options()));
    }

    /** Variables such as {@code TARN_SERVICE_POSTGRES_PORT} win over the project. */
    private ServiceSpec withVariables(ServiceSpec spec) {
        String prefix = "TARN_SERVICE_" + spec.name().toUpperCase(Locale.ROOT).replace('-', '_') + "_";
        OptionalInt port = spec.port();
        OptionalLong memory = spec.memory();
        String portText = environment.getOrDefault(prefix + "PORT", "");
        if (!portText.isEmpty()) {
            if (!portText.matches("[1-9][0-9]{0,4}") || Integer.parseInt(portText) > 65535) {
                throw new UsageException(
                        prefix + "PORT is " + Names.quoted(portText), "a port is a number from 1 to 65535");
            }
            port = OptionalInt.of(Integer.parseInt(portText));
        }
        String memoryText = environment.getOrDefault(prefix + "MEMORY", "");
        if (!memoryText.isEmpty()) {
            memory = Memory.parse(memoryText);
            if (memory.isEmpty()) {
                throw new UsageException(
                        prefix + "MEMORY is " + Names.quoted(memoryText), "give an amount such as 512m or 2g");
            }
        }
        Map<String, List<String>> all = new HashMap<>(spec.options());
        ServiceDeclaration.types().getOrDefault(spec.type().id(), List.of()).forEach(option -> {
            String value = environment.getOrDefault(prefix + option.toUpperCase(Locale.ROOT), "");
            if (!value.isEmpty()) {
                all.put(option, List.of(value));
            }
        });
        return new ServiceSpec(spec.name(), spec.type(), port, memory, spec.settings(), all);
    }

    /** Runs it, and says what went wrong. */
    int run(Work work) throws InterruptedException {
        try {
            return work.run();
        } catch (ServiceException e) {
            return failed(ProblemCode.SERVICE_FAILED, String.valueOf(e.getMessage()), e.help());
        } catch (ProvisionException e) {
            return failed(ProblemCode.NOT_PROVISIONED, String.valueOf(e.getMessage()), e.help());
        } catch (IOException e) {
            return failed(
                    ProblemCode.STATE_UNWRITABLE,
                    "cannot work in " + options.folder().resolve(".tarn") + ": " + e.getMessage(),
                    "check that the disk is not full and that you may write there");
        }
    }

    private int failed(ProblemCode code, String message, String help) {
        new ErrorText(console).environment(code, message, help, options.json());
        return ExitCode.FAILED;
    }
}
