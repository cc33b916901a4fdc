package dev.tarn.core.source;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The kinds of problem that Tarn reports. A number never changes its meaning; {@code tarn explain} prints title and
 * explanation.
 */
public enum ProblemCode {
    // 01xx: the files and their YAML
    FILE_NOT_FOUND(101, "file not found", """
            A file that the command or the project names does not exist, or is a folder.
            Relative paths in a project start at the folder of the project file."""),
    FILE_UNREADABLE(102, "file cannot be read", """
            The file exists but cannot be read: permissions, or its bytes are not UTF-8 text.
            Save the file as UTF-8 and check that you may read it."""),
    YAML_SYNTAX(103, "not valid YAML", """
            The file breaks a rule of YAML 1.2. Common reasons: tabs used for indentation, a missing space after
            a colon, a quote that is not closed, or the same key twice in one mapping."""),
    WRONG_TYPE(104, "value of the wrong kind", """
            The key takes another kind of value: a mapping where text is expected, text where a number is expected."""),
    UNKNOWN_KEY(105, "unknown key", """
            The key is not part of the model, so it would have no effect. Tarn refuses it instead of ignoring it.
            Check the spelling; the message names the nearest key that exists here."""),
    UNSUPPORTED_KEY(106, "not supported yet", """
            The key or value has a meaning in ODIBI's vocabulary, but this version of Tarn does not support it.
            Leaving it in would silently change what your project does, so Tarn refuses it."""),
    MISSING_KEY(107, "required key missing", """
            A key that this mapping cannot do without is not there."""),
    INVALID_VALUE(108, "value not allowed", """
            The value has the right kind but is not one of the allowed ones or is out of its range."""),
    INVALID_NAME(109, "name not allowed", """
            Names of pipelines, nodes and connections start with a letter or underscore and go on with letters, digits
            and underscores, so that SQL can use them without quotes."""),
    DUPLICATE_NAME(110, "name used twice", """
            Two pipelines, two nodes of one pipeline, or two checks of one node have the same name."""),
    CONFLICTING_KEYS(111, "keys that exclude each other", """
            Only one of these keys may be given, or a key has no effect without another."""),
    NOTHING_TO_DO(112, "nothing to do", """
            A node that neither reads, transforms nor writes does nothing; a project without a node runs nothing."""),
    IGNORED_KEY(113, "key has no effect", """
            The key is accepted so that a project written for ODIBI loads, but Tarn does this job in another way.
            Nothing is lost; the note says what Tarn does instead."""),
    IMPORT_CYCLE(114, "files import each other in a circle", """
            A file under 'imports' imports, directly or through others, the file that imports it.
            Move what both need to a third file that imports neither."""),
    UNKNOWN_ENVIRONMENT(115, "unknown environment", """
            --env or TARN_ENV names an environment that the project does not have: neither is it declared under
            'environments' nor is there a file env.<name>.yaml beside the project file."""),
    ADDED_BY_ENVIRONMENT(116, "environment adds a pipeline or node", """
            An environment changes pipelines and nodes by their names, and adds those whose names are new.
            This new name is so near to one of the project's that it may be a slip."""),
    ENV_FILE_SYNTAX(117, "line of .env not understood", """
            The file .env has one KEY=VALUE a line; 'export' before it, quotes around the value and comments after #
            are allowed. Messages do not show its values."""),

    // 02xx: ${...} and what it refers to
    UNRESOLVED_VARIABLE(201, "variable has no value", """
            ${env:X} or ${X} names an environment variable that is not set, or ${vars.x} a key that is not under 'vars'.
            Set it, or give a default: ${env:X:-default}."""),
    BAD_INTERPOLATION(202, "cannot understand ${...}", """
            Allowed are ${env:NAME}, ${NAME}, ${env:NAME:-default}, ${vars.path.to.key}, ${date:today}, and
            ${date:today-7d:yyyy-MM-dd} with the units d, w, m, y. Write $${ for a literal ${."""),
    VARIABLE_CYCLE(203, "variables refer to each other in a circle", """
            A value under 'vars' needs itself, directly or through others."""),

    UNKNOWN_SECRET_SCOPE(204, "unknown secret scope", """
            ${secret:scope/name} names a scope that is not declared under 'secrets'."""),
    SECRET_NOT_ALLOWED(205, "secret not allowed here", """
            A secret may stand in what a connection to a database or to Kafka is given: host, database, user, password,
            properties. Everywhere else it would be seen: in messages, in stories, in the history of runs."""),

