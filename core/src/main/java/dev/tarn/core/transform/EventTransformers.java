package dev.tarn.core.transform;

import static dev.tarn.core.transform.Parameter.TEXT;

import dev.tarn.core.transform.Parameter.Form;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Transformers of events in time. */
final class EventTransformers {

    private static final List<Parameter> SHIFT = List.of(
            Parameter.required("name", TEXT, "what it is called"),
            Parameter.required("start", TEXT, "when it begins, `HH:MM`"),
            Parameter.required("end", TEXT, "when it ends; the day after, if that is not later"));

    private EventTransformers() {}

    static List<Transformer> all() {
        return List.of(sessionize(), splitEventsByPeriod());
    }

    private static Transformer sessionize() {
        return Transformer.named("sessionize", "Numbers the sessions of each user: a long pause begins a new one.")
                .required("timestamp_col", TEXT, "column of timestamps")
                .required("user_col", TEXT, "column that says whose event it is")
                .optional(
                        "threshold_seconds",
                        new Form.Whole(0, Integer.MAX_VALUE),
                        "1800",
                        "a longer pause begins a new session")
                .optional("session_col", TEXT, "session_id", "the column that gets `USER-NUMBER`")
                .notes("A row without user or timestamp is in no session: NULL.")
                .example("""
                        params:
                        timestamp_col: at
                        user_col: user
                        df:
                        | user string | at timestamp |
                        | ada | 2024-01-01 10:30:00 |
                        | ada | 2024-01-01 10:00:00 |
                        | ada | 2024-01-01 11:00:00.000001 |
                        | tim | 2024-01-01 10:00:00 |
                        | tim | NULL |
                        | NULL | 2024-01-01 10:00:00 |
                        result:
                        | user string | at timestamp | session_id string |
                        | ada | 2024-01-01 10:00:00 | ada-1 |
                        | ada | 2024-01-01 10:30:00 | ada-1 |
                        | ada | 2024-01-01 11:00:00.000001 | ada-2 |
                        | tim | 2024-01-01 10:00:00 | tim-1 |
                        | tim | NULL | NULL |
                        | NULL | 2024-01-01 10:00:00 | NULL |
                        """)
                .as(EventTransformers::sessionize);
    }

    private static Query sessionize(Call call) {
        Column time = call.time("timestamp_col");
        Column user = call.column("user_col");
        String text = call.text(user, "user_col");
        String window = "PARTITION BY " + call.name(user) + " ORDER BY " + call.name(time) + " ASC NULLS LAST";
        String started = call.name(RowTransformers.free(call, "tarn_started"));
        String at = TimeTransformers.micros(call, time);
        String pause = at + " - lag(" + at + ") OVER (" + window + ")";
        String flag = "CASE WHEN " + pause + " <= " + call.whole("threshold_seconds", 1800) * 1_000_000
                + " THEN 0 ELSE 1 END";
        String number = "CAST(sum(" + started + ") OVER (" + window + ") AS BIGINT)";
        String id = "CASE WHEN " + call.name(time) + " IS NOT NULL THEN " + text + " || '-' || "
                + call.dialect().textOf(number, Type.BIGINT) + " END";
        return call.all()
                .put(call.string("session_col", "session_id"), id)
                .select("FROM (SELECT *, " + flag + " AS " + started + " FROM df) q");
    }

