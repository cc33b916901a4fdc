/**
 * What ran, what came of it, and what therefore need not run again. Stands above {@code run}, whose results it stores; no
 * other package of core may use a database.
 */
@NullMarked
package dev.tarn.core.state.history;

import org.jspecify.annotations.NullMarked;
