package dev.tarn.services;

/** Text for a shell, and for the configuration of servers. */
final class Shell {

    private Shell() {}

    /** The text as a quoted scalar of YAML, which a shell's double quotes are not. */
    static String yaml(Object value) {
        return "'" + value.toString().replace("'", "''") + "'";
    }

    /** The word in quotes if it needs them. */
    static String quote(Object word) {
        String text = word.toString();
        return text.matches("[A-Za-z0-9_@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
