package dev.tarn.core.project;

import java.util.regex.Pattern;

/** Tells by its name whether something may be a secret. Rather one too many than one too few. */
final class SecretNames {

    private static final Pattern SECRET = Pattern.compile(
            "(?i).*(passw(or)?d|passphrase|secret|token|credential|(api|account|access|private|shared)[_-]?key"
                    + "|connection[_-]?string).*|(.*[_-])?(pwd|sas|pat)([_-].*)?");

    private SecretNames() {}

    static boolean matches(String name) {
        return SECRET.matcher(name).matches();
    }
}
