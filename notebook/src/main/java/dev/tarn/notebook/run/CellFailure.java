package dev.tarn.notebook.run;

import dev.tarn.core.source.SourceSpan;
import java.util.Optional;

/**
 * Why a cell failed.
 *
 * @param span the line of the notebook; empty when no cell was at work
 * @param traceback of the notebook's own lines
 */
public record CellFailure(
        String type, String message, Optional<SourceSpan> span, String traceback, boolean interrupted) {}
