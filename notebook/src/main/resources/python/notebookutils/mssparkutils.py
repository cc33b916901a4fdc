"""The old name of the utilities."""

from notebookutils import credentials, env, fs, notebook, runtime, session  # noqa: F401


def help(method=""):
    print("mssparkutils: credentials, env, fs, notebook, runtime, session")


def __getattr__(name):
    raise AttributeError(f"mssparkutils.{name} is not there yet in Tarn")
