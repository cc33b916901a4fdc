/**
 * A database's change stream to ordered Delta commits, each change once. It runs in a process of its own, whose class path
 * has Debezium; nothing else imports it.
 */
@NullMarked
package dev.tarn.cdc;

import org.jspecify.annotations.NullMarked;
