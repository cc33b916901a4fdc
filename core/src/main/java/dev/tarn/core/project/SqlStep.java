package dev.tarn.core.project;

import dev.tarn.core.source.MappedText;

/** One step of a transform: a SELECT over {@code df} and the node's other inputs. */
public record SqlStep(MappedText sql) {}
