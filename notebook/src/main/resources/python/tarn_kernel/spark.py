"""The Spark session of a run: a JVM of its own, which this process starts and which ends with it."""

import atexit
import os
import re
import shutil
import struct
import subprocess
import tempfile
import time

from tarn_kernel.lakehouse import Lakehouse

_DROP = re.compile(r"(?is)^\s*drop\s+table\s+(?:if\s+exists\s+)?([`\w.]+)\s*;?\s*$")


class SparkProcess:
    """
    A JVM with Spark's own gateway for Python.

    folder: where it logs
    work: where it works; a relative path that no wrapper sees leads there, too
    """

    def __init__(self, command, folder, work):
        self._command = command
        self._folder = folder
        self._work = work
        self._process = None
        self._info = None

    def start(self):
        """Begins to start it; Python can go on meanwhile."""
        if self._process:
            return
        self._info = os.path.join(tempfile.mkdtemp(prefix="tarn-spark-"), "gateway")
        log = open(os.path.join(self._folder, "spark.log"), "ab")
        self._process = subprocess.Popen(
            self._command,
            # The gateway ends with this pipe, however this process ends. An interrupt is for the cell, not for Spark.
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=self._work,
            env={**os.environ, "_PYSPARK_DRIVER_CONN_INFO_PATH": self._info, "SPARK_LOCAL_IP": "127.0.0.1"},
            start_new_session=True,
        )
        log.close()
        atexit.register(self.stop)

    def attach(self):
        """Lets PySpark know the gateway, when it answers."""
        while not os.path.exists(self._info):
            if self._process.poll() is not None:
                with open(os.path.join(self._folder, "spark.log"), errors="replace") as log:
                    tail = "".join(log.readlines()[-15:])
                raise RuntimeError("Spark could not be started:\n" + tail)
            time.sleep(0.02)
        with open(self._info, "rb") as info:
            (port,) = struct.unpack("!i", info.read(4))
            (length,) = struct.unpack("!i", info.read(4))
            os.environ["PYSPARK_GATEWAY_PORT"] = str(port)
            os.environ["PYSPARK_GATEWAY_SECRET"] = info.read(length).decode()
        shutil.rmtree(os.path.dirname(self._info), ignore_errors=True)

    def stop(self):
        if self._process and self._process.poll() is None:
            self._process.stdin.close()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()


def session(process, conf, lakehouse):
    """Makes the session that SparkSession.builder.getOrCreate() gives from now on."""
    process.start()
    import pyspark.sql

    process.attach()
    builder = pyspark.sql.SparkSession.builder.appName("tarn notebook")
    for key, value in conf.items():
        builder = builder.config(key, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    if lakehouse:
        _follow(made, lakehouse)
    return made


def watch(heard):
    """Tells of each command of Spark or Delta that fails, also of those whose failure is caught."""
    from pyspark.errors.exceptions import captured

    convert = captured.convert_exception

    def converted(error):
        made = convert(error)
        lines = str(made).strip().splitlines()
        heard(f"{type(made).__name__}: {lines[0] if lines else ''}")
        return made

    captured.convert_exception = converted


def _follow(session, lakehouse: Lakehouse):
    """Names and paths in all calls are those of the lakehouse."""
    plain = session.sql
    lakehouse.prepare(plain)
    cls = type(session)
    original = cls.sql

    def sql(self, sqlQuery, *args, **kwargs):
        lakehouse.discover(lambda text: original(self, text))
        result = original(self, lakehouse.sql(sqlQuery), *args, **kwargs)
        dropped = _DROP.match(sqlQuery)
        if dropped:
            _remove(lakehouse, dropped.group(1).replace("`", ""))
        return result

    cls.sql = sql
    _wrap(cls, "table", lakehouse, _name, session, original)
    from pyspark.sql import DataFrameReader, DataFrameWriter
    from pyspark.sql.catalog import Catalog

    for method in ("tableExists", "dropTempView", "refreshTable", "listColumns", "getTable"):
        if method != "dropTempView":
            _wrap(Catalog, method, lakehouse, _name, session, original)
    for method in ("listTables", "listDatabases", "databaseExists"):
        _discover(Catalog, method, lakehouse, session, original)
    _wrap(DataFrameReader, "table", lakehouse, _name, session, original)
    for method in ("saveAsTable", "insertInto"):
        _wrap(DataFrameWriter, method, lakehouse, _name, session, original)
    for method in ("load", "csv", "json", "parquet", "text", "orc"):
        _wrap(DataFrameReader, method, lakehouse, _path)
        if method != "load":
            _wrap(DataFrameWriter, method, lakehouse, _path)
    _wrap(DataFrameWriter, "save", lakehouse, _path)
    _wrap(DataFrameReader, "option", lakehouse, _option)
    _wrap(DataFrameWriter, "option", lakehouse, _option)
    try:
        from delta.tables import DeltaTable
    except ImportError:
        return
    _wrap_class(DeltaTable, "forPath", lakehouse, _path)
    _wrap_class(DeltaTable, "isDeltaTable", lakehouse, _path)
    _wrap_class(DeltaTable, "forName", lakehouse, _name, session, original)


def _remove(lakehouse, name):
    """The service deletes the files of a table with it; Spark leaves those of tables it was only told of."""
    parts = lakehouse.table(name).split(".")
    schema = parts[-2] if len(parts) > 1 else lakehouse.schema or lakehouse.name
    folder = os.path.join(lakehouse.root, "Tables", *([schema] if lakehouse.schema else []), parts[-1])
    key = (schema, parts[-1])
    if key in lakehouse._known and os.path.isdir(os.path.join(folder, "_delta_log")):
        shutil.rmtree(folder)
    lakehouse.forget({key})


def _path(lakehouse, value):
    return [lakehouse.path(v) for v in value] if isinstance(value, list) else lakehouse.path(value)


def _name(lakehouse, value):
    return lakehouse.table(value)


def _option(lakehouse, value):
    return value


def _wrap(cls, name, lakehouse, change, session=None, sql=None):
    original = getattr(cls, name)

    def call(self, *args, **kwargs):
        if session is not None:
            lakehouse.discover(lambda text: sql(session, text))
        return original(
            self, *_changed(lakehouse, change, args, name), **_changed_names(lakehouse, change, kwargs, name)
        )

    call.__name__ = name
    call.__doc__ = original.__doc__
    setattr(cls, name, call)


def _wrap_class(cls, name, lakehouse, change, session=None, sql=None):
    original = getattr(cls, name).__func__

    def call(klass, *args, **kwargs):
        if session is not None:
            lakehouse.discover(lambda text: sql(session, text))
        return original(klass, *[change(lakehouse, a) if isinstance(a, str) else a for a in args], **kwargs)

    setattr(cls, name, classmethod(call))


def _discover(cls, name, lakehouse, session, sql):
    original = getattr(cls, name)

    def call(self, *args, **kwargs):
        lakehouse.discover(lambda text: sql(session, text))
        return original(self, *args, **kwargs)

    call.__name__ = name
    setattr(cls, name, call)


def _changed(lakehouse, change, args, name):
    if change is _option:
        return [lakehouse.path(a) if i == 1 and args[0] == "path" else a for i, a in enumerate(args)]
    return [change(lakehouse, a) if i == 0 else a for i, a in enumerate(args)]


def _changed_names(lakehouse, change, kwargs, name):
    if change is _option:
        return kwargs
    return {k: change(lakehouse, v) if k in ("path", "paths", "tableName", "name") else v for k, v in kwargs.items()}
