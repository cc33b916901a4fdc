package dev.tarn.lake;

import java.util.Optional;

/**
 * Something that is not as it should be.
 *
 * @param isDamage whether readers may fail or go wrong; otherwise it only is worth to be known
 * @param file by its path in the table or its log
 * @param isRepairable whether a repair can mend it without the risk to lose anything
 */
public record CheckFinding(
        CheckCode code, boolean isDamage, Optional<String> file, String message, boolean isRepairable) {
    static CheckFinding damage(CheckCode code, String file, String message) {
        return new CheckFinding(code, true, Optional.of(file), message, false);
    }

    static CheckFinding note(CheckCode code, String file, String message) {
        return new CheckFinding(code, false, Optional.of(file), message, false);
    }

    CheckFinding repairable() {
        return new CheckFinding(code, isDamage, file, message, true);
    }

    CheckFinding harmless() {
        return new CheckFinding(code, false, file, message, isRepairable);
    }
}
