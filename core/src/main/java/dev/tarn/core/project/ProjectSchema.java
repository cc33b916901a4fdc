package dev.tarn.core.project;

import dev.tarn.core.transform.Transformers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The model of project files as a JSON Schema (draft 2020-12), for editors and other tools. */
public final class ProjectSchema {

    private ProjectSchema() {}

    /** The schema as maps, lists and values. */
    public static Map<String, Object> json() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Tarn project");
        schema.put("description", "A project file, one that it imports, or a file env.NAME.yaml.");
        schema.put("type", "object");
        // Several files make one project: what one of them lacks another one may have.
        schema.put("if", object("required", List.of("project"), "not", object("required", List.of(Imports.KEY))));
        schema.put("then", ref(Model.PROJECT.id()));
        schema.put("else", ref("part_of_" + Model.PROJECT.id()));
        schema.put("$defs", definitions());
        return schema;
    }

    private static Map<String, Object> definitions() {
        Map<String, Object> definitions = new LinkedHashMap<>();
        definitions.put("reference", object("type", "string", "pattern", "\\$\\{"));
        definitions.put("reference_or_nothing", object("type", List.of("string", "null"), "pattern", "\\$\\{"));
        for (Shape shape : Model.all()) {
            definitions.put(shape.id(), new Definition(false).of(shape));
        }
        for (Shape shape : Model.all()) {
            definitions.put("part_of_" + shape.id(), new Definition(true).of(shape));
        }
        TransformShapes.inner().forEach(shape -> definitions.put(shape.id(), new Definition(false).of(shape)));
        TransformShapes.all().values().forEach(shape -> definitions.put(shape.id(), new Definition(false).of(shape)));
        return definitions;
    }

    /** A mapping that keeps its order, so that the text is always the same. */
    private static Map<String, Object> object(Object... keysAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }

    private static Map<String, Object> ref(String definition) {
        return object("$ref", "#/$defs/" + definition);
    }

    /**
     * Describes mappings.
     *
     * @param part whether others are laid over it, or it over others, so that no key must be there
     */
    private record Definition(boolean part) {

        Map<String, Object> of(Shape shape) {
            boolean partial = part || shape.equals(Model.ENVIRONMENT);
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("title", shape.title());
            schema.put("type", "object");
            Map<String, Object> properties = new LinkedHashMap<>();
            shape.keys().values().forEach(key -> properties.put(key.name(), new Definition(partial).of(key)));
            schema.put("properties", properties);
            List<String> required = shape.keys().values().stream()
                    .filter(Key::required)
                    .map(Key::name)
                    .toList();
            if (!required.isEmpty() && !partial) {
                schema.put("required", required);
            }
            schema.put("additionalProperties", false);
            shape.keys().values().stream()
                    .filter(key -> key.kind() instanceof Kind.TransformerName)
                    .forEach(key -> schema.put("allOf", params(key.name())));
            return schema;
        }

        /** Decides by the transformer which parameters there are. */
        private List<Map<String, Object>> params(String key) {
            List<Map<String, Object>> cases = new ArrayList<>();
            TransformShapes.all()
                    .forEach((name, shape) -> cases.add(object(
                            "if",
                            object("required", List.of(key), "properties", object(key, object("const", name))),
                            "then",
                            object("properties", object("params", ref(shape.id()))))));
            return cases;
        }

        private Map<String, Object> of(Key key) {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("description", description(key));
            schema.putAll(value(key.kind(), key.required() && !part));
            if (key.ignored()) {
                schema.put("deprecated", true);
            }
            return schema;
        }

        private static String description(Key key) {
            return key.meaning() + (key.whenAbsent().isEmpty() ? "" : " (default: " + key.whenAbsent() + ")");
        }

        /** A value that may be left empty unless it is required, and given by a reference. */
        private Map<String, Object> value(Kind kind, boolean required) {
            if (kind instanceof Kind.Any) {
                return object();
            }
            if (kind instanceof Kind.Text) {
                return object(
                        "type",
                        required
                                ? List.of("string", "number", "boolean")
                                : List.of("string", "number", "boolean", "null"));
            }
            List<Object> any = new ArrayList<>(alternatives(kind));
            // A text with a reference in it may become anything.
            any.add(ref(required ? "reference" : "reference_or_nothing"));
            return object("anyOf", any);
        }

        private List<Map<String, Object>> alternatives(Kind kind) {
            if (kind instanceof Kind.Either either) {
                return either.kinds().stream()
                        .flatMap(k -> alternatives(k).stream())
                        .toList();
            }
            return List.of(plain(kind));
        }

        private Map<String, Object> plain(Kind kind) {
            if (kind instanceof Kind.Flag) {
                return object("type", "boolean");
            }
            if (kind instanceof Kind.Whole whole) {
                Map<String, Object> number = object("type", "integer", "minimum", whole.min());
                if (whole.max() < Long.MAX_VALUE) {
                    number.put("maximum", whole.max());
                }
                return number;
            }
            if (kind instanceof Kind.Share) {
                return object("type", "number", "minimum", 0, "maximum", 1);
            }
            if (kind instanceof Kind.Bound) {
                return object("type", List.of("number", "string"));
            }
            if (kind instanceof Kind.TransformerName) {
                return object("enum", Transformers.names());
            }
            if (kind instanceof Kind.Choice choice) {
                return object("enum", choice.values());
            }
            if (kind instanceof Kind.Texts) {
                List<String> text = List.of("string", "number", "boolean");
                return object("anyOf", List.of(object("type", text), list(object("type", text))));
            }
            if (kind instanceof Kind.ListOf list) {
                return list(value(list.item(), true));
            }
            if (kind instanceof Kind.Named named) {
                return object("type", "object", "additionalProperties", value(named.value(), false));
            }
            if (kind instanceof Kind.Of of) {
                return ref((part ? "part_of_" : "") + of.shape().id());
            }
            return kind instanceof Kind.ByType byType ? byType(byType) : value(kind, true);
        }

        private static Map<String, Object> list(Object items) {
            return object("type", "array", "items", items);
        }

        /** Decides by one key which mapping is meant, so that an editor speaks of that one only. */
        private Map<String, Object> byType(Kind.ByType byType) {
            List<Object> names = new ArrayList<>();
            List<Object> cases = new ArrayList<>();
            for (Shape shape : byType.shapes()) {
                Kind.Choice type = (Kind.Choice) shape.keys().values().stream()
                        .filter(key -> key.name().equals(byType.key()))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(shape.title() + " has no type"))
                        .kind();
                names.addAll(type.values());
                cases.add(object(
                        "if",
                        object("properties", object(byType.key(), object("enum", type.values()))),
                        "then",
                        ref(shape.id())));
            }
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "object");
            schema.put("required", List.of(byType.key()));
            schema.put("properties", object(byType.key(), object("description", "the rule", "enum", names)));
            schema.put("allOf", cases);
            return schema;
        }
    }
}
