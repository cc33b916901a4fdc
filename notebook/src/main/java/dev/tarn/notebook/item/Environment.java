package dev.tarn.notebook.item;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an environment brings to notebooks.
 *
 * @param runtime such as {@code 1.3}
 * @param libraries packages for pip, as the environment names them
 * @param wheels files under {@code Libraries/CustomLibraries}
 */
public record Environment(Item item, Optional<String> runtime, List<String> libraries, List<Path> wheels) {

    private static final Pattern RUNTIME =
            Pattern.compile("(?m)^runtime_version:\\s*['\"]?([0-9.]+)['\"]?\\s*(?:#.*)?$");
    private static final Pattern LIST_ITEM = Pattern.compile("^\\s*-\\s+['\"]?([^'\"#]+?)['\"]?\\s*(?:#.*)?$");

    public static Environment read(Item item) {
        Path folder = item.folder();
        Matcher runtime = RUNTIME.matcher(text(folder.resolve("Setting/Sparkcompute.yml")));
        List<String> libraries = new ArrayList<>();
        boolean pip = false;
        for (String line : text(folder.resolve("Libraries/PublicLibraries/environment.yml"))
                .lines()
                .toList()) {
            Matcher entry = LIST_ITEM.matcher(line);
            if (line.matches("\\s*-\\s+pip:\\s*")) {
                pip = true;
            } else if (pip && entry.matches()) {
                libraries.add(entry.group(1));
            }
        }
        return new Environment(
                item, runtime.find() ? Optional.of(runtime.group(1)) : Optional.empty(), libraries, wheels(folder));
    }

    private static List<Path> wheels(Path folder) {
        Path custom = folder.resolve("Libraries/CustomLibraries");
        if (!Files.isDirectory(custom)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(custom)) {
            return files.filter(file -> file.toString().endsWith(".whl"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String text(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
