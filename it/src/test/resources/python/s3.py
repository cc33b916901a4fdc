"""Appends to one Delta table on S3 from several processes at once: ENDPOINT PROCESSES APPENDS [PROCESS]."""

import os
import subprocess
import sys

import pyarrow
from deltalake import DeltaTable, QueryBuilder, write_deltalake

TABLE = "s3://lake/folder/table"
ENDPOINT, PROCESSES, APPENDS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
OPTIONS = {
    "AWS_ENDPOINT_URL": ENDPOINT,
    "AWS_ALLOW_HTTP": "true",
    "AWS_ACCESS_KEY_ID": "any",
    "AWS_SECRET_ACCESS_KEY": "any",
    "AWS_REGION": "us-east-1",
    "conditional_put": "etag",
}


def append(ids):
    rows = pyarrow.table({"id": pyarrow.array(ids, pyarrow.int64())})
    write_deltalake(TABLE, rows, mode="append", storage_options=OPTIONS)


if len(sys.argv) > 4:
    for i in range(APPENDS):
        append([int(sys.argv[4]) * 1000 + i])
else:
    append([])
    writers = [subprocess.Popen([sys.executable, *sys.argv, str(process)]) for process in range(PROCESSES)]
    failed = [writer.args for writer in writers if writer.wait() != 0]
    table = DeltaTable(TABLE, storage_options=OPTIONS)
    rows = pyarrow.table(QueryBuilder().register("t", table).execute("SELECT DISTINCT id FROM t"))
    print(*failed, rows.num_rows, "rows in", table.version() + 1, "versions", flush=True)
# Without the libraries' own end: now and then their threads are cut down in an order that aborts the process.
os._exit(0)
