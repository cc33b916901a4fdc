package dev.tarn.cli.init;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A project to begin with. */
public enum Template {
    HELLO(
            "One file in, one table out, with a rule in between",
            List.of("tarn.yaml", "data/guests.csv", ".gitignore", ".env.example")),
    MEDALLION(
            "Bronze, silver and gold: checks, quarantine, a star schema",
            List.of(
                    "tarn.yaml",
                    "sql/silver_orders.sql",
                    "sql/dim_customer.sql",
                    "sql/dim_date.sql",
                    "sql/fact_sales.sql",
                    "data/customers.csv",
                    "data/products.csv",
                    "data/orders/2025-01.csv",
                    "data/orders/2025-02.csv",
                    "data/orders/2025-03.csv",
                    ".gitignore",
                    ".env.example"));

    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes them.
    private final List<String> files;

    Template(String description, List<String> files) {
        this.description = description;
        this.files = files;
    }

    public static Optional<Template> of(String id) {
        return Arrays.stream(values())
                .filter(template -> template.id().equals(id))
                .findFirst();
    }

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String description() {
        return description;
    }

    /** Its files, as they are named in a project. */
    public List<String> files() {
        return files;
    }

    /** Hidden files are kept without their dot: git and build tools would take them for their own. */
    byte[] content(String file) throws IOException {
        String resource = id() + "/" + file.replaceFirst("^\\.", "");
        try (InputStream in = Template.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            return in.readAllBytes();
        }
    }
}
