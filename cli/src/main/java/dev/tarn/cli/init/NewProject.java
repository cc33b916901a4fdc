package dev.tarn.cli.init;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A template in a folder. */
public record NewProject(Template template, Path folder) {

    /** The template's files that are there already: they may be somebody's work. */
    public List<String> existing() {
        return template.files().stream()
                .filter(file -> Files.exists(folder.resolve(file), LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /** Writes the files. One that is there is never replaced: also one that came in this moment is an error. */
    public void create() throws IOException {
        for (String file : template.files()) {
            Path target = folder.resolve(file);
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.write(target, template.content(file), StandardOpenOption.CREATE_NEW);
        }
    }
}
