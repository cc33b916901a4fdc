package dev.tarn.lake;

import java.util.Optional;

/** The value of a column that rows leave out (Delta protocol, "Default Columns"): NULL, or the literal that the table says. */
final class ColumnDefault {
    static final String KEY = "CURRENT_DEFAULT";

    private ColumnDefault() {}

    /**
     * The value in DuckDB's SQL; empty if there is no default.
     *
     * @throws LakeException if it is more than a literal
     */
    static Optional<String> sql(DeltaField field) {
        return Json.string(field.metadata(), KEY).map(text -> {
            try {
                return "CAST(" + SparkCondition.literal(text, field.type()) + " AS "
                        + field.type().duckSql() + ")";
            } catch (UnlikeException unlike) {
                throw new LakeException(
                        LakeException.Kind.UNSUPPORTED_FEATURE,
                        "Column '" + field.name() + "' is left out and has the default '" + text
                                + "' (feature 'allowColumnDefaults'), which cannot be computed here.",
                        "Give the column a value in the query.",
                        unlike);
            }
        });
    }
}
