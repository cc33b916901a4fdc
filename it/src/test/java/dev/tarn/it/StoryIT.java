package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.cli.Main;
import dev.tarn.provision.ProvisionException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A story in a browser. Pictures of it are left in {@code target/story} for people to look at. */
class StoryIT {

    private static final String EVIL = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>\"&";

    private static final String PROJECT = """
            project: shop
            description: %s
            connections:
              in: {type: local, base_path: .}
              lake: {type: local, base_path: lake}
            pipelines:
              - pipeline: bronze
                nodes:
                  - name: orders
                    description: %s
                    read: {connection: in, format: csv, path: orders.csv}
                    sensitive: [mail]
                    validation:
                      tests:
                        - {type: range, name: positive, column: amount, min: 0, on_fail: quarantine}
                        - {type: not_null, columns: [mail], on_fail: warn}
                      quarantine: {connection: lake, table: bad_orders}
                    write: {connection: lake, format: delta, table: orders}
                  - name: people
                    read: {connection: in, format: csv, path: orders.csv}
                    tags: [nightly]
                    sensitive: [mail]
                    write: {connection: lake, format: delta, table: people}
              - pipeline: silver
                nodes:
                  - name: totals
                    inputs: {orders: $bronze.orders, people: $bronze.people}
                    transform:
                      steps:
                        - |
                          -- </script><script>window.hacked = 3</script>
                          select o.id, sum(o.amount) as total, '%s' as note
                          from orders o join people p using (id) group by all
                    write: {connection: lake, format: delta, table: totals}
                  - name: broken
                    inputs: {orders: $bronze.orders}
                    transform: {steps: ["select cast(mail as int) as n from orders"]}
                    write: {connection: lake, format: delta, table: broken}
                  - name: after_broken
                    depends_on: [broken]
                    write: {connection: lake, format: delta, table: after_broken}
            """.formatted(quoted(EVIL), quoted(EVIL), "<b>bold</b>");

