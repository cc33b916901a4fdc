"""Runs other notebooks, and ends this one."""

import notebookutils


def run(path, timeout_seconds=90, arguments=None, workspace=""):
    """The exit value of another notebook; '' when it has none. Its variables are its own."""
    if workspace:
        raise NotImplementedError("notebookutils.notebook.run in another workspace is not there yet in Tarn")
    given = {k: v for k, v in (arguments or {}).items() if k != "useRootDefaultLakehouse"}
    return notebookutils.current().called(path, given)


def exit(value=""):
    """Ends the notebook. What is no text becomes one."""
    from tarn_kernel.runner import Exit

    notebookutils.current().raised("notebook.exit was called")
    raise Exit(value if isinstance(value, str) else str(value))


def help(method=""):
    print("notebook: exit, run")


def __getattr__(name):
    raise AttributeError(f"notebookutils.notebook.{name} is not there yet in Tarn")
