"""Runs notebooks cell by cell: the main one, those it pulls in with %run, and those it calls."""

import ast
import contextlib
import gc
import linecache
import os
import re
import signal
import subprocess
import sys
import threading
import time
import traceback

from tarn_kernel import files, show, syntax
from tarn_kernel.channel import CallError, Channel, take_streams

_DEEPEST = 5
_SKIPPED = {"sql", "scala", "r", "csharp", "kql", "html"}
_CELL = re.compile(r" cell \d+$")


class Exit(Exception):
    """Ends the notebook with a value. It is an exception, so a bare except around it swallows it, as in the service."""

    def __init__(self, value):
        super().__init__(value)
        self.value = value


class Failed(Exception):
    """A cell of this notebook, or of one that it pulls in, has failed; its place is known already."""

    def __init__(self, report):
        super().__init__(report["message"])
        self.report = report


class Run:
    """What all notebooks of one run share."""

    def __init__(self, channel, setup):
        self.channel = channel
        self.setup = setup
        self.context = setup["context"]
        self.stack = []
        self._spark = None
        self._process = None
        self.namespaces = []
        self._raised = []

    # --- Spark ---------------------------------------------------------------------------------------------------

    def start_spark(self):
        """Begins to start Spark, if the notebook will need it."""
        if not self._process:
            from tarn_kernel.spark import SparkProcess

            spark = self.setup["spark"] or self.channel.call("spark")
            self.setup["spark"] = spark
            self._process = SparkProcess(
                spark["command"], spark["folder"], (self.setup["lakehouse"] or {}).get("root", spark["folder"])
            )
            self._process.start()

    def spark(self):
        if not self._spark:
            self.start_spark()
            from tarn_kernel.lakehouse import Lakehouse
            from tarn_kernel.spark import session, watch

            found = self.setup["lakehouse"]
            lakehouse = Lakehouse(found["name"], found["root"], found["schema"]) if found else None
            self._spark = session(self._process, self.setup["spark"]["conf"], lakehouse)
            watch(self.raised)
        return self._spark

    def raised(self, what):
        """Something failed, or ended the notebook; if the cell goes on, its user should know of it."""
        frames = [f for f in traceback.extract_stack() if _CELL.search(f.filename)]
        place = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else "a cell"
        self._raised.append(f"{place}: {what}")

    # --- namespaces ----------------------------------------------------------------------------------------------

    def namespace(self):
        import notebookutils

        made = {
            "__name__": "__main__",
            "__builtins__": __builtins__,
            "notebookutils": notebookutils,
            "mssparkutils": notebookutils.mssparkutils,
            "display": show.display,
            "displayHTML": show.displayHTML,
        }
        made["__tarn_magic__"] = lambda sign, text: self.line_magic(sign, text, made)
        return made

    def give_spark(self, namespace):
        spark = self.spark()
        namespace.setdefault("spark", spark)
        namespace.setdefault("sc", spark.sparkContext)

    # --- notebooks -----------------------------------------------------------------------------------------------

    def notebook(self, found, namespace, parameters, depth):
        """Runs all cells. Gives the exit value, None when the notebook ended without one."""
        if found["spark"]:
            self.start_spark()
            self.give_spark(namespace)
        self.stack.append(found["name"])
        injected = not parameters
        at = next((c["number"] for c in found["cells"] if c["parameters"]), 0)
        try:
            if not injected and at == 0:
                namespace.update(parameters)
                injected = True
            for cell in found["cells"]:
                if cell["kind"] == "code":
                    self.cell(found, cell, namespace, depth)
                if not injected and cell["number"] == at:
                    namespace.update(parameters)
                    injected = True
        except Exit as e:
            if depth:
                raise
            return e.value
        finally:
            self.stack.pop()
        return None

    def cell(self, found, cell, namespace, depth):
        self.channel.send(event="cell", notebook=found["id"], cell=cell["number"], depth=depth, timeout=not depth)
        started = time.monotonic()
        status, report, left = "ok", None, None
        try:
            status = self._execute(found, cell, namespace, depth) or "ok"
            if depth == 0:
                show.open_figures()
        except Exit as e:
            left = e
        except Failed as e:
            status, report, left = "error", e.report, e
        except SystemExit as e:
            report = _report(found, cell, e, "SystemExit: a notebook ends with notebookutils.notebook.exit")
            status, left = "error", Failed(report)
        except KeyboardInterrupt as e:
            report = _report(found, cell, e, "interrupted")
            report["interrupted"] = True
            status, left = "error", Failed(report)
        except Exception as e:
            report = _report(found, cell, e)
            status, left = "error", Failed(report)
        if status == "ok":
            if left and self._raised and self._raised[-1].endswith("notebook.exit was called"):
                self._raised.pop()
            for what in self._raised:
                self.channel.send(event="notice", text=f"{what}, and an except swallowed it")
        self._raised.clear()
        self.channel.send(
            event="done",
            notebook=found["id"],
            cell=cell["number"],
            depth=depth,
            status=status,
            seconds=round(time.monotonic() - started, 3),
            error=report,
        )
        if left:
            raise left

    def _execute(self, found, cell, namespace, depth):
        source, magic, language = cell["source"], cell["magic"], cell["language"]
        if cell["frozen"] or not source.strip():
            return "skipped" if cell["frozen"] else "ok"
        head, _, body = source.lstrip().partition("\n") if magic else ("", "", source)
        arguments = head[2 + len(magic) :].strip() if magic else ""
        if magic in ("", "pyspark", "python", "time", "timeit", "capture"):
            if not magic and language in _SKIPPED:
                return self._skip(f"a cell in {language} is not run here")
            if not magic and language == "sparksql":
                return self.sql(body, namespace)
            text = source if not magic else "\n" * (source[: len(source) - len(source.lstrip())].count("\n") + 1) + body
            started = time.perf_counter()
            self.python(found, cell, text, namespace)
            if magic in ("time", "timeit"):
                print(f"Wall time: {time.perf_counter() - started:.3f} s")
            return None
        if magic == "sql":
            return self.sql(body, namespace)
        if magic in ("bash", "sh"):
            return self.shell(body)
        if magic == "html":
            return show.displayHTML(body)
        if magic in ("markdown", "md"):
            return show.emit({"text/markdown": body, "text/plain": body})
        if magic == "configure":
            return self.configure(body, depth)
        if magic == "writefile":
            return self.writefile(arguments, body)
        if magic in ("spark", "scala", "sparkr", "r", "csharp", "tsql", "kql"):
            return self._skip(f"a cell of %%{magic} is not run here")
        raise SyntaxError(f"the cell magic %%{magic} is not known here")

    def _skip(self, why):
        self.channel.send(event="notice", text=why + ": the result is partial")
        return "skipped"

    # --- Python --------------------------------------------------------------------------------------------------

    def python(self, found, cell, source, namespace):
        name = _file(found, cell)
        text = syntax.python(source)
        linecache.cache[name] = (len(source), None, [line + "\n" for line in source.split("\n")], name)
        tree = ast.parse(text, name)
        last = None if syntax.ends_silently(source) else syntax.last_expression(tree)
        exec(compile(tree, name, "exec"), namespace)
        if last is not None:
            value = eval(compile(last, name, "eval"), namespace)
            if value is not None:
                show.result(value)

    # --- magics --------------------------------------------------------------------------------------------------

    def line_magic(self, sign, text, namespace):
        if sign == "!":
            return self.shell(text, capture=False)
        word, _, rest = text.partition(" ")
        rest = rest.strip()
        if word == "run":
            return self.pull(rest, namespace)
        if word in ("pip", "conda"):
            return self.pip(text)
        if word in ("sh", "bash"):
            return self.shell(rest)
        if word == "sql":
            return self.sql(rest, namespace)
        if word in ("time", "timeit"):
            started = time.perf_counter()
            value = eval(compile(rest, "<%time>", "eval"), namespace) if rest else None
            print(f"Wall time: {time.perf_counter() - started:.3f} s")
            return value
        if word == "cd":
            return os.chdir(rest or os.path.expanduser("~"))
        if word == "pwd":
            return os.getcwd()
        if word in ("matplotlib", "config", "autoreload", "load_ext", "lsmagic", "history", "reload_ext"):
            return None
        raise SyntaxError(f"the line magic %{word} is not known here")

    def pull(self, text, namespace):
        """%run: the other notebook's cells as if they stood here."""
        name, parameters = syntax.referenced(text)
        for key, value in parameters.items():
            if not isinstance(value, (int, float, bool, str)):
                raise ValueError(f"%run passes int, float, bool and str only, not {key} = {value!r}")
        if len(self.stack) > _DEEPEST:
            raise RecursionError(f"%run is nested more than {_DEEPEST} deep: " + " -> ".join([*self.stack, name]))
        found = self.load(name)
        if found["name"] in self.stack:
            raise RecursionError("notebooks run each other in a circle: " + " -> ".join([*self.stack, found["name"]]))
        self.notebook(found, namespace, parameters, len(self.stack))

    def load(self, name):
        try:
            return self.channel.call("notebook", name=name)
        except CallError as e:
            raise FileNotFoundError(str(e)) from None

    def called(self, name, parameters):
        """notebookutils.notebook.run: another notebook with variables of its own."""
        found = self.load(name)
        if found["name"] in self.stack:
            raise RecursionError("notebooks run each other in a circle: " + " -> ".join([*self.stack, found["name"]]))
        namespace = self.namespace()
        self.namespaces.append(namespace)
        try:
            value = self.notebook(found, namespace, parameters, len(self.stack))
        except Exit as e:
            value = e.value
        finally:
            self.namespaces.pop()
        return "" if value is None else value

    def sql(self, text, namespace):
        self.give_spark(namespace)
        for _line, statement in syntax.sql_statements(text):
            frame = self._spark.sql(statement)
            if frame.columns:
                show.show(frame)

    def shell(self, text, capture=False):
        done = subprocess.run(["bash", "-c", text], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.stdout:
            print(done.stdout, end="")
        if done.returncode:
            print(f"(exit code {done.returncode})")

    def pip(self, text):
        words = text.split(None, 1)
        if words[0] == "conda":
            raise RuntimeError("conda is not there; %pip installs packages")
        done = subprocess.run(
            f'"{sys.executable}" -m pip --disable-pip-version-check {words[1] if len(words) > 1 else ""}',
            shell=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        print(done.stdout, end="")
        if done.returncode:
            raise RuntimeError("pip failed")
        import importlib

        importlib.invalidate_caches()

    def configure(self, body, depth):
        """Settings of the session: spark.* are taken, sizes of machines mean nothing here."""
        import json

        settings = json.loads(body.strip() or "{}")
        conf = settings.get("conf") or {}
        if depth == 0 and conf:
            spark = self.spark()
            for key, value in conf.items():
                try:
                    spark.conf.set(key, str(value))
                except Exception:  # One that only a new session could have.
                    self.channel.send(event="notice", text=f"%%configure: {key} cannot be set here")

    def writefile(self, arguments, body):
        append = arguments.startswith("-a ")
        path = arguments[3:].strip() if append else arguments.strip()
        with open(path, "a" if append else "w") as file:
            file.write(body if body.endswith("\n") else body + "\n")


def _file(found, cell):
    return f"{found['name']} cell {cell['number']}"


def _report(found, cell, error, message=None):
    """An error with the traceback of the notebook's own lines, and the line of the cell where it arose."""
    name = _file(found, cell)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not _is_ours(f.filename)]
    line = next((f.lineno for f in reversed(frames) if f.filename == name), None)
    if isinstance(error, SyntaxError) and error.filename == name:
        line = error.lineno
    text = "".join(traceback.format_list(frames))
    short = "".join(traceback.format_exception_only(type(error), error)).strip()
    return {
        "type": type(error).__name__,
        "message": message or short.removeprefix(type(error).__module__ + "."),
        "notebook": found["id"],
        "cell": cell["number"],
        "line": line or 1,
        "traceback": ("Traceback (most recent call last):\n" + text if text else "") + short,
    }


def _is_ours(filename):
    return "tarn_kernel" in filename or filename.startswith("<frozen") or "/notebookutils/" in filename


def main():
    # Below a shell that started Tarn in the background, SIGINT is ignored, and Python leaves it so.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _alone()
    channel = Channel()
    setup = channel.receive()
    take_streams(channel)
    show.connect(channel)
    os.environ["MPLBACKEND"] = "module://tarn_kernel.figures"
    lakehouse = setup["lakehouse"]
    files.map_paths(lakehouse["root"] if lakehouse else "")
    if setup["folder"]:
        os.chdir(setup["folder"])
    run = Run(channel, setup)
    if setup["notebook"]["spark"]:
        run.start_spark()
    import notebookutils

    notebookutils.connect(run)
    namespace = run.namespace()
    run.namespaces.append(namespace)
    end = {"status": "ok", "value": None, "error": None}
    try:
        value = run.notebook(setup["notebook"], namespace, setup["parameters"], 0)
        end["value"] = value
    except Failed as e:
        end.update(status="error", error=e.report)
    except BaseException as e:  # Before the first cell, such as when Spark does not start.
        end.update(status="error", error={"type": type(e).__name__, "message": str(e), "notebook": "", "cell": 0,
                                          "line": 1, "traceback": ""})  # fmt: skip
    # What the notebook has left open is closed with its names.
    namespace.clear()
    gc.collect()
    channel.send(event="end", **end)
    if run._process:
        run._process.stop()
    # Without the interpreter's own clean-up, which takes time and serves nobody.
    os._exit(0)


def _alone():
    """Ends this process when its parent is gone, whatever the cell at work does."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    # Ctrl-C on a terminal is for Tarn, which interrupts the cell.
    with contextlib.suppress(OSError):
        os.setsid()
