package dev.tarn.engine.duckdb;

import dev.tarn.core.source.Names;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * DuckDB's words about a file it cannot read, in a user's: which line of which file, what is wrong there, and what to write
 * under {@code read}. DuckDB's own run over 25 lines and speak of SQL that the user has not written.
 */
final class FileErrors {

    /**
     * What is wrong with a file.
     *
     * @param quotesRows whether the message shows what the file has
     */
    record Said(String file, String message, String help, boolean quotesRows) {
        Said(String file, String message, String help) {
            this(file, message, help, true);
        }
    }

    private static final Pattern CSV_FILE = Pattern.compile("(?m)^\\s*file = (.*)$");
    private static final Pattern NAMED_FILE = Pattern.compile("(?i)\\bfile [\"'](.+?)[\"'](?=[\\s,.:]|$)");
    private static final Pattern LINE = Pattern.compile("^CSV Error on Line: (\\d+)");
    private static final Pattern ORIGINAL = Pattern.compile("(?m)^Original Line: (.*)$");
    private static final Pattern COLUMNS = Pattern.compile("Expected Number of Columns: (\\d+) Found: (\\d+)");
    private static final Pattern CONVERSION =
            Pattern.compile("Error when converting column \"(.*)\"\\. Could not convert string \"(.*)\" to '(.*)'");
    private static final Pattern JSON_SYNTAX = Pattern.compile(
            "(?i)^malformed JSON in file \"(.+?)\", at byte (\\d+) in (line|record/value) (\\d+): (.*)");
    private static final Pattern JSON_VALUE =
            Pattern.compile("(?i)^JSON transform error in file \"(.+?)\", in (line|record/value) (\\d+): (.*)");
    private static final Pattern NO_PARQUET = Pattern.compile(
            "(?i)no magic bytes|too small to be a Parquet|could not read enough bytes|footer length|TProtocol");

    /** What DuckDB's reader of Parquet says when bytes make no sense; it mostly does not say of which file. */
    private static final Pattern DAMAGED = Pattern.compile(
            "(?im)^.*(TProtocol|out of buffer|don't know what type"
                    + "|decompression failure|decompress|value construction|invalid string encoding found in Parquet"
                    + "|corrupt|invalid encoding|invalid TType|row group|failed to read Parquet|not enough bytes|invalid page).*$");

    /** Followed by the text itself, which is no one's to see. */
    private static final Pattern NO_TEXT =
            Pattern.compile("(?i)invalid string encoding found in Parquet|detected in value construction");

    private FileErrors() {}

    /**
     * What a message says of the bytes of a Parquet file; empty when it is of something else.
     *
     * @param files one file or several, as they are written in the SQL that reads them; empty where that is not known
     */
    static Optional<Said> ofDamage(String message, String files) {
        return DAMAGED.matcher(message).find() ? Optional.of(damaged(message, files)) : Optional.empty();
    }

    /** The same for a message that can be of nothing else. */
    static Said damaged(String message, String files) {
        String one = files.replaceFirst("^\\[", "").replaceFirst("\\]$", "");
        boolean several = one.contains("', '");
        String name = one.isEmpty() ? "a Parquet file" : several ? "one of the Parquet files" : one;
        return new Said(
                "",
                name + (one.isEmpty() || several ? "" : ", a Parquet file,") + " is damaged: " + damage(message),
                "get or write the file again",
                false);
    }

    private static String damage(String message) {
        if (NO_TEXT.matcher(message).find()) {
            return "a text in it is not UTF-8";
        }
        return message.lines()
                .findFirst()
                .orElse(message)
                .replaceFirst("(?i)^failed to read file [\"'].+?[\"']: ", "")
                .replaceFirst("^\\w*Exception: ", "")
                .replaceFirst("[:\\s\\p{Cntrl}]+$", "");
    }

    /** Empty when the message is of something else. */
    static Optional<Said> of(String message) {
        Matcher line = LINE.matcher(message);
        if (line.find()) {
            return first(CSV_FILE, message).map(file -> ofLine(message, line.group(1), file));
        }
        Optional<Said> json = ofJson(message);
        return json.isPresent()
                ? json
                : first(NAMED_FILE, message)
                        .flatMap(file -> message.startsWith("Error when sniffing")
                                ? Optional.of(ofSniffing(message, file))
                                : ofParquet(message, file));
    }

