package dev.tarn.core.story;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Writes a story as one HTML file that loads nothing. */
final class StoryHtml {

    /** Where the build puts what it makes of the templates. */
    private static final String TEMPLATES = "dev.tarn.core.story.html";

    private StoryHtml() {}

    static String write(Story story) {
        String script = resource("story.js");
        StoryPage page = StoryPage.of(story, resource("story.css"), script, policy(script));
        TemplateEngine engine =
                TemplateEngine.createPrecompiled(null, ContentType.Html, StoryHtml.class.getClassLoader(), TEMPLATES);
        StringOutput html = new StringOutput(64 * 1024);
        engine.render("story.jte", page, html);
        return html.toString();
    }

    /** Our script and no other runs, whatever a value holds; nothing is loaded from anywhere. */
    private static String policy(String script) {
        return "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
                + " script-src 'sha256-" + sha256(script) + "'";
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = StoryHtml.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource '" + name + "' beside " + StoryHtml.class);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("'" + name + "' cannot be read", e);
        }
    }
}
