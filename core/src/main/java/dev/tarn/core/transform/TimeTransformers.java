package dev.tarn.core.transform;

import static dev.tarn.core.transform.Parameter.TEXT;

import dev.tarn.core.source.Names;
import dev.tarn.core.transform.Parameter.Form;
import dev.tarn.core.transform.Type.Kind;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Transformers of dates and timestamps. Moments are looked at in UTC. */
final class TimeTransformers {

    private static final List<String> UNITS = List.of("year", "month", "day", "hour", "minute", "second");

    private TimeTransformers() {}

    static List<Transformer> all() {
        return List.of(dateAdd(), dateTrunc(), dateDiff(), extractDateParts(), convertTimezone());
    }

    private static Transformer dateAdd() {
        return Transformer.named("date_add", "Moves dates or timestamps by some time.")
                .required("col", TEXT, "column of dates or timestamps")
                .required(
                        "value", new Form.Whole(Integer.MIN_VALUE, Integer.MAX_VALUE), "how many; fewer than 0 go back")
                .required("unit", new Form.Choice(UNITS), "of what")
                .notes(
                        "The column is `COL_future`. A date stays a date if it is moved by days or more, else it becomes a"
                                + " timestamp. Where a month has no such day, it is its last: a month after 31 January is 28 or 29"
                                + " February. A day has 24 hours.")
                .example("""
                        params:
                        col: due
                        value: 1
                        unit: month
                        df:
                        | due date |
                        | 2024-01-31 |
                        | 1969-12-31 |
                        | NULL |
                        result:
                        | due date | due_future date |
                        | 2024-01-31 | 2024-02-29 |
                        | 1969-12-31 | 1970-01-31 |
                        | NULL | NULL |
                        """)
                .as(call -> {
                    Column column = call.time("col");
                    String unit = call.string("unit");
                    boolean days = UNITS.indexOf(unit) <= UNITS.indexOf("day");
                    boolean isDate = column.type().kind() == Kind.DATE;
                    String from = isDate ? call.cast(call.name(column), Type.TIMESTAMP_NTZ) : call.name(column);
                    String moved = call.dialect().plus(from, call.whole("value", 0), unit);
                    String typed =
                            !isDate ? moved : days ? call.cast(moved, Type.DATE) : call.cast(moved, Type.TIMESTAMP);
                    return call.all().put(column.name() + "_future", typed).fromDf();
                });
    }

    private static Transformer dateTrunc() {
        return Transformer.named("date_trunc", "Takes dates or timestamps back to the start of a year, month, day, ….")
                .required("col", TEXT, "column of dates or timestamps")
                .required("unit", new Form.Choice(UNITS), "of what")
                .notes("The column is `COL_trunc`, of the same type.")
                .example("""
                        params:
                        col: at
                        unit: hour
                        df:
                        | at timestamp |
                        | 2024-02-29 13:59:59.999999 |
                        | 1969-12-31 23:30:00 |
                        | NULL |
                        result:
                        | at timestamp | at_trunc timestamp |
                        | 2024-02-29 13:59:59.999999 | 2024-02-29 13:00:00 |
                        | 1969-12-31 23:30:00 | 1969-12-31 23:00:00 |
                        | NULL | NULL |
                        """)
                .as(call -> {
                    Column column = call.time("col");
                    Type type = column.type();
                    String from = moment(call, column);
                    String start = "date_trunc(" + call.literal(call.string("unit")) + ", " + from + ")";
                    return call.all()
                            .put(column.name() + "_trunc", type.isUnknown() ? start : call.cast(start, type))
                            .fromDf();
                });
    }