    // 03xx: connections and the graph
    UNKNOWN_CONNECTION(301, "unknown connection", """
            A read or write names a connection that is not declared under 'connections'."""),
    UNKNOWN_NODE(302, "unknown node", """
            depends_on, an input or SQL names a node that does not exist in this pipeline.
            A node of another pipeline is an input: inputs: {name: $pipeline.node}."""),
    DEPENDENCY_CYCLE(303, "nodes depend on each other in a circle", """
            No order exists in which each node runs after what it needs. The message shows the circle."""),
    DISABLED_DEPENDENCY(304, "needs a disabled node", """
            The node depends on one with enabled: false, which produces nothing."""),
    DUPLICATE_TARGET(305, "a write destroys another node's output", """
            A node overwrites the place that a node above it writes to, so the first one's rows would be lost."""),
    NOT_WRITTEN_YET(306, "needs what was not written yet", """
            A selected node reads what another node writes, that one is not selected, and no earlier run has written it.
            Select both, or run the other one first. '+node' selects a node with all that it needs."""),

    // 04xx: SQL and checks
    SQL_SYNTAX(401, "SQL syntax error", """
            The engine's parser does not accept the text."""),
    SQL_NOT_A_QUERY(402, "not a single SELECT", """
            A step is one query: SELECT, WITH, FROM, VALUES. Tables are created and written by 'write', not by SQL.
            PIVOT needs its values written out: PIVOT ... IN (...)."""),
    UNKNOWN_TABLE(403, "unknown table in SQL", """
            The query reads a table that is neither df, an input, a node of the pipeline nor defined by WITH."""),
    UNKNOWN_OPTION(404, "unknown option", """
            The option is not one of the engine's for this format."""),
    INVALID_PATTERN(405, "regular expression not valid", """
            The pattern cannot be compiled. Patterns have RE2 syntax: no look-around, no back references."""),
    UNSUPPORTED_DIALECT(406, "dialect not supported", """
            This engine cannot run SQL of that dialect yet."""),
    UNKNOWN_ENGINE(407, "unknown engine", """
            No engine of that name is on the class path."""),
    STATEMENT_REFUSED(409, "statement not allowed around a node", """
            pre_sql and post_sql run on a connection that is the node's own, and may change nothing but what is temporary
            there: CREATE TEMP TABLE, VIEW, MACRO, SEQUENCE or TYPE, INSERT, UPDATE, DELETE, ALTER and DROP of those,
            SET VARIABLE, SET of options that hold for one connection, SELECT. All else would be seen by nodes that run
            at the same time, or would stay when the node fails."""),
    UNSUPPORTED_WRITE(408, "write not possible in this form", """
            The format cannot do what the write asks for, such as appending to a JSON array."""),

    UNKNOWN_TRANSFORMER(410, "unknown transformer", """
            'function' or 'transformer' names none of the built-in transformers. docs/transformers.md has them all."""),
    ARGUMENT_MISFIT(411, "parameter does not fit the rows", """
            A parameter of a transformer names a column that is not there, or one of a type that the transformer cannot work
            on, or has a value that means nothing. What can be known before the run is found then, the rest when the node
            runs."""),