    private static Transformer splitEventsByPeriod() {
        return Transformer.named("split_events_by_period", "Cuts events at the ends of days, hours or shifts.")
                .required("start_col", TEXT, "column of timestamps")
                .required("end_col", TEXT, "column of timestamps")
                .optional("period", new Form.Choice(List.of("day", "hour", "shift")), "day", "where to cut")
                .optional("duration_col", TEXT, "none", "a new column with the minutes of each part, a `double`")
                .optional(
                        "shifts", new Form.Mappings("shift", SHIFT), "none", "the shifts of a day, for `period: shift`")
                .optional("shift_col", TEXT, "shift_name", "the column with the shift's name")
                .notes("""
                        - Days and shifts are those of UTC.
                        - An event without start or end, or whose end is not after its start, is kept as it is.
                        - With shifts, time that belongs to none is left out; an event that meets none is kept whole, without a
                          name. A shift that ends after midnight also covers the morning of the next day.""")
                .example("""
                        params:
                        start_col: from
                        end_col: to
                        duration_col: minutes
                        df:
                        | id int | from timestamp | to timestamp |
                        | 1 | 2024-01-01 23:00:00 | 2024-01-02 01:30:00 |
                        | 2 | 2024-01-01 10:00:00 | 2024-01-02 00:00:00 |
                        | 3 | 2024-01-01 10:00:00 | NULL |
                        result:
                        | id int | from timestamp | to timestamp | minutes double |
                        | 1 | 2024-01-01 23:00:00 | 2024-01-02 00:00:00 | 60.0 |
                        | 1 | 2024-01-02 00:00:00 | 2024-01-02 01:30:00 | 90.0 |
                        | 2 | 2024-01-01 10:00:00 | 2024-01-02 00:00:00 | 840.0 |
                        | 3 | 2024-01-01 10:00:00 | NULL | NULL |
                        """)
                .as(EventTransformers::splitEvents);
    }

    /** The words for columns of ours in the query; none may be one of the rows'. */
    private record Words(String from, String to, String shift, String cut, String part) {
        static Words free(Call call) {
            return new Words(
                    call.name(RowTransformers.free(call, "tarn_from")),
                    call.name(RowTransformers.free(call, "tarn_to")),
                    call.name(RowTransformers.free(call, "tarn_shift")),
                    call.name(RowTransformers.free(call, "tarn_cut")),
                    call.name(RowTransformers.free(call, "tarn_part")));
        }
    }

    private static Query splitEvents(Call call) {
        Column start = call.time("start_col");
        Column end = call.time("end_col");
        boolean shifts = call.string("period", "day").equals("shift");
        if (shifts != call.has("shifts")) {
            throw call.bad(
                    shifts ? "period" : "shifts",
                    shifts ? "period: shift needs 'shifts'" : "'shifts' has no effect without period: shift",
                    "shifts have a name, a start and an end");
        }
        Words words = Words.free(call);
        String inner = shifts ? byShift(call, start, end, words) : byPeriod(call, start, end, words);
        Projection result = call.all();
        result.put(start, Types.cast(call, moment(start), words.from(), start.type()));
        result.put(end, Types.cast(call, moment(end), words.to(), end.type()));
        if (shifts) {
            result.put(call.string("shift_col", "shift_name"), words.shift());
        }
        if (call.has("duration_col")) {
            String micros =
                    call.dialect().micros(words.to()) + " - " + call.dialect().micros(words.from());
            result.put(call.string("duration_col"), "(CAST(" + micros + " AS DOUBLE) / CAST(60000000 AS DOUBLE))");
        }
        return result.select("FROM (" + inner + ") q");
    }

    private static Column moment(Column column) {
        return new Column(column.name(), column.type().isUnknown() ? Type.UNKNOWN : Type.TIMESTAMP);
    }

    /** One row for each day or hour that the event touches, a moment at its end not counted. */
    private static String byPeriod(Call call, Column start, Column end, Words words) {
        SqlDialect sql = call.dialect();
        String unit = call.string("period", "day");
        String from = TimeTransformers.moment(call, start);
        String to = TimeTransformers.moment(call, end);
        String proper = from + " < " + to;
        String first = "date_trunc('" + unit + "', " + from + ")";
        String last =
                sql == SqlDialect.DUCKDB ? to + " - INTERVAL 1 MICROSECOND" : to + " - INTERVAL '0.000001' SECOND";
        // Of an event that is not cut, one moment: its start.
        String cuts = sql.moments(
                "CASE WHEN " + proper + " THEN " + first + " ELSE " + epoch(call) + " END",
                "CASE WHEN " + proper + " THEN " + last + " ELSE " + epoch(call) + " END",
                unit);
        String next = sql.plus(words.cut(), 1, unit);
        return "SELECT *, CASE WHEN " + proper + " THEN greatest(" + from + ", " + words.cut() + ") ELSE " + from
                + " END AS " + words.from() + ", CASE WHEN " + proper + " THEN least(" + to + ", " + next + ") ELSE "
                + to
                + " END AS " + words.to() + " FROM (SELECT *, " + cuts + " AS " + words.cut() + " FROM df) p";
    }

