/** Everything a person or a program reads from the command line: text, colours, progress, JSON. */
@NullMarked
package dev.tarn.cli.render;

import org.jspecify.annotations.NullMarked;
