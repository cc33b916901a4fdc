package dev.tarn.fs.hadoop;

import java.io.File;
import java.io.FileNotFoundException;
import java.net.URI;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Where a path on OneLake is on this machine: {@code abfss://WORKSPACE@onelake.dfs.fabric.microsoft.com/LAKEHOUSE/…}, the
 * lakehouse by name, with or without {@code .Lakehouse}, or by id. All workspaces are one.
 */
final class OneLakePaths {

    /** Before the name or id of a lakehouse, in lower case, the setting that has its folder. */
    static final String SETTING = "tarn.onelake.lakehouse.";

    private OneLakePaths() {}

    static boolean isOneLake(URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        return host.endsWith("onelake.dfs.fabric.microsoft.com");
    }

    /** @throws FileNotFoundException if there is no such lakehouse here */
    static File local(Path path, Configuration configuration) throws FileNotFoundException {
        String[] parts = path.toUri().getPath().replaceFirst("^/+", "").split("/", 2);
        String name = parts[0].toLowerCase(Locale.ROOT).replaceFirst("\\.lakehouse$", "");
        String root = configuration.get(SETTING + name);
        if (root == null) {
            throw new FileNotFoundException(
                    "the workspace has no lakehouse '" + parts[0] + "', as '" + path + "' asks");
        }
        return parts.length == 1 ? new File(root) : new File(root, parts[1]);
    }
}