    @TempDir
    Path folder;

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\\\"") + '"';
    }

    private Path story() throws Exception {
        Files.writeString(folder.resolve("tarn.yaml"), PROJECT);
        Files.writeString(
                folder.resolve("orders.csv"),
                "id,mail,amount,a_rather_long_name_of_a_column\n1,CANARY-1,5,x\n2,CANARY-2,-3,</td><script>window.hacked = 4</script>\n3,,7,"
                        + "y".repeat(150) + "\n");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        assertThat(Main.run(nowhere, nowhere, "run", folder.toString())).isEqualTo(1);
        Files.writeString(
                folder.resolve("tarn.yaml"), PROJECT.replace("sum(o.amount) as total", "max(o.amount) as most"));
        assertThat(Main.run(nowhere, nowhere, "run", folder.toString())).isEqualTo(1);
        try (Stream<Path> stories = Files.list(folder.resolve(".tarn/stories"))) {
            return stories.map(run -> run.resolve("story.html"))
                    .max((one, other) -> Long.compare(
                            one.toFile().lastModified(), other.toFile().lastModified()))
                    .orElseThrow();
        }
    }

    private Chromium browser() throws Exception {
        try {
            return Chromium.start(Files.createDirectories(folder.resolve("browser")));
        } catch (ProvisionException e) {
            return Assumptions.abort("no browser: " + e.getMessage());
        }
    }

    @Test
    void isReadableInABrowser() throws Exception {
        Path story = story();
        assertThat(Files.readString(story)).doesNotContain("CANARY");
        try (Chromium page = browser()) {
            page.size(1280, 900);
            page.colours("light");
            page.open(story.toUri());

            loadsNothing(page, story);
            showsWhatHappened(page);
            goesToANode(page);
            filters(page);
            fitsAPhone(page);
            isDarkInTheDark(page);
            pictures(page);
            assertThat(page.events("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled"))
                    .isEmpty();
            assertThat(page.events("Page.javascriptDialogOpening")).isEmpty();
            assertThat(page.evaluate("typeof window.hacked")).isEqualTo("undefined");
            saysTheSameWithoutScript(page);
        }
    }

    private static void loadsNothing(Chromium page, Path story) {
        List<String> requests = page.events("Network.requestWillBeSent").stream()
                .map(event -> String.valueOf(
                        ((Map<?, ?>) Objects.requireNonNull(event.params().get("request"))).get("url")))
                .filter(address -> !address.startsWith("data:"))
                .toList();
        assertThat(requests).containsExactly(story.toUri().toString());
    }

    private static void showsWhatHappened(Chromium page) throws Exception {
        assertThat(page.evaluate("document.querySelector('h1').textContent")).isEqualTo("shop");
        assertThat(page.evaluate("document.querySelector('.about').textContent"))
                .isEqualTo(EVIL);
        assertThat(page.evaluate("document.querySelector('#status').textContent.trim()"))
                .isEqualTo("✕ failed");
        assertThat(String.valueOf(page.evaluate("document.querySelector('#failed').closest('section').textContent")))
                .contains("silver.broken", "TARN-0501");
        assertThat(page.evaluate("document.querySelectorAll('.graph a').length"))
                .isEqualTo(5);
        assertThat(page.evaluate("document.querySelectorAll('.graph .edge').length"))
                .isEqualTo(4);
        assertThat(page.evaluate("document.querySelectorAll('.timeline .row').length"))
                .isEqualTo(4);
        assertThat(String.valueOf(page.evaluate("document.querySelector('#nodes').textContent")))
                .contains(
                        "sensitive",
                        "•••",
                        "positive",
                        "max(o.amount) as most",
                        "</td><script>window.hacked = 4</script>");
    }

    private static void goesToANode(Chromium page) throws Exception {
        String node = "details[data-find^=\"bronze.orders \"]";
        assertThat(page.evaluate("document.querySelector('" + node + "').open")).isEqualTo(false);
        Object anchor = page.evaluate("document.querySelector('" + node + "').id");

        page.click(".graph a[data-node=" + anchor + "] rect.box");

        page.await("location.hash === '#" + anchor + "' && document.querySelector('" + node + "').open");
        page.await("(b => b.top >= -1 && b.top < innerHeight / 2)(document.querySelector('" + node
                + "').getBoundingClientRect())");

        page.evaluate("document.querySelector('.graph a[data-node=n1]').focus()");
        page.press("Enter", "\r");
        page.await("location.hash === '#n1' && document.querySelector('#n1').open");
    }

    private static void filters(Chromium page) throws Exception {
        page.evaluate("document.querySelector('h1').focus()");
        page.press("/", "/");
        page.await("document.activeElement.id === 'filter'");
        page.send("Input.insertText", Map.of("text", "nightly"));
        page.await("document.querySelectorAll('details.node:not([hidden])').length === 1");
        page.evaluate(
                "(f => { f.value = ''; f.dispatchEvent(new Event('input')); })(document.querySelector('#filter'))");
        page.await("document.querySelectorAll('details.node:not([hidden])').length === 5");
    }

    private static void fitsAPhone(Chromium page) throws Exception {
        page.size(375, 800);
        page.click("#expand");
        page.await("document.querySelectorAll('details.node[open]').length === 5");
        page.await("innerWidth === 375 && document.documentElement.scrollWidth <= 375");
    }

    private static void isDarkInTheDark(Chromium page) throws Exception {
        String luminance = "(c => 0.3 * c[0] + 0.6 * c[1] + 0.1 * c[2])"
                + "(getComputedStyle(document.body).%s.match(/\\d+/g).map(Number))";
        page.await(luminance.formatted("backgroundColor") + " > 230");
        page.await(luminance.formatted("color") + " < 60");
        page.colours("dark");
        page.await(luminance.formatted("backgroundColor") + " < 40");
        page.await(luminance.formatted("color") + " > 200");
    }

    private static void pictures(Chromium page) throws Exception {
        Path pictures = Files.createDirectories(Path.of("target/story"));
        page.evaluate("scrollTo({top: 0, behavior: 'instant'})");
        page.picture(pictures.resolve("phone-dark.png"));
        page.size(1280, 900);
        page.picture(pictures.resolve("dark.png"));
        page.colours("light");
        page.picture(pictures.resolve("light.png"));
    }

    private static void saysTheSameWithoutScript(Chromium page) throws Exception {
        page.send("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        page.send("Page.reload", Map.of());
        page.await("document.readyState === 'complete' && document.querySelector('.tools').hidden");
        assertThat(page.evaluate("document.querySelectorAll('.graph a').length"))
                .isEqualTo(5);
        assertThat(page.evaluate("document.querySelectorAll('details.node').length"))
                .isEqualTo(5);
    }
}
