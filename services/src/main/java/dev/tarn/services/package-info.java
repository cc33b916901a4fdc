/** Starts, watches and stops local servers. Knows nothing of projects: what a user declares comes in as values. */
@NullMarked
package dev.tarn.services;

import org.jspecify.annotations.NullMarked;
