package dev.tarn.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Damages files as slips of the hand, bad merges and bad disks do; the same seed gives the same damage. */
final class Mutations {

    private static final List<String> TOKENS = List.of(
            "\t",
            "\n",
            "  ",
            ": ",
            "- ",
            "[",
            "]",
            "{",
            "}",
            "\"",
            "'",
            "#",
            "&a ",
            "*a",
            "!x ",
            "|\n",
            ">\n",
            "%",
            "@",
            "${",
            "${vars.x}",
            "$${",
            "${env:X}",
            "${date:today}",
            "<<: *a\n",
            "? ",
            "\u0000",
            "\u001b[31m",
            "\uFEFF",
            "\u2028",
            "é",
            "\uD83D\uDE00",
            "\\",
            "---\n",
            "...\n",
            "~",
            ",",
            ";",
            "select",
            "(",
            ")",
            "/*",
            "--",
            "$1",
            "''");

    private static final List<String> VALUES = List.of(
            "",
            "null",
            "~",
            "true",
            "0",
            "-1",
            "1e999",
            "99999999999999999999",
            ".nan",
            "0x1F",
            "'",
            "[]",
            "{}",
            "[[[]]]",
            "{a: {b: c}}",
            "*nothing",
            "&x [*x]",
            "!!binary aGk=",
            "../../../etc",
            "/",
            ".",
            "a b",
            "${",
            "${x:-${y}}",
            "x: y",
            "\"\\ud800\"",
            "'select 1; drop table x'",
            "|",
            "@",
            "`",
            "2024-13-45",
            "$p.n",
            "$",
            "*",
            "**/*",
            "[a-",
            "con",
            "x".repeat(3000));

    private final Random random;

    Mutations(long seed) {
        this.random = new Random(seed);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** The text with one to three faults. */
    byte[] damaged(byte[] text) {
        byte[] result = text;
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            result = result.length == 0
                    ? TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8)
                    : one(result);
        }
        return result;
    }

    private byte[] one(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(11)) {
            case 0 -> flipped(bytes, at);
            case 1 -> Arrays.copyOf(bytes, at);
            case 2 -> spliced(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(20)), "");
            case 3, 4 -> spliced(bytes, at, at, TOKENS.get(random.nextInt(TOKENS.size())));
            case 5 -> spliced(bytes, at, at, nest());
            default -> lines(new String(bytes, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1);
        };
    }

    /** One bit of one to eight bytes. */
    byte[] flipped(byte[] bytes, int from) {
        byte[] result = bytes.clone();
        for (int i = from; i < Math.min(result.length, from + 1 + random.nextInt(8)); i++) {
            result[i] ^= (byte) (1 << random.nextInt(8));
        }
        return result;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, String insert) {
        byte[] middle = insert.getBytes(StandardCharsets.UTF_8);
        byte[] result = Arrays.copyOf(bytes, bytes.length - (to - from) + middle.length);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(bytes, to, result, from + middle.length, bytes.length - to);
        return result;
    }

    private String nest() {
        int depth = 1 + random.nextInt(400);
        return List.of("[".repeat(depth), "{a: ".repeat(depth), "- ".repeat(depth), "(".repeat(depth))
                .get(random.nextInt(4));
    }

    private String lines(String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        if (lines.isEmpty()) {
            return text;
        }
        int at = random.nextInt(lines.size());
        int other = random.nextInt(lines.size());
        switch (random.nextInt(6)) {
            case 0 -> Collections.swap(lines, at, other);
            case 1 -> lines.add(other, lines.get(at));
            case 2 -> lines.remove(at);
            case 3 ->
                lines.set(at, " ".repeat(random.nextInt(6)) + lines.get(at).strip());
            case 4 -> lines.replaceAll(line -> line.replaceFirst("^ {" + (1 + at % 4) + "}", "\t"));
            default -> lines.set(at, withOddValue(lines.get(at)));
        }
        return lines.stream().collect(Collectors.joining("\n", "", "\n"));
    }

    private String withOddValue(String line) {
        int colon = line.indexOf(':');
        String value = VALUES.get(random.nextInt(VALUES.size()));
        return colon < 0 ? line + value : line.substring(0, colon + 1) + " " + value;
    }
}
