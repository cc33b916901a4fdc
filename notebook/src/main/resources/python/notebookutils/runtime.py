"""What the notebook can know of its run."""

from collections.abc import Mapping

import notebookutils


class Context(Mapping):
    def _all(self):
        run = notebookutils.current()
        name = run.stack[-1] if run.stack else run.context["currentNotebookName"]
        return {**run.context, "currentNotebookName": name, "isReferenceRun": len(run.namespaces) > 1}

    def __getitem__(self, key):
        return self._all()[key]

    def __iter__(self):
        return iter(self._all())

    def __len__(self):
        return len(self._all())

    def __repr__(self):
        return repr(self._all())


context = Context()
