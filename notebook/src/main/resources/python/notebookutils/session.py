"""The session of the notebook."""


def stop(detach=True):
    """Nothing after it is run."""
    from tarn_kernel.runner import Exit

    raise Exit("")


def __getattr__(name):
    raise AttributeError(f"notebookutils.session.{name} is not there yet in Tarn")