    private static Transformer dateDiff() {
        return Transformer.named("date_diff", "Says how much time lies between two columns.")
                .required("start_col", TEXT, "column of dates or timestamps")
                .required("end_col", TEXT, "column of dates or timestamps")
                .optional("unit", new Form.Choice(List.of("day", "hour", "minute", "second")), "day", "of what")
                .notes(
                        "The column is `diff_UNIT`: for `day` the number of midnights between them, a `bigint`; for `second` the"
                                + " full seconds, a `bigint`; for the others a `double` with fractions. It is less than 0 if the"
                                + " end comes first.")
                .example("""
                        params:
                        start_col: from
                        end_col: to
                        unit: hour
                        df:
                        | from timestamp | to timestamp |
                        | 2024-01-01 00:00:00 | 2024-01-01 01:30:00 |
                        | 1970-01-01 00:00:00 | 1969-12-31 23:00:00 |
                        | NULL | 2024-01-01 00:00:00 |
                        result:
                        | from timestamp | to timestamp | diff_hour double |
                        | 2024-01-01 00:00:00 | 2024-01-01 01:30:00 | 1.5 |
                        | 1970-01-01 00:00:00 | 1969-12-31 23:00:00 | -1.0 |
                        | NULL | 2024-01-01 00:00:00 | NULL |
                        """)
                .as(call -> {
                    Column start = call.time("start_col");
                    Column end = call.time("end_col");
                    String unit = call.string("unit", "day");
                    return call.all()
                            .put("diff_" + unit, difference(call, start, end, unit))
                            .fromDf();
                });
    }

    private static String difference(Call call, Column start, Column end, String unit) {
        if (unit.equals("day")) {
            String days = call.dialect() == SqlDialect.DUCKDB
                    ? "(CAST(" + call.name(end) + " AS DATE) - CAST(" + call.name(start) + " AS DATE))"
                    : "date_diff(CAST(" + call.name(end) + " AS DATE), CAST(" + call.name(start) + " AS DATE))";
            return call.cast(days, Type.BIGINT);
        }
        String micros = "(" + micros(call, end) + " - " + micros(call, start) + ")";
        return switch (unit) {
            case "hour" -> "(" + call.cast(micros, Type.DOUBLE) + " / CAST(3600000000 AS DOUBLE))";
            case "minute" -> "(" + call.cast(micros, Type.DOUBLE) + " / CAST(60000000 AS DOUBLE))";
            default -> "CAST(round((" + micros + " - " + micros + " % 1000000) / 1000000) AS BIGINT)";
        };
    }

    /** Of a date or timestamp of either kind. */
    static String micros(Call call, Column column) {
        return call.dialect().micros(column.type().kind() == Kind.TIMESTAMP ? call.name(column) : moment(call, column));
    }

    static String moment(Call call, Column column) {
        return column.type().kind() == Kind.TIMESTAMP
                ? call.name(column)
                : call.cast(call.name(column), Type.TIMESTAMP);
    }

    private static Transformer extractDateParts() {
        return Transformer.named("extract_date_parts", "Puts year, month, day, … into columns of their own.")
                .required("source_col", TEXT, "column of dates or timestamps")
                .optional("prefix", TEXT, "the column's name", "what the new columns' names begin with")
                .optional(
                        "parts",
                        new Form.Choices(List.of(
                                "year",
                                "quarter",
                                "month",
                                "week",
                                "day",
                                "day_of_week",
                                "day_of_year",
                                "hour",
                                "minute",
                                "second")),
                        "year, month, day",
                        "which")
                .notes(
                        "The columns are `PREFIX_PART`, of type `int`. `week` is the week of ISO 8601, `day_of_week` is 1 for"
                                + " Monday and 7 for Sunday.")
                .example("""
                        params:
                        source_col: at
                        prefix: d
                        parts: [year, week, day_of_week, hour]
                        df:
                        | at timestamp |
                        | 2024-12-30 23:15:00 |
                        | 2021-01-03 00:00:00 |
                        | NULL |
                        result:
                        | at timestamp | d_year int | d_week int | d_day_of_week int | d_hour int |
                        | 2024-12-30 23:15:00 | 2024 | 1 | 1 | 23 |
                        | 2021-01-03 00:00:00 | 2021 | 53 | 7 | 0 |
                        | NULL | NULL | NULL | NULL | NULL |
                        """)
                .as(call -> {
                    Column column = call.time("source_col");
                    String prefix = call.string("prefix", column.name());
                    Projection result = call.all();
                    List<String> parts = call.has("parts") ? call.strings("parts") : List.of("year", "month", "day");
                    for (String part : parts) {
                        result.put(prefix + "_" + part, call.cast(part(call, column, part), Type.INT));
                    }
                    return result.fromDf();
                });
    }

