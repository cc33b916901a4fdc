/** The items of a workspace beside its notebooks, as Fabric's git integration writes them. */
@NullMarked
package dev.tarn.notebook.item;

import org.jspecify.annotations.NullMarked;
