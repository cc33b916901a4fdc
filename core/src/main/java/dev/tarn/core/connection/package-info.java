/**
 * Named places where data lives. An engine turns a location into bytes; this package only says where it is.
 * Secrets are references here; those who use a connection ask for their values at the last moment.
 */
@NullMarked
package dev.tarn.core.connection;

import org.jspecify.annotations.NullMarked;
