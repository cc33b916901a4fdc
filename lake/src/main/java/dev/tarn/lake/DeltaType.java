package dev.tarn.lake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Names a type of the Delta protocol ("Schema Serialization Format"). */
public sealed interface DeltaType {
    /** The type as Spark's SQL writes it, such as {@code array<int>}. */
    String text();

    /** The DuckDB type that has the same values. */
    String duckSql();

    /** The type as the log has it: a string, or an object for nested types. */
    Object json();

    /** Whether it is that type or has it in a part. */
    default boolean contains(Primitive wanted) {
        return this == wanted;
    }

    /** A type without parts. */
    enum Primitive implements DeltaType {
        STRING("string", "string", "VARCHAR"),
        LONG("long", "bigint", "BIGINT"),
        INTEGER("integer", "int", "INTEGER"),
        SHORT("short", "smallint", "SMALLINT"),
        BYTE("byte", "tinyint", "TINYINT"),
        FLOAT("float", "float", "FLOAT"),
        DOUBLE("double", "double", "DOUBLE"),
        BOOLEAN("boolean", "boolean", "BOOLEAN"),
        BINARY("binary", "binary", "BLOB"),
        DATE("date", "date", "DATE"),
        TIMESTAMP("timestamp", "timestamp", "TIMESTAMP WITH TIME ZONE"),
        TIMESTAMP_NTZ("timestamp_ntz", "timestamp_ntz", "TIMESTAMP"),
        /** A value that tells its own type, such as an object of JSON; read as the text of its JSON. */
        VARIANT("variant", "variant", "VARCHAR"),
        /** The type of a bare NULL: a query may have it, a table never. */
        VOID("void", "void", "\"NULL\"");

        private final String json;
        private final String text;
        private final String duckSql;

        Primitive(String json, String text, String duckSql) {
            this.json = json;
            this.text = text;
            this.duckSql = duckSql;
        }

        static Optional<Primitive> ofJson(String json) {
            for (Primitive type : values()) {
                if (type != VOID && type.json.equals(json)) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public String duckSql() {
            return duckSql;
        }

        @Override
        public Object json() {
            return json;
        }
    }

    /** A number with a fixed count of digits after the point. */
    record Decimal(int precision, int scale) implements DeltaType {
        public Decimal {
            if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
                throw new IllegalArgumentException("decimal(" + precision + "," + scale + ") is not a type");
            }
        }

        @Override
        public String text() {
            return "decimal(" + precision + "," + scale + ")";
        }

        @Override
        public String duckSql() {
            return text().toUpperCase(Locale.ROOT);
        }

        @Override
        public Object json() {
            return text();
        }
    }

    /** A list of values of one type. */
    record Array(DeltaType element, boolean containsNull) implements DeltaType {
        @Override
        public boolean contains(Primitive wanted) {
            return element.contains(wanted);
        }

        @Override
        public String text() {
            return "array<" + element.text() + ">";
        }

        @Override
        public String duckSql() {
            return element.duckSql() + "[]";
        }

        @Override
        public Object json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("type", "array");
            json.put("elementType", element.json());
            json.put("containsNull", containsNull);
            return json;
        }
    }

    /** Values by key. */
    record MapOf(DeltaType key, DeltaType value, boolean valueContainsNull) implements DeltaType {
        @Override
        public boolean contains(Primitive wanted) {
            return key.contains(wanted) || value.contains(wanted);
        }

        @Override
        public String text() {
            return "map<" + key.text() + "," + value.text() + ">";
        }

        @Override
        public String duckSql() {
            return "MAP(" + key.duckSql() + ", " + value.duckSql() + ")";
        }

        @Override
        public Object json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("type", "map");
            json.put("keyType", key.json());
            json.put("valueType", value.json());
            json.put("valueContainsNull", valueContainsNull);
            return json;
        }
    }

    /** Named fields; a table's schema is one. */
    record Struct(List<DeltaField> fields) implements DeltaType {
        public Struct {
            fields = FieldList.of(fields);
        }

        /** The field of this name, ignoring case as Delta does. */
        public Optional<DeltaField> field(String name) {
            return FieldList.of(fields).named(name);
        }

        @Override
        public boolean contains(Primitive wanted) {
            return fields.stream().anyMatch(field -> field.type().contains(wanted));
        }

        @Override
        public String text() {
            return fields.stream()
                    .map(field -> field.name() + ":" + field.type().text())
                    .collect(Collectors.joining(",", "struct<", ">"));
        }

        @Override
        public String duckSql() {
            return fields.stream()
                    .map(field ->
                            SqlText.name(field.name()) + " " + field.type().duckSql())
                    .collect(Collectors.joining(", ", "STRUCT(", ")"));
        }

        @Override
        public Object json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("type", "struct");
            json.put("fields", fields.stream().map(DeltaField::json).toList());
            return json;
        }
    }
}
