/** What Fabric's utilities do, on this machine: one implementation, for whatever language asks. */
@NullMarked
package dev.tarn.notebook.platform;

import org.jspecify.annotations.NullMarked;
