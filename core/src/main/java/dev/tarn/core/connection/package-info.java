/**
 * Named places where data lives. An engine turns a location into bytes; this package only says where it is.
 */
@NullMarked
package dev.tarn.core.connection;

import org.jspecify.annotations.NullMarked;
