package dev.tarn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Says which Tarn this is, and on which Java it runs. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"tarn " + number() + " (Java " + Runtime.version().feature() + ")"};
    }

    static String number() {
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new IllegalStateException("version.properties cannot be read", e);
        }
    }
}
