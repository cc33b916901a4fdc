/** What Tarn keeps under {@code .tarn} beside a project. */
@NullMarked
package dev.tarn.core.state;

import org.jspecify.annotations.NullMarked;