    private static Optional<String> first(Pattern pattern, String message) {
        Matcher found = pattern.matcher(message);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    private static Said ofLine(String message, String number, String file) {
        String line = "line " + number + " of '" + file + "'";
        String text = first(ORIGINAL, message).map(t -> ": " + Names.quoted(t)).orElse("");
        Matcher columns = COLUMNS.matcher(message);
        if (columns.find()) {
            return ofColumns(file, line, text, Integer.parseInt(columns.group(1)), Integer.parseInt(columns.group(2)));
        }
        Matcher conversion = CONVERSION.matcher(message);
        if (conversion.find()) {
            return ofConversion(message, file, line, conversion);
        }
        if (message.contains("Invalid unicode")) {
            return new Said(
                    file,
                    line + " is not UTF-8 text",
                    "save the file as UTF-8, or name its encoding under 'read': options: {encoding: latin-1}, or utf-16");
        }
        if (message.contains("unterminated quote")) {
            return new Said(
                    file,
                    line + " opens a quote and does not close it" + text,
                    "close it; if quotes mean nothing in this file, say so under 'read': options: {quote: \"\"}");
        }
        if (message.contains("Maximum line size")) {
            return new Said(
                    file,
                    line + " is longer than CSV lines may be",
                    "a quote may be open; if the line is right, allow its bytes under 'read': options: {max_line_size: 20000000}");
        }
        return new Said(
                file,
                line + " cannot be read as CSV" + text,
                "mend the line, or say under 'read' how the file is written: options: {delimiter: \",\", quote: \"\\\"\"}");
    }

    private static Said ofColumns(String file, String line, String text, int expected, int found) {
        String what = line + " has " + found + (found == 1 ? " value" : " values") + " where " + expected
                + " are expected" + text;
        String help = found < expected
                ? "mend the line; or let NULL stand for what is missing, under 'read': options: {null_padding: true}"
                : "mend the line: a value with the delimiter in it needs quotes around it";
        return new Said(file, what, help);
    }

    private static Said ofConversion(String message, String file, String line, Matcher conversion) {
        String column = conversion.group(1);
        return new Said(
                file,
                line + ": " + Names.quoted(conversion.group(2)) + " in column " + Names.quoted(column) + " is no "
                        + conversion.group(3),
                message.contains("auto-detected")
                        ? "the type was guessed from the first lines; give it under 'read': options: {types: {" + column
                                + ": VARCHAR}}, or have all lines looked at: options: {sample_size: -1}"
                        : "mend the line, or give the column another type under 'read'");
    }

    private static Said ofSniffing(String message, String file) {
        Optional<String> given = first(Pattern.compile("Delimiter Candidates: '(.)'\\s*$", Pattern.MULTILINE), message);
        Optional<String> ragged = given.flatMap(delimiter -> RaggedLine.in(file, delimiter.charAt(0)));
        return new Said(
                file,
                ragged.map(r -> "the lines of '" + file + "' have different numbers of values: " + r)
                        .orElse("'" + file + "' cannot be understood as CSV"),
                ragged.isPresent()
                        ? "mend the file; or name another delimiter, or let NULL stand for missing values, under 'read':"
                                + " options: {delimiter: \";\", null_padding: true}"
                        : "if it is a CSV file, say under 'read' how it is written: options: {delimiter: \";\","
                                + " quote: \"'\", header: true, encoding: latin-1}");
    }

    private static Optional<Said> ofJson(String message) {
        Matcher syntax = JSON_SYNTAX.matcher(message);
        if (syntax.find()) {
            String place = syntax.group(3).equals("line") ? "line " : "value ";
            return Optional.of(new Said(
                    syntax.group(1),
                    place + syntax.group(4) + " of '" + syntax.group(1) + "' is not JSON: "
                            + syntax.group(5).strip().replaceFirst("\\.$", "") + " at byte " + syntax.group(2),
                    "mend the file: one JSON value a line, or one array of them"));
        }
        Matcher value = JSON_VALUE.matcher(message);
        if (value.find()) {
            String place = value.group(2).equals("line") ? "line " : "value ";
            String what = value.group(4).lines().findFirst().orElse("").replaceFirst("(?i)\\s*Try increasing.*", "");
            return Optional.of(
                    new Said(
                            value.group(1),
                            place + value.group(3) + " of '" + value.group(1) + "' does not fit the values before it: "
                                    + what.replace('"', '\''),
                            "the types were guessed from the first values; have all of them looked at under 'read': options: {sample_size: -1}"));
        }
        return Optional.empty();
    }

    private static Optional<Said> ofParquet(String message, String file) {
        return NO_PARQUET.matcher(message).find()
                ? Optional.of(new Said(
                        file,
                        "'" + file + "' is not a Parquet file, or not a whole one",
                        "get or write the file again, or give its format under 'read' (csv, json, parquet, delta)",
                        false))
                : ofDamage(message.replaceFirst("(?i)^failed to read file [\"'].+?[\"']: ", ""), "'" + file + "'")
                        .map(damage -> new Said(file, damage.message(), damage.help(), false));
    }
}
