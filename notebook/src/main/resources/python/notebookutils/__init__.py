"""The utilities of Fabric's notebooks, on this machine."""

from notebookutils import (  # noqa: F401
    credentials,
    env,
    fs,
    mssparkutils,  # noqa: F401
    notebook,
    runtime,
    session,
    variableLibrary,
)

nbResPath = "builtin"
_run = None


def connect(run):
    global _run
    _run = run


def call(call_name, /, **arguments):
    from tarn_kernel.channel import CallError

    try:
        return _run.channel.call(call_name, **arguments)
    except CallError as e:
        raise _ERRORS.get(e.kind, RuntimeError)(str(e)) from None


def current():
    return _run


_ERRORS = {
    "not found": FileNotFoundError,
    "exists": FileExistsError,
    "wrong": ValueError,
    "attribute": AttributeError,
}


def help(method=""):
    print("notebookutils: credentials, fs, notebook, runtime, session, variableLibrary")


def __getattr__(name):
    raise AttributeError(f"notebookutils.{name} is not there yet in Tarn")
