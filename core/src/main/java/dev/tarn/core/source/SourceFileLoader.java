package dev.tarn.core.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a text file that a user named: UTF-8, without its byte order mark and with line feeds as the only line ends, so
 * that a position is the same whatever system wrote the file.
 */
public final class SourceFileLoader {

    // No one writes such a file by hand; reading a data file by mistake must not fill the memory.
    private static final long MAX_BYTES = 8L << 20;

    private final Problems problems;

    public SourceFileLoader(Problems problems) {
        this.problems = problems;
    }

    /**
     * The file's text, or a problem.
     *
     * @param name path to show
     * @param namedAt where the user named the file
     */
    public Optional<SourceFile> load(Path path, String name, SourceSpan namedAt) {
        if (!Files.exists(path)) {
            problems.error(ProblemCode.FILE_NOT_FOUND, namedAt, "file " + Names.quoted(name) + " does not exist");
            return Optional.empty();
        }
        if (Files.isDirectory(path)) {
            problems.error(ProblemCode.FILE_NOT_FOUND, namedAt, Names.quoted(name) + " is a folder, not a file");
            return Optional.empty();
        }
        return bytes(path, name, namedAt).flatMap(bytes -> decode(bytes, name));
    }

    private Optional<byte[]> bytes(Path path, String name, SourceSpan namedAt) {
        try {
            if (!Files.isRegularFile(path) || Files.size(path) > MAX_BYTES) {
                unreadable(namedAt, name, "it is larger than 8 MiB or not a plain file");
                return Optional.empty();
            }
            return Optional.of(Files.readAllBytes(path));
        } catch (AccessDeniedException e) {
            unreadable(namedAt, name, "permission denied");
        } catch (IOException e) {
            unreadable(namedAt, name, String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    private void unreadable(SourceSpan span, String name, String why) {
        problems.error(ProblemCode.FILE_UNREADABLE, span, "file " + Names.quoted(name) + " cannot be read: " + why);
    }

    private Optional<SourceFile> decode(byte[] bytes, String name) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
        SourceFile file = new SourceFile(name, normalized(chars.flip().toString()));
        if (result.isError()) {
            SourceSpan end = file.spanAt(file.text().length(), 1);
            problems.error(
                    ProblemCode.FILE_UNREADABLE, end, "the file is not UTF-8 text from here on", "save it as UTF-8");
            return Optional.empty();
        }
        return Optional.of(file);
    }

    private static String normalized(String text) {
        String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return withoutMark.indexOf('\r') < 0
                ? withoutMark
                : withoutMark.replace("\r\n", "\n").replace('\r', '\n');
    }
}
