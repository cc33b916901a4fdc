package dev.tarn.services;

/** Text for a shell. */
final class Shell {

    private Shell() {}

    /** The word in quotes if it needs them. */
    static String quote(Object word) {
        String text = word.toString();
        return text.matches("[A-Za-z0-9_@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
