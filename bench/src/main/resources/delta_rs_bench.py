"""Does the benchmark's work by delta-rs: a line of words separated by tabs in, a line 'done seconds answer' out."""

import sys
import time

import pyarrow.parquet
from deltalake import DeltaTable


def merge(table, source):
    (
        DeltaTable(table)
        .merge(
            pyarrow.parquet.read_table(source),
            "target.id = source.id",
            source_alias="source",
            target_alias="target",
        )
        .when_matched_update_all()
        .when_not_matched_insert_all()
        .execute()
    )


def load(table):
    DeltaTable(table)


for line in sys.stdin:
    words = line.rstrip("\n").split("\t")
    start = time.perf_counter()
    {"merge": merge, "load": load}[words[0]](*words[1:])
    print(f"done\t{time.perf_counter() - start:.6f}\t", flush=True)
