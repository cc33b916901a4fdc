package dev.tarn.notebook.platform;

import dev.tarn.core.source.MappedText;
import dev.tarn.notebook.json.JsonNode;
import dev.tarn.notebook.json.JsonNumber;
import dev.tarn.notebook.platform.PlatformException.Kind;

/** What a call brings. */
record Arguments(JsonNode json) {

    String text(String name) throws PlatformException {
        return json.at(name)
                .flatMap(JsonNode::mapped)
                .map(MappedText::text)
                .orElseThrow(() -> new PlatformException(Kind.WRONG, "'" + name + "' must be a text"));
    }

    boolean flag(String name) {
        return json.at(name).map(JsonNode::isTrue).orElse(false);
    }

    long number(String name) throws PlatformException {
        return json.at(name)
                .map(JsonNode::value)
                .filter(JsonNumber.class::isInstance)
                .map(value -> ((JsonNumber) value).literal())
                .filter(literal -> literal.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElseThrow(() -> new PlatformException(Kind.WRONG, "'" + name + "' must be a whole number"));
    }
}
