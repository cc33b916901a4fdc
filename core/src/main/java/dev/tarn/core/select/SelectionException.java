package dev.tarn.core.select;

import java.util.List;
import java.util.stream.Collectors;

/** Says all that is wrong with a selection. */
public final class SelectionException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<SelectionProblem> problems;

    SelectionException(List<SelectionProblem> problems) {
        super(problems.stream().map(SelectionProblem::message).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    public List<SelectionProblem> problems() {
        return problems;
    }
}