    private static String part(Call call, Column column, String part) {
        String value = call.name(column);
        return switch (part) {
            case "week" -> call.dialect().isoWeek(value);
            case "day_of_week" -> call.dialect().weekday(value);
            case "day_of_year" -> "dayofyear(" + value + ")";
            case "hour", "minute", "second" ->
                column.type().kind() == Kind.DATE
                        ? "CASE WHEN " + value + " IS NOT NULL THEN 0 END"
                        : "floor(extract(" + part + " FROM " + value + "))";
            default -> part + "(" + value + ")";
        };
    }

    private static Transformer convertTimezone() {
        return Transformer.named("convert_timezone", "Says what a clock in another time zone shows.")
                .required("col", TEXT, "column of timestamps")
                .optional("source_tz", TEXT, "UTC", "where the column's times were read off, such as `Europe/Oslo`")
                .required("target_tz", TEXT, "where the other clock is")
                .optional("output_col", TEXT, "COL_ZONE", "the column that gets it, with `_` for `/`")
                .notes(
                        "The result is a `timestamp_ntz`. A time that a clock showed twice, when summer time ended, is the"
                                + " first of the two; one that it left out, when summer time began, is taken as if it had not yet"
                                + " begun.")
                .example("""
                        params:
                        col: at
                        target_tz: Europe/Oslo
                        output_col: oslo
                        df:
                        | at timestamp |
                        | 2024-01-01 12:00:00 |
                        | 2024-07-01 12:00:00 |
                        | NULL |
                        result:
                        | at timestamp | oslo timestamp_ntz |
                        | 2024-01-01 12:00:00 | 2024-01-01 13:00:00 |
                        | 2024-07-01 12:00:00 | 2024-07-01 14:00:00 |
                        | NULL | NULL |
                        """)
                .as(call -> {
                    Column column = call.time("col");
                    String source = zone(call, "source_tz");
                    String target = zone(call, "target_tz");
                    String output = call.string("output_col", column.name() + "_" + target.replace('/', '_'));
                    return call.all()
                            .put(output, converted(call, column, source, target))
                            .fromDf();
                });
    }

    private static String zone(Call call, String parameter) {
        String zone = call.string(parameter, "UTC");
        Set<String> zones = new TreeSet<>(ZoneId.getAvailableZoneIds());
        if (!zones.contains(zone)) {
            throw call.bad(
                    call.scalars(parameter).get(0).span(),
                    "unknown time zone " + Names.quoted(zone),
                    Names.didYouMean(zone, zones).or(() -> Optional.of("zones are named as UTC or Europe/Oslo are")));
        }
        return zone;
    }

    private static String converted(Call call, Column column, String source, String target) {
        String wall = call.cast(call.name(column), Type.TIMESTAMP_NTZ);
        if (call.dialect() == SqlDialect.SPARK) {
            // Both take and give moments that stand for what a clock shows, read in the session's zone, UTC.
            String moment = "to_utc_timestamp(CAST(" + wall + " AS TIMESTAMP_LTZ), " + call.literal(source) + ")";
            return call.cast("from_utc_timestamp(" + moment + ", " + call.literal(target) + ")", Type.TIMESTAMP_NTZ);
        }
        String zone = call.literal(source);
        String moment = "timezone(" + zone + ", " + wall + ")";
        // DuckDB takes the second of two equal times, Java the first.
        String first = "CASE WHEN timezone(" + zone + ", " + moment + " - INTERVAL 1 HOUR) = " + wall + " THEN "
                + moment
                + " - INTERVAL 1 HOUR WHEN timezone(" + zone + ", " + moment + " - INTERVAL 30 MINUTE) = " + wall
                + " THEN " + moment + " - INTERVAL 30 MINUTE ELSE " + moment + " END";
        return "timezone(" + call.literal(target) + ", " + (source.equals("UTC") ? moment : first) + ")";
    }
}
