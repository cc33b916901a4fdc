package dev.tarn.notebook.format;

import dev.tarn.core.source.Names;
import dev.tarn.core.source.ProblemCode;
import dev.tarn.core.source.Problems;
import dev.tarn.core.source.SourceFile;
import dev.tarn.core.source.SourceSpan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads a notebook from its file, or from the folder of its item. */
public final class NotebookLoader {

    // Fabric's own limit.
    private static final long MAX_BYTES = 32L << 20;

    /** What the content of an item's folder may be called; Fabric writes a hyphen. */
    private static final List<String> CONTENT = List.of(
            "notebook-content.py",
            "notebook-content.ipynb",
            "notebook-content.sql",
            "notebook-content.scala",
            "notebook-content.r",
            "notebook_content.py",
            "notebook_content.ipynb",
            "notebook_content.sql");

    private final Problems problems;

    public NotebookLoader(Problems problems) {
        this.problems = problems;
    }

    /** The notebook, or problems; with both, it can be shown but should not be run. */
    public Optional<Notebook> load(Path path) {
        return content(path).flatMap(this::read).flatMap(this::parse);
    }

    /** The notebook of a text that is there already. */
    public Optional<Notebook> parse(SourceFile file) {
        Optional<String> comment = FabricParser.comment(file.text());
        if (comment.isPresent()) {
            return Optional.of(FabricParser.parse(file, comment.get(), problems));
        }
        if (file.name().endsWith(".ipynb") || file.text().stripLeading().startsWith("{")) {
            return IpynbParser.parse(file, problems);
        }
        problems.error(
                ProblemCode.NOTEBOOK_SYNTAX,
                file.start(),
                "this is no notebook that is known",
                "a source file begins with the line '# Fabric notebook source'; a Jupyter notebook is JSON");
        return Optional.empty();
    }

    /** The file with the content: of an item's folder the one in it. */
    public static Optional<Path> contentOf(Path path) {
        return CONTENT.stream().map(path::resolve).filter(Files::isRegularFile).findFirst();
    }

    private Optional<Path> content(Path path) {
        SourceSpan span = new SourceFile(path.toString(), "").start();
        if (!Files.isDirectory(path)) {
            if (!Files.exists(path)) {
                problems.error(
                        ProblemCode.FILE_NOT_FOUND, span, "file " + Names.quoted(path.toString()) + " does not exist");
                return Optional.empty();
            }
            return Optional.of(path);
        }
        Optional<Path> content = contentOf(path);
        if (content.isEmpty()) {
            problems.error(
                    ProblemCode.FILE_NOT_FOUND,
                    span,
                    "folder " + Names.quoted(path.toString()) + " holds no notebook",
                    "a notebook's folder has a file notebook-content.py, .ipynb, .sql, .scala or .r");
        }
        content.filter(file -> file.getFileName().toString().startsWith("notebook_"))
                .ifPresent(file -> problems.warning(
                        ProblemCode.NOTEBOOK_NOTE,
                        new SourceFile(file.toString(), "").start(),
                        "Fabric writes 'notebook-content' with a hyphen, and may not find this file",
                        "rename it"));
        return content;
    }

    private Optional<SourceFile> read(Path path) {
        SourceFile nameOnly = new SourceFile(path.toString(), "");
        try {
            if (!Files.isRegularFile(path) || Files.size(path) > MAX_BYTES) {
                problems.error(
                        ProblemCode.FILE_UNREADABLE,
                        nameOnly.start(),
                        "it is larger than 32 MiB or not a plain file",
                        "Fabric takes no larger notebook either; clear the outputs");
                return Optional.empty();
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
            return Optional.of(new SourceFile(
                    path.toString(),
                    StandardCharsets.UTF_8.newDecoder().decode(bytes).toString()));
        } catch (CharacterCodingException e) {
            problems.error(
                    ProblemCode.FILE_UNREADABLE, nameOnly.start(), "the file is not UTF-8 text", "save it as UTF-8");
        } catch (IOException e) {
            problems.error(
                    ProblemCode.FILE_UNREADABLE,
                    nameOnly.start(),
                    "file " + Names.quoted(path.toString()) + " cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }
}
