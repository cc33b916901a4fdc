package dev.tarn.it;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tarn.provision.DebianPackages;
import dev.tarn.provision.FetchListener;
import dev.tarn.provision.ProvisionException;
import dev.tarn.provision.Provisioner;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Chromium without a window, driven over the DevTools protocol: the one that is installed, or Debian's, unpacked into the
 * user's cache. It shows one page; its process ends with {@link #close}.
 */
final class Chromium implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What the page or the browser did, such as a request or a message on the console. */
    record Event(String method, Map<?, ?> params) {}

    private final Process process;
    private final WebSocket socket;
    private final Answers answers;
    private final String session;

    private Chromium(Process process, WebSocket socket, Answers answers, String session) {
        this.process = process;
        this.socket = socket;
        this.answers = answers;
        this.session = session;
    }

    /** Starts one; its profile goes into the folder. Throws {@link ProvisionException} where there is none to be had. */
    static Chromium start(Path folder) throws Exception {
        Path profile = folder.resolve("profile");
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>());
        addProgram(builder);
        builder.command()
                .addAll(List.of(
                        "--headless",
                        // Without it no one starts as root; it opens a file of ours and nothing else.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank"));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("chromium.log").toFile())
                .start();
        try {
            List<String> address = address(profile, process, folder);
            Answers answers = new Answers();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + address.get(0) + address.get(1)), answers)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            Chromium browser = new Chromium(process, socket, answers, "");
            Object target = browser.send("Target.createTarget", Map.of("url", "about:blank"))
                    .get("targetId");
            Object session = browser.send("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                    .get("sessionId");
            Chromium page = new Chromium(process, socket, answers, String.valueOf(session));
            for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
                page.send(domain + ".enable", Map.of());
            }
            return page;
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static void addProgram(ProcessBuilder builder)
            throws ProvisionException, InterruptedException, IOException {
        Optional<Path> installed = Stream.of("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        if (installed.isPresent()) {
            builder.command().add(installed.get().toString());
            return;
        }
        Map<String, String> environment = System.getenv();
        Path root = new Provisioner(
                        Provisioner.userCache(environment),
                        Provisioner.isOffline(environment),
                        environment,
                        FetchListener.NONE)
                .get(new DebianPackages("Chromium", "chromium-headless-shell"));
        builder.command()
                .add(root.resolve("usr/lib/chromium/chromium-headless-shell").toString());
        builder.environment().put("LD_LIBRARY_PATH", libraries(root));
    }

    /** Libraries are unpacked, too, some of them in folders that their users know by their absolute path. */
    private static String libraries(Path root) throws IOException {
        try (Stream<Path> found = Files.walk(root)) {
            return found.filter(file -> file.getFileName().toString().contains(".so"))
                    .map(file -> String.valueOf(file.getParent()))
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }

    /** Port and path, which the browser writes down once it listens. */
    private static List<String> address(Path profile, Process process, Path folder) throws Exception {
        Path file = profile.resolve("DevToolsActivePort");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            if (Files.exists(file)) {
                List<String> lines = Files.readAllLines(file);
                if (lines.size() >= 2) {
                    return lines;
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IllegalStateException(
                "Chromium does not start:\n" + Files.readString(folder.resolve("chromium.log")));
    }

    /** What comes from the browser. */
    private static final class Answers implements WebSocket.Listener {

        private final Map<Integer, CompletableFuture<Map<String, Object>>> awaited = new ConcurrentHashMap<>();
        private final List<Event> events = new CopyOnWriteArrayList<>();
        private final AtomicInteger sent = new AtomicInteger();
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                accept(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        private void accept(String message) {
            try {
                Map<String, Object> json = JSON.std.mapFrom(message);
                if (json.get("id") instanceof Integer id) {
                    Objects.requireNonNull(awaited.remove(id)).complete(json);
                } else if (json.get("params") instanceof Map<?, ?> params) {
                    events.add(new Event(String.valueOf(json.get("method")), params));
                }
            } catch (IOException e) {
                throw new IllegalStateException(message, e);
            }
        }
    }

    /** Sends a command of the protocol and waits for its result. */
    Map<?, ?> send(String method, Map<String, ?> params) throws Exception {
        int id = answers.sent.incrementAndGet();
        CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
        answers.awaited.put(id, answer);
        Map<String, Object> command =
                new java.util.LinkedHashMap<>(Map.of("id", id, "method", method, "params", params));
        if (!session.isEmpty()) {
            command.put("sessionId", session);
        }
        socket.sendText(JSON.std.asString(command), true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Map<String, Object> result = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (result.get("error") != null) {
            throw new IllegalStateException(method + ": " + result.get("error"));
        }
        return (Map<?, ?>) Objects.requireNonNull(result.get("result"));
    }

    /** Opens a page and waits until all of it is there. */
    void open(URI address) throws Exception {
        send("Page.navigate", Map.of("url", address.toString()));
        await("document.readyState === 'complete' && location.href.startsWith('file:')");
    }

    /** The value of an expression in the page. */
    @Nullable
    Object evaluate(String expression) throws Exception {
        Map<?, ?> answer = send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (answer.get("exceptionDetails") != null) {
            throw new IllegalStateException(expression + ": " + answer);
        }
        return ((Map<?, ?>) Objects.requireNonNull(answer.get("result"))).get("value");
    }

    void await(String condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Boolean.TRUE.equals(evaluate(condition))) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never true: " + condition);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    void size(int width, int height) throws Exception {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    }

    void colours(String scheme) throws Exception {
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** A click of the mouse on the middle of what a selector finds. */
    void click(String selector) throws Exception {
        String found = "document.querySelector('" + selector + "')";
        evaluate(found + ".scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'})");
        String box = found + ".getBoundingClientRect()";
        Map<String, Object> at = new java.util.LinkedHashMap<>();
        at.put("x", evaluate("(b => b.x + b.width / 2)(" + box + ")"));
        at.put("y", evaluate("(b => b.y + b.height / 2)(" + box + ")"));
        at.put("button", "left");
        at.put("clickCount", 1);
        for (String type : List.of("mousePressed", "mouseReleased")) {
            at.put("type", type);
            send("Input.dispatchMouseEvent", at);
        }
    }

    void press(String key, String text) throws Exception {
        send("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "text", text));
        send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    }

    /** The whole page as PNG, for people. */
    void picture(Path file) throws Exception {
        Map<?, ?> picture = send("Page.captureScreenshot", Map.of("captureBeyondViewport", true, "format", "png"));
        Files.write(file, java.util.Base64.getDecoder().decode(String.valueOf(picture.get("data"))));
    }

    List<Event> events(String... methods) {
        return answers.events.stream()
                .filter(event -> List.of(methods).contains(event.method()))
                .toList();
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
