/** Services for the tests of users, with JUnit Jupiter, which is theirs to bring. */
@NullMarked
package dev.tarn.services.junit;

import org.jspecify.annotations.NullMarked;
