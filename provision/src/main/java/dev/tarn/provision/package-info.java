/**
 * Gets what cannot be shipped, once, into the user's cache. Knows nothing of Tarn's other modules; what a service or a
 * notebook needs is asked for with a {@link dev.tarn.provision.Request}.
 */
@NullMarked
package dev.tarn.provision;

import org.jspecify.annotations.NullMarked;
