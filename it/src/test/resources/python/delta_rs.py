"""Answers requests for delta-rs, one JSON object a line, until standard input ends.

A request names an operation and its arguments. An answer is {"ok": ...}, or {"error": message} with the message of
delta-rs as it is.
"""

import datetime
import decimal
import json
import sys

import pyarrow
import pyarrow.parquet
import pyarrow.types as types
from deltalake import CommitProperties, DeltaTable, Field, QueryBuilder, Transaction, write_deltalake

EPOCH = datetime.datetime(1970, 1, 1)


def encode(arrow, value):
    """A value as JSON that keeps its type and each bit: {"letter": text} where JSON has no such value."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if types.is_integer(arrow):
        return value
    if types.is_floating(arrow):
        return {"d": float(value).hex()}
    if isinstance(value, decimal.Decimal):
        return {"m": format(value, "f")}
    if isinstance(value, bytes):
        return {"b": value.hex()}
    if types.is_timestamp(arrow):
        naive = value.replace(tzinfo=None) if value.tzinfo is None else value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        return {"t" if arrow.tz else "n": (naive - EPOCH) // datetime.timedelta(microseconds=1)}
    if types.is_date(arrow):
        return {"D": value.isoformat()}
    if types.is_map(arrow):
        return {"M": [[encode(arrow.key_type, k), encode(arrow.item_type, v)] for k, v in value]}
    if types.is_struct(arrow):
        return {"s": [[field.name, encode(field.type, value[field.name])] for field in arrow]}
    if isinstance(value, list):
        return [encode(arrow.value_type, each) for each in value]
    raise TypeError(f"no encoding for {arrow}")


def rows(table):
    columns = [[encode(column.type, value) for value in column.to_pylist()] for column in table.columns]
    return [list(row) for row in zip(*columns)]


def nullable(schema):
    """DuckDB declares a column without NULL as required, which is no property of the table to be made."""
    return pyarrow.schema([field.with_nullable(True) for field in schema])


def source(request):
    table = pyarrow.parquet.read_table(request["source"])
    return table.cast(nullable(table.schema))


def properties(request):
    transaction = request.get("txn")
    return CommitProperties(
        custom_metadata=request.get("metadata"),
        app_transactions=[Transaction(*transaction)] if transaction else None,
    )


def open_table(request):
    table = DeltaTable(request["table"], version=request.get("version"))
    if "timestamp" in request:
        table.load_as_version(datetime.datetime.fromtimestamp(request["timestamp"] / 1000, datetime.timezone.utc))
    return table


def read(request):
    table = open_table(request)
    batches = QueryBuilder().register("t", table).execute("SELECT * FROM t")
    return {"schema": json.loads(table.schema().to_json()), "rows": rows(pyarrow.table(batches)), "version": table.version()}


def changes(request):
    table = DeltaTable(request["table"])
    feed = pyarrow.table(table.load_cdf(starting_version=request["from"], ending_version=request["to"]))
    return {"columns": feed.column_names, "rows": rows(feed)}


def version(request):
    return DeltaTable(request["table"]).version()


def history(request):
    return DeltaTable(request["table"]).history()


def transaction_version(request):
    return DeltaTable(request["table"]).transaction_version(request["app"])


def write(request):
    write_deltalake(
        request["table"],
        source(request),
        mode=request["mode"],
        partition_by=request.get("partition_by"),
        configuration=request.get("configuration"),
        schema_mode=request.get("schema_mode"),
        predicate=request.get("predicate"),
        commit_properties=properties(request),
    )


def create(request):
    DeltaTable.create(
        request["table"],
        nullable(pyarrow.parquet.read_schema(request["source"])),
        partition_by=request.get("partition_by"),
        configuration=request.get("configuration"),
    )


def delete(request):
    return open_table(request).delete(request.get("where"), commit_properties=properties(request))


def update(request):
    return open_table(request).update(
        updates=request["set"], predicate=request.get("where"), commit_properties=properties(request)
    )


def merge(request):
    merger = open_table(request).merge(
        source(request),
        request["on"],
        source_alias="source",
        target_alias="target",
        merge_schema=request.get("evolve", False),
        commit_properties=properties(request),
    )
    for clause in request["clauses"]:
        arguments = {"predicate": clause.get("condition")}
        if "set" in clause:
            arguments["updates"] = clause["set"]
        merger = getattr(merger, clause["kind"])(**arguments)
    return merger.execute()


def checkpoint(request):
    DeltaTable(request["table"]).create_checkpoint()


def optimize(request):
    return DeltaTable(request["table"]).optimize.compact()


def vacuum(request):
    return DeltaTable(request["table"]).vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)


def restore(request):
    return DeltaTable(request["table"]).restore(request["version"])


def add_column(request):
    DeltaTable(request["table"]).alter.add_columns(Field(request["name"], request["type"]))


def add_constraint(request):
    DeltaTable(request["table"]).alter.add_constraint({request["name"]: request["condition"]})


def drop_constraint(request):
    DeltaTable(request["table"]).alter.drop_constraint(request["name"])


def set_properties(request):
    DeltaTable(request["table"]).alter.set_table_properties(request["properties"])


OPERATIONS = {
    each.__name__: each
    for each in (read, changes, version, history, transaction_version, write, create, delete, update, merge, checkpoint)
    + (optimize, vacuum, restore, add_column, add_constraint, drop_constraint, set_properties)
}


def answer(line):
    try:
        request = json.loads(line)
        return {"ok": OPERATIONS[request["op"]](request)}
    except BaseException as error:  # A panic of the Rust side is no Exception.
        return {"error": str(error) or type(error).__name__}


for line in sys.stdin:
    sys.stdout.write(json.dumps(answer(line), default=str) + "\n")
    sys.stdout.flush()
