package dev.tarn.core.project;

import dev.tarn.core.transform.Parameter;
import dev.tarn.core.transform.Parameter.Form;
import dev.tarn.core.transform.Transformer;
import dev.tarn.core.transform.Transformers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of transformers as keys of mappings. */
final class TransformShapes {

    private TransformShapes() {}

    static Shape of(Transformer transformer) {
        return shape("params of " + transformer.name(), transformer.parameters());
    }

    static Shape of(Form.Mappings form) {
        return shape(form.title(), form.keys());
    }

    private static Shape shape(String title, List<Parameter> parameters) {
        Shape.Builder shape = Shape.of(title);
        parameters.forEach(
                p -> shape.add(new Key(p.name(), kind(p.form()), p.required(), p.whenAbsent(), p.meaning(), false)));
        return shape.build();
    }

    private static Kind kind(Form form) {
        if (form instanceof Form.Flag) {
            return Kind.FLAG;
        }
        if (form instanceof Form.Texts) {
            return Kind.TEXTS;
        }
        if (form instanceof Form.Whole whole) {
            return new Kind.Whole(whole.min(), whole.max());
        }
        if (form instanceof Form.Share) {
            return new Kind.Share();
        }
        if (form instanceof Form.Choice choice) {
            return new Kind.Choice(choice.values());
        }
        if (form instanceof Form.Choices choices) {
            return new Kind.Either(
                    new Kind.Choice(choices.values()), new Kind.ListOf(new Kind.Choice(choices.values())));
        }
        if (form instanceof Form.Named) {
            return new Kind.Named(Kind.TEXT);
        }
        if (form instanceof Form.NamedValues) {
            return new Kind.Named(Kind.ANY);
        }
        if (form instanceof Form.Mappings mappings) {
            return new Kind.ListOf(new Kind.Of(of(mappings)));
        }
        return form instanceof Form.Value ? Kind.ANY : Kind.TEXT;
    }

    /** The shapes of all transformers, by their names, and then of what they are made of. */
    static Map<String, Shape> all() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        Transformers.all().forEach(transformer -> shapes.put(transformer.name(), of(transformer)));
        return shapes;
    }

    /** The shapes of mappings that parameters hold. */
    static List<Shape> inner() {
        List<Shape> inner = new ArrayList<>();
        Transformers.all()
                .forEach(transformer -> transformer.parameters().forEach(parameter -> {
                    if (parameter.form() instanceof Form.Mappings mappings) {
                        inner.add(of(mappings));
                    }
                }));
        return inner;
    }
}
