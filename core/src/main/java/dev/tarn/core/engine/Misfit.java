package dev.tarn.core.engine;

import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.transform.BadArgumentException;
import java.util.Optional;

/** Says as a failure what is wrong with an argument of a transformer. */
public final class Misfit {

    private Misfit() {}

    public static FailureException of(BadArgumentException e) {
        return new FailureException(
                new Failure(ProblemCode.ARGUMENT_MISFIT, e.sentence(), e.help(), Optional.of(e.span()), false, e));
    }
}
