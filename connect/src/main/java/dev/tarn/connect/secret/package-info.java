/** The stores of secrets: variables, an encrypted file, Azure Key Vault. Values leave it towards servers only. */
@NullMarked
package dev.tarn.connect.secret;

import org.jspecify.annotations.NullMarked;
