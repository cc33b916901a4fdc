/**
 * From a project to an ordered set of nodes: dependencies resolved and proved free of cycles. Nothing runs here.
 */
@NullMarked
package dev.tarn.core.plan;

import org.jspecify.annotations.NullMarked;
