package dev.tarn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Says which Tarn this is, and on which Java it runs. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        Properties properties = properties();
        String revision = properties.getProperty("revision", "");
        // Unfiltered in a build that was not told.
        String built = revision.isBlank() || revision.startsWith("$") ? "" : revision + ", ";
        String java = "Java " + Runtime.version().feature();
        return new String[] {"tarn " + properties.getProperty("version") + " (" + built + java + ")"};
    }

    /** The version alone, with the revision it was built from where that is known. */
    static String number() {
        Properties properties = properties();
        String revision = properties.getProperty("revision", "");
        String built = revision.isBlank() || revision.startsWith("$") ? "" : " " + revision;
        return properties.getProperty("version") + built;
    }

    private static Properties properties() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
            return properties;
        } catch (IOException e) {
            throw new IllegalStateException("version.properties cannot be read", e);
        }
    }
}
