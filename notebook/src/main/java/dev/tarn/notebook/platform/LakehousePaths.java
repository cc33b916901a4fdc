package dev.tarn.notebook.platform;

import dev.tarn.notebook.platform.PlatformException.Kind;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a path of a notebook is on this machine: relative to the default lakehouse, below {@code /lakehouse/default}, on
 * OneLake by name or id, or a plain file.
 */
public final class LakehousePaths {

    private static final Pattern ONELAKE = Pattern.compile(
            "abfss?://(?<workspace>[^@/]+)@[a-z0-9-]*onelake\\.dfs\\.fabric\\.microsoft\\.com/(?<item>[^/]+?)(?:\\.Lakehouse)?(?<rest>/.*)?",
            Pattern.CASE_INSENSITIVE);

    private final Optional<Path> defaultLakehouse;
    private final Function<String, Optional<Path>> byName;

    /**
     * @param byName the folder of the lakehouse that has this name or id
     */
    public LakehousePaths(Optional<Path> defaultLakehouse, Function<String, Optional<Path>> byName) {
        this.defaultLakehouse = defaultLakehouse;
        this.byName = byName;
    }

    public Path resolve(String path) throws PlatformException {
        Matcher onelake = ONELAKE.matcher(path);
        if (onelake.matches()) {
            String item = onelake.group("item");
            Path root = byName.apply(item)
                    .orElseThrow(() -> new PlatformException(
                            Kind.NOT_FOUND, "the workspace has no lakehouse '" + item + "', as '" + path + "' asks"));
            return inside(root, onelake.group("rest") == null ? "" : onelake.group("rest"), path);
        }
        if (path.startsWith("/lakehouse/default")) {
            return inside(root(path), path.substring("/lakehouse/default".length()), path);
        }
        if (path.startsWith("file:")) {
            return Path.of(path.replaceFirst("^file:/*", "/"));
        }
        if (path.matches("[a-zA-Z][a-zA-Z0-9+.-]*:/.*")) {
            throw new PlatformException(
                    Kind.WRONG, "'" + path + "' cannot be reached here: only lakehouses and local files can");
        }
        return path.startsWith("/") ? Path.of(path) : inside(root(path), path, path);
    }

    private Path root(String path) throws PlatformException {
        return defaultLakehouse.orElseThrow(() -> new PlatformException(
                Kind.WRONG, "no default lakehouse is attached to the notebook, as '" + path + "' needs"));
    }

    /** Nothing of a lakehouse lies outside of it. */
    private static Path inside(Path root, String rest, String path) throws PlatformException {
        Path found = root.resolve(rest.replaceFirst("^/+", "")).normalize();
        if (!found.startsWith(root)) {
            throw new PlatformException(Kind.WRONG, "'" + path + "' leads out of the lakehouse");
        }
        return found;
    }
}