    // 05xx: while a run goes on
    QUERY_FAILED(501, "query failed", """
            The engine could not run the query: a column that does not exist, a value that cannot be converted,
            a division that overflows. The message is the engine's. Nothing was written by this node."""),
    READ_FAILED(502, "read failed", """
            The source could not be read: no file matches, or its content is not of the declared format."""),
    WRITE_FAILED(503, "write failed", """
            The target could not be written: permissions, a full disk. What was there before is unchanged."""),
    CHECK_FAILED(504, "data check failed", """
            Rows break a rule whose on_fail is 'fail'. Nothing was written by this node.
            Use on_fail: quarantine to set such rows aside, or warn to let them pass."""),
    SCHEMA_MISMATCH(505, "schema does not match the target", """
            The output's columns differ from the table's. merge_schema: true adds new columns to the table;
            overwrite_schema: true with mode overwrite replaces the schema."""),
    TARGET_EXISTS(506, "target already exists", """
            mode: error_if_exists found something at the target and left it as it is."""),
    UNSUPPORTED_TABLE(507, "Delta table needs a feature that Tarn does not have yet", """
            The table's protocol demands a feature that this version cannot read or write rightly.
            Tarn refuses instead of giving wrong rows. The message names the feature."""),
    CORRUPT_TABLE(508, "Delta table cannot be read", """
            The table's log is damaged: a commit is missing or cannot be understood, or a data file is gone.
            Nothing was changed. Restore the missing file or recreate the table."""),
    CONFLICT(509, "another writer was faster", """
            Another process committed to the table in a way that excludes this write. Nothing was written.
            The node is tried again as 'retry' allows."""),
    UNSUPPORTED_TYPE(510, "column type cannot be stored", """
            The target format has no such type. Cast the column in SQL, for example to VARCHAR or TIMESTAMP."""),
    INTERRUPTED(511, "interrupted", """
            The run was stopped by the user or by a fail_fast node. Nothing half-written is left."""),
    INTERNAL_ERROR(599, "internal error", """
            A bug in Tarn, not in your project. Please report it with the output of --trace."""),
    SERVICE_FAILED(520, "local service failed", """
            A service of the local stack could not be started, or was given up after three restarts. The message has the
            reason and the last lines of its log; 'tarn logs' has more, and 'tarn up' tries again."""),
    NOT_PROVISIONED(521, "something that is needed could not be fetched", """
            What a service needs is not on this machine and could not be fetched into the cache: no connection, a registry
            that does not answer, offline mode. 'tarn up --fetch' fetches it without starting anything."""),
    SECRET_UNAVAILABLE(522, "secret could not be had", """
            The store of a secret does not have it, cannot be opened, or does not answer. Nothing was written by this
            node. 'tarn secret list' shows what an encrypted file has."""),
    CONNECTION_FAILED(523, "connection failed", """
            The server cannot be reached, does not let the user in, or has no such database. 'tarn connection test' tries
            the connections of a project without running anything."""),
    UNSUPPORTED_VALUE(524, "value cannot be carried over as it is", """
            A value has no equal on the other side: an infinite date, a number with more digits than fit, a text that is
            too long. Tarn does not write another value in its place. The message names table, column and row; convert
            the value in SQL, or read it as text with a 'query'."""),
    ENGINE_FAILED(530, "engine does not start", """
            The engine that is to run the project does not come up: a master that does not answer, settings that it does not
            take, memory that there is not. Nothing was run."""),
    STATE_UNWRITABLE(512, "working folder cannot be written", """
            Tarn keeps temporary files and state under .tarn beside the project file and could not write there."""),
    HISTORY_UNREADABLE(513, "history of runs cannot be read", """
            run --resume must know what ran before, and .tarn/history.db does not say. To run everything instead could
            append again what was appended already."""),

    // 06xx: notebooks and workspace items
    NOTEBOOK_SYNTAX(601, "notebook or item not understood", """
            The file breaks a rule of its format: a notebook whose metadata are not JSON, a text that is no notebook at all,
            an item whose .platform file lacks what it must have."""),
    NOTEBOOK_NOTE(602, "notebook may not do what its author meant", """
            The file can be read, but Fabric may read it in another way than its author expects: a line that only looks like
            the beginning of a cell, a tag that has no effect in a source file, a file name that Fabric does not write."""),
    CELL_FAILED(603, "cell of a notebook failed", """
            A cell raised an exception, was interrupted or took too long; the cells behind it were not run. The place is that
            of the line in the notebook; above it stands the traceback of the notebook's own lines.""");

    private final int number;
    private final String title;
    private final String explanation;

    ProblemCode(int number, String title, String explanation) {
        this.number = number;
        this.title = title;
        this.explanation = explanation;
    }

    /** {@code TARN-0123} */
    public String id() {
        return String.format(Locale.ROOT, "TARN-%04d", number);
    }

    public String title() {
        return title;
    }

    public String explanation() {
        return explanation;
    }

    /** The code that a user means by {@code TARN-0123}, {@code tarn-123} or {@code 123}. */
    public static Optional<ProblemCode> parse(String text) {
        String digits = text.strip().toUpperCase(Locale.ROOT).replaceFirst("^TARN-?", "");
        return Arrays.stream(values())
                .filter(c -> digits.matches("0*" + c.number))
                .findFirst();
    }
}