    private static String epoch(Call call) {
        return call.cast("'1970-01-01 00:00:00'", Type.TIMESTAMP);
    }

    /** One row for each shift that the event meets, of its days and of the day before; one for an event that meets none. */
    private static String byShift(Call call, Column start, Column end, Words words) {
        SqlDialect sql = call.dialect();
        String from = TimeTransformers.moment(call, start);
        String to = TimeTransformers.moment(call, end);
        String day = sql.plus("date_trunc('day', " + from + ")", -1, "day");
        List<String> lists = new ArrayList<>();
        for (Map<String, Argument.Scalar> shift : call.mappings("shifts")) {
            LocalTime begins = time(call, Constants.get(shift, "start"));
            LocalTime ends = time(call, Constants.get(shift, "end"));
            int minutes = ends.toSecondOfDay() / 60 + (ends.isAfter(begins) ? 0 : 24 * 60);
            String part = part(
                    sql,
                    "greatest(" + from + ", " + sql.plus("d", begins.toSecondOfDay() / 60, "minute") + ")",
                    "least(" + to + ", " + sql.plus("d", minutes, "minute") + ")",
                    call.literal(call.speakable(Constants.get(shift, "name"))));
            lists.add(
                    sql == SqlDialect.DUCKDB
                            ? "list_transform(generate_series(" + day + ", " + to + ", to_days(1)), lambda d: " + part
                                    + ")"
                            : "transform(sequence(" + day + ", " + to + ", INTERVAL 1 DAY), d -> " + part + ")");
        }
        if (lists.isEmpty()) {
            throw call.bad("shifts", "there is no shift", "add one");
        }
        String all = String.join(sql == SqlDialect.DUCKDB ? " || " : ", ", lists);
        String met = sql == SqlDialect.DUCKDB
                ? "list_filter(" + all + ", lambda p: p.f < p.t)"
                : "filter(concat(" + all + "), p -> p.f < p.t)";
        String whole = part(sql, from, to, call.cast("NULL", Type.STRING));
        String proper = "CASE WHEN " + from + " < " + to + " THEN " + met + " END";
        String kept = sql == SqlDialect.DUCKDB
                ? "unnest(CASE WHEN len(" + words.cut() + ") > 0 THEN " + words.cut() + " ELSE [" + whole + "] END)"
                : "explode(CASE WHEN size(" + words.cut() + ") > 0 THEN " + words.cut() + " ELSE array(" + whole
                        + ") END)";
        return "SELECT *, " + sql.field(words.part(), "f") + " AS " + words.from() + ", "
                + sql.field(words.part(), "t") + " AS " + words.to() + ", " + sql.field(words.part(), "s") + " AS "
                + words.shift() + " FROM (SELECT *, " + kept + " AS " + words.part() + " FROM (SELECT *, " + proper
                + " AS " + words.cut() + " FROM df) c) e";
    }

    private static String part(SqlDialect sql, String from, String to, String name) {
        return sql == SqlDialect.DUCKDB
                ? "{'f': " + from + ", 't': " + to + ", 's': " + name + "}"
                : "named_struct('f', " + from + ", 't', " + to + ", 's', " + name + ")";
    }

    private static LocalTime time(Call call, Argument.Scalar text) {
        try {
            return LocalTime.parse(call.speakable(text));
        } catch (DateTimeParseException e) {
            throw call.bad(
                    text.span(), "'" + text.string() + "' is no time of day", Optional.of("write it as in: 06:00"));
        }
    }
}
