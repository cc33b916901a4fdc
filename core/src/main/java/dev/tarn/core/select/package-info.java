/**
 * Which nodes a user asks for: {@code --select} and {@code --exclude} in dbt's grammar, parsed to a small tree and looked up
 * in a plan. Nothing here changes a plan, reads data or knows an engine.
 */
@NullMarked
package dev.tarn.core.select;

import org.jspecify.annotations.NullMarked;
