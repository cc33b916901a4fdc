/** What must be well on a machine and in a project before pipelines run. Looks only; changes nothing. */
@NullMarked
package dev.tarn.cli.doctor;

import org.jspecify.annotations.NullMarked;
