package dev.tarn.core.project;

import dev.tarn.core.check.Check;
import java.util.List;
import java.util.Optional;

/** The checks on a node's output and where rejected rows go. */
public record Validation(List<Check> checks, Optional<Quarantine> quarantine) {

    /** No checks. */
    public static final Validation NONE = new Validation(List.of(), Optional.empty());

    public Validation {
        checks = List.copyOf(checks);
    }
}
