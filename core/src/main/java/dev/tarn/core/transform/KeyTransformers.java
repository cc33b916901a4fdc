package dev.tarn.core.transform;

import static dev.tarn.core.transform.Parameter.TEXT;
import static dev.tarn.core.transform.Parameter.TEXTS;

import dev.tarn.core.transform.Parameter.Form;
import java.util.List;

/** Transformers that make keys and hashes. Their results are stored and compared for years: they never change. */
final class KeyTransformers {

    private KeyTransformers() {}

    static List<Transformer> all() {
        return List.of(generateSurrogateKey(), generateNumericKey(), hashColumns());
    }

    private static Transformer generateSurrogateKey() {
        return Transformer.named("generate_surrogate_key", "Makes a key of columns, 32 hexadecimal digits.")
                .required("columns", TEXTS, "columns, in an order that matters")
                .optional("separator", TEXT, "-", "what stands between the values")
                .optional("output_col", TEXT, "surrogate_key", "the column that gets it")
                .notes(
                        "The MD5 of the values' texts with the separator between them. A separator or backslash in a value gets"
                                + " a backslash before it, and NULL is `\\N`, so that different values give different keys. Texts of"
                                + " numbers are those of `cast_columns`: `1` of an `int` and `1.0` of a `double` give different keys.")
                .example("""
                        params:
                        columns: [country, n]
                        output_col: key
                        df:
                        | country string | n int |
                        | NO | 1 |
                        | '' | 1 |
                        | NULL | 1 |
                        | 'a-b' | NULL |
                        result:
                        | country string | n int | key string |
                        | NO | 1 | 6ebc3b414b4a8b13889e223a18359cff |
                        | '' | 1 | 6bb61e3b7bce0931da574d19d1d82c88 |
                        | NULL | 1 | e932ff5042520f42f95ed19567007e61 |
                        | 'a-b' | NULL | 440bd0d27962e7231fc29ee6655915cc |
                        """)
                .as(call -> {
                    String separator = KeyText.separator(call, "-");
                    String text = KeyText.of(call, call.columns("columns"), separator, "columns");
                    return call.all()
                            .put(call.string("output_col", "surrogate_key"), "md5(" + text + ")")
                            .fromDf();
                });
    }

    private static Transformer generateNumericKey() {
        return Transformer.named("generate_numeric_key", "Makes a whole number as key of columns.")
                .required("columns", TEXTS, "columns, in an order that matters")
                .optional("separator", TEXT, "\\|", "what stands between the values")
                .optional("output_col", TEXT, "numeric_key", "the column that gets it")
                .optional("coalesce_with", TEXT, "none", "column of numbers that are kept where there are any")
                .notes(
                        "A `bigint` from 0 to 2^60: the first 15 hexadecimal digits of the MD5 of the values' texts, made as"
                                + " `generate_surrogate_key` makes it, but without blanks around values, and with NULL as the empty"
                                + " text. Among a million keys two are the same with a chance of 1 to 2 million, among a"
                                + " hundred million of 1 to 230.")
                .example("""
                        params:
                        columns: [store, day]
                        output_col: id
                        coalesce_with: id
                        df:
                        | id bigint | store string | day date |
                        | 7 | a | 2024-01-01 |
                        | NULL | ' a ' | 2024-01-01 |
                        | NULL | NULL | NULL |
                        | NULL | '' | NULL |
                        result:
                        | id bigint | store string | day date |
                        | 7 | a | 2024-01-01 |
                        | 737112503815371796 | ' a ' | 2024-01-01 |
                        | 835843567247932114 | NULL | NULL |
                        | 835843567247932114 | '' | NULL |
                        """)
                .as(call -> {
                    String separator = KeyText.separator(call, "|");
                    String text = KeyText.trimmed(call, call.columns("columns"), separator, "columns");
                    String key = call.dialect().hexNumber("substr(md5(" + text + "), 1, 15)");
                    if (call.has("coalesce_with")) {
                        Column kept = call.column("coalesce_with");
                        if (!kept.type().isInteger() && !kept.type().isUnknown()) {
                            throw call.bad(
                                    "coalesce_with",
                                    "column '" + kept.name() + "' is of type " + kept.type() + ", not a whole number",
                                    "cast it in a step before, with cast_columns");
                        }
                        key = "coalesce(" + call.cast(call.name(kept), Type.BIGINT) + ", " + key + ")";
                    }
                    return call.all()
                            .put(call.string("output_col", "numeric_key"), key)
                            .fromDf();
                });
    }

    private static Transformer hashColumns() {
        return Transformer.named("hash_columns", "Puts hashes in the place of values.")
                .required("columns", TEXTS, "columns")
                .optional("algorithm", new Form.Choice(List.of("sha256", "md5")), "sha256", "which hash")
                .notes(
                        "In hexadecimal digits, of the UTF-8 of the value's text, as `cast_columns` writes it. NULL stays"
                                + " NULL.")
                .example("""
                        params:
                        columns: [mail]
                        algorithm: md5
                        df:
                        | mail string |
                        | a@b.c |
                        | '' |
                        | NULL |
                        result:
                        | mail string |
                        | 5d60d4e28066df254d5452f92c910092 |
                        | d41d8cd98f00b204e9800998ecf8427e |
                        | NULL |
                        """)
                .as(call -> {
                    Projection result = call.all();
                    for (Column column : call.columns("columns")) {
                        String text = call.text(column, "columns");
                        result.put(
                                column,
                                call.string("algorithm", "sha256").equals("md5")
                                        ? "md5(" + text + ")"
                                        : call.dialect().sha256(text));
                    }
                    return result.fromDf();
                });
    }
}
