"""Variables of the workspace's libraries, with the values of the active value set."""

import datetime

import notebookutils

_TYPES = {
    "Integer": int,
    "Int": int,
    "Number": float,
    "Float": float,
    "Boolean": lambda text: text.lower() == "true",
    "Bool": lambda text: text.lower() == "true",
    "DateTime": lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00")),
}


class VariableLibrary:
    def __init__(self, name, values):
        self._name = name
        self._values = values

    def getVariable(self, name):
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(
                f"variable library '{self._name}' has no variable '{name}'; it has {', '.join(self._values)}"
            ) from None

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self.getVariable(name)

    def __getitem__(self, name):
        return self.getVariable(name)


def getLibrary(name):
    found = notebookutils.call("variables", library=name)
    return VariableLibrary(name, {v["name"]: _TYPES.get(v["type"], str)(v["value"]) for v in found})


def get(reference):
    """The value of '$(/**/library/variable)'."""
    parts = reference.strip().removeprefix("$(").removesuffix(")").split("/")
    if len(parts) < 3 or not reference.strip().startswith("$("):
        raise ValueError(f"not a reference like $(/**/library/variable): {reference}")
    return getLibrary(parts[-2]).getVariable(parts[-1])


def help(method=""):
    print("variableLibrary: get, getLibrary")
