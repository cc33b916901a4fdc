"""Appends to one Delta table on S3 from several processes at once: ENDPOINT PROCESSES APPENDS."""

import multiprocessing
import sys

import pyarrow
from deltalake import DeltaTable, write_deltalake

TABLE = "s3://lake/folder/table"
ENDPOINT = sys.argv[1]
OPTIONS = {
    "AWS_ENDPOINT_URL": ENDPOINT,
    "AWS_ALLOW_HTTP": "true",
    "AWS_ACCESS_KEY_ID": "any",
    "AWS_SECRET_ACCESS_KEY": "any",
    "AWS_REGION": "us-east-1",
    "conditional_put": "etag",
}


def append(process):
    for i in range(int(sys.argv[3])):
        rows = pyarrow.table({"id": [process * 1000 + i]})
        write_deltalake(TABLE, rows, mode="append", storage_options=OPTIONS)


if __name__ == "__main__":
    empty = pyarrow.table({"id": pyarrow.array([], pyarrow.int64())})
    write_deltalake(TABLE, empty, storage_options=OPTIONS)
    with multiprocessing.get_context("spawn").Pool(int(sys.argv[2])) as pool:
        pool.map(append, range(int(sys.argv[2])))
    table = DeltaTable(TABLE, storage_options=OPTIONS)
    print(len(set(table.to_pyarrow_table()["id"].to_pylist())), "rows in", table.version() + 1, "versions")
