package dev.tarn.cli.render;

import dev.tarn.cli.render.Console.Style;
import dev.tarn.services.Compose;
import dev.tarn.services.Memory;
import dev.tarn.services.ServerState;
import dev.tarn.services.ServerStatus;
import dev.tarn.services.ServiceSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints how services are. */
public final class ServicesText {

    private static final String SCHEMA = "tarn/services/v1";

    private final Console console;

    public ServicesText(Console console) {
        this.console = console;
    }

    /** A server came into another state: progress, on standard error. */
    public void changed(ServerStatus status) {
        String why = status.state() == ServerState.RESTARTING ? ": " + status.reason() : "";
        console.err().println(status.name() + ": " + paint(status.state()) + why);
    }

    private String paint(ServerState state) {
        return switch (state) {
            case HEALTHY -> console.paint(Style.GOOD, state.word());
            case FAILED -> console.paint(Style.ERROR, state.word());
            case RESTARTING -> console.paint(Style.WARNING, state.word());
            default -> state.word();
        };
    }

    /** The table, or JSON. */
    public void print(List<ServerStatus> statuses, boolean json) {
        if (json) {
            console.out().println(Json.text(json(statuses)));
        } else if (statuses.isEmpty()) {
            console.out().println("no services; 'tarn up' starts some");
        } else {
            table(statuses);
        }
    }

    private void table(List<ServerStatus> statuses) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("service", "state", "endpoint", "memory", "limit"));
        for (ServerStatus status : statuses) {
            boolean runs = status.pid().isPresent();
            rows.add(List.of(
                    status.name(),
                    status.state().word(),
                    status.endpoint().isEmpty() ? "-" : status.endpoint(),
                    runs ? Memory.text(status.memory()) : "-",
                    Memory.text(status.memoryLimit())));
        }
        long total = statuses.stream().mapToLong(ServerStatus::memory).sum();
        if (statuses.size() > 1) {
            rows.add(List.of("", "", "", Memory.text(total), ""));
        }
        Columns.print(rows, 3, console.out());
    }

    /** How to reach each, and where its password is. */
    public void clients(List<ServerStatus> statuses) {
        for (ServerStatus status : statuses) {
            if (!status.facts().isEmpty()) {
                console.out().println();
                console.out().println(status.name());
                status.facts().forEach((name, value) -> console.out().println("  " + name + ": " + value));
            }
        }
    }

    /** Why some failed, and what to do about it. */
    public void failures(List<ServerStatus> statuses) {
        for (ServerStatus status : statuses) {
            if (status.state() == ServerState.FAILED) {
                console.err()
                        .println(console.paint(Style.ERROR, "error[TARN-0520]") + ": service '" + status.name()
                                + "' failed: " + status.reason());
                console.err().println(console.paint(Style.NOTE, "help") + ": " + status.help());
            } else if (!status.reason().isEmpty()) {
                new ErrorText(console).warning("service '" + status.name() + "': " + status.reason(), status.help());
            }
        }
    }

    public void stopped(List<String> services, boolean removed, boolean json) {
        String word = removed ? "removed" : "stopped";
        if (json) {
            Map<String, Object> answer = Json.answer(SCHEMA, word);
            answer.put("services", services);
            console.out().println(Json.text(answer));
        } else {
            console.out().println(services.isEmpty() ? "no services" : word + " " + String.join(", ", services));
        }
    }

    public void fetched(List<String> services, boolean json) {
        if (json) {
            Map<String, Object> answer = Json.answer(SCHEMA, "fetched");
            answer.put("services", services);
            console.out().println(Json.text(answer));
        } else {
            console.out().println("all is there for " + String.join(", ", services));
        }
    }

    /** Complete as it is but for the passwords, which compose takes from {@code .env} or the environment. */
    public void compose(List<ServiceSpec> specs, boolean json) {
        Map<String, Object> tree = Compose.tree(specs);
        if (json) {
            Map<String, Object> answer = Json.answer(SCHEMA, "shown");
            answer.put("compose", tree);
            console.out().println(Json.text(answer));
            return;
        }
        StringBuilder text = new StringBuilder("# Made by 'tarn up --compose', for Docker Compose 2.23.1 or later.\n");
        for (String variable : Compose.passwords(specs)) {
            text.append("# Once: echo \"" + variable + "=$(openssl rand -base64 24)\" >> .env\n");
        }
        YamlText.append(text, tree);
        console.out().print(text);
        console.out().flush();
    }

    private static Map<String, Object> json(List<ServerStatus> statuses) {
        boolean failed = statuses.stream().anyMatch(status -> status.state() == ServerState.FAILED);
        Map<String, Object> answer = Json.answer(SCHEMA, failed ? "failed" : "ok");
        answer.put("services", statuses.stream().map(ServicesText::json).toList());
        return answer;
    }

    private static Map<String, Object> json(ServerStatus status) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", status.name());
        json.put("service", status.service());
        json.put("type", status.type().id());
        json.put("state", status.state().word());
        json.put("reason", status.reason().isEmpty() ? null : status.reason());
        json.put("help", status.help().isEmpty() ? null : status.help());
        json.put("endpoint", status.endpoint().isEmpty() ? null : status.endpoint());
        json.putAll(status.facts());
        json.put("pid", status.pid().isPresent() ? status.pid().getAsLong() : null);
        json.put("memory_bytes", status.memory());
        json.put("memory_limit_bytes", status.memoryLimit());
        json.put("restarts", status.restarts());
        json.put("since", status.since().toString());
        json.put("log", status.log().toString());
        return json;
    }
}
