package dev.tarn.services;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Properties;

/** User and password of a service: made by chance on first use, kept in a file that only this user can read. */
record Credentials(Path file, String user, String password) {

    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    private static final int LENGTH = 24;

    static Credentials in(Path folder) throws IOException {
        Path file = folder.resolve("credentials.properties");
        Properties known = PropertiesFile.read(file);
        if (known.getProperty("password") == null) {
            known.setProperty("user", "tarn");
            known.setProperty("password", random(LENGTH));
            PropertiesFile.write(file, known);
        }
        return new Credentials(file, known.getProperty("user"), known.getProperty("password"));
    }

    private static String random(int length) {
        SecureRandom random = new SecureRandom();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "credentials of " + user + " in " + file;
    }
}
