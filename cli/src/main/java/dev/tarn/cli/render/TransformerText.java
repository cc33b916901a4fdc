package dev.tarn.cli.render;

import dev.tarn.core.transform.Transformer;
import dev.tarn.core.transform.Transformers;
import dev.tarn.core.transform.TransformersPage;
import java.util.Locale;

/** Prints what transformers do: one, all in a line each, or all as a page of the documentation. */
public final class TransformerText {

    private final Console console;

    public TransformerText(Console console) {
        this.console = console;
    }

    public void one(Transformer transformer) {
        console.out().print(TransformersPage.one(transformer));
    }

    public void list() {
        Transformers.all()
                .forEach(t -> console.out().println(String.format(Locale.ROOT, "%-23s  %s", t.name(), t.summary())));
    }

    public void page() {
        console.out().print(TransformersPage.all());
    }
}
