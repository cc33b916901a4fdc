package dev.tarn.cli.render;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prints logs of several servers, each line with its server's name if there is more than one. */
public final class LogText {

    private static final int LONGEST = 1 << 20;

    private final Console console;
    private final Map<String, Path> logs;
    private final Map<String, Long> read = new HashMap<>();

    /**
     * @param logs by the servers' names
     */
    public LogText(Console console, Map<String, Path> logs) {
        this.console = console;
        this.logs = new TreeMap<>(logs);
    }

    /** The last lines of each. */
    public void last(int lines) throws IOException {
        for (Map.Entry<String, Path> log : logs.entrySet()) {
            long size = size(log.getValue());
            List<String> all = text(log.getValue(), Math.max(0, size - LONGEST), size)
                    .lines()
                    .toList();
            print(log.getKey(), all.subList(Math.max(0, all.size() - lines), all.size()));
            read.put(log.getKey(), size);
        }
    }

    /** What was added since; a log that has become shorter was begun anew. */
    public void added() throws IOException {
        for (Map.Entry<String, Path> log : logs.entrySet()) {
            long from = read.getOrDefault(log.getKey(), 0L);
            long size = size(log.getValue());
            if (size < from) {
                from = 0;
            }
            String text = text(log.getValue(), from, Math.min(size, from + LONGEST));
            int end = text.lastIndexOf('\n') + 1;
            if (end > 0) {
                print(log.getKey(), text.substring(0, end).lines().toList());
                read.put(log.getKey(), from + text.substring(0, end).getBytes(StandardCharsets.ISO_8859_1).length);
            }
        }
    }

    private void print(String server, List<String> lines) {
        for (String line : lines) {
            String utf8 = new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            console.out().println(logs.size() == 1 ? utf8 : server + " | " + utf8);
        }
    }

    private static long size(Path log) throws IOException {
        return Files.exists(log) ? Files.size(log) : 0;
    }

    /** Byte for byte, so that a letter may be cut in two. */
    private static String text(Path log, long from, long to) throws IOException {
        if (to <= from) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] bytes = new byte[(int) (to - from)];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
