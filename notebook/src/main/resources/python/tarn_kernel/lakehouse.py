"""Names of tables and paths as the default lakehouse understands them, for Spark."""

import os
import re

_ONELAKE = re.compile(r"^(Files|Tables)(/|$)")


class Lakehouse:
    """
    The folder that stands for the default lakehouse.

    root: its folder, with Files and Tables
    schema: the schema of tables that are named without one; empty for a lakehouse without schemas
    """

    def __init__(self, name, root, schema):
        self.name = name
        self.root = root
        self.schema = schema
        self._known = {}

    def path(self, text):
        """A path relative to the lakehouse as one of this machine; another one as it is."""
        if isinstance(text, str):
            if _ONELAKE.match(text):
                return self.root + "/" + text
            if text.startswith("/lakehouse/default/"):
                return self.root + text[len("/lakehouse/default") :]
        return text

    def table(self, name):
        """The name of a table without the lakehouse in front."""
        parts = name.split(".") if isinstance(name, str) and "`" not in name else []
        if self.schema and len(parts) == 3 and parts[0].lower() == self.name.lower():
            return ".".join(parts[1:])
        return name

    def sql(self, text):
        """A statement whose paths are this machine's, and whose schemas lie below Tables."""
        pieces = list(_pieces(text))
        words = [i for i, (kind, _) in enumerate(pieces) if kind == "word"]
        for at, i in enumerate(words):
            word = pieces[i][1].lower()
            following = _next(pieces, i)
            if word == "location" and following is not None and pieces[following][0] == "string":
                inner = pieces[following][1][1:-1]
                pieces[following] = ("string", "'" + self.path(inner).replace("'", "\\'") + "'")
            dotted = following is not None and pieces[following][1] == "."
            quoted = _next(pieces, following) if dotted else None
            if quoted is not None and pieces[quoted][0] == "quoted" and word in _FORMATS:
                pieces[quoted] = ("quoted", "`" + self.path(pieces[quoted][1][1:-1]) + "`")
            if self.schema and dotted and word == self.name.lower() and not _follows_dot(pieces, i):
                second = _next(pieces, following)
                third = _next(pieces, second) if second is not None else None
                if third is not None and pieces[third][1] == ".":
                    pieces[i] = ("word", "")
                    pieces[following] = ("sign", "")
        text = "".join(part for _, part in pieces)
        return self._schema_location(text)

    def _schema_location(self, text):
        found = re.match(
            r"(?is)^\s*create\s+(?:schema|database)\s+(?:if\s+not\s+exists\s+)?(`[^`]+`|\w+)\s*(comment\s+'[^']*')?\s*;?\s*$",
            text,
        )
        if not found:
            return text
        if not self.schema:
            raise self._no_schemas()
        schema = found.group(1).strip("`").lower()
        return text.rstrip().rstrip(";") + " LOCATION '" + self.root.replace("'", "\\'") + "/Tables/" + schema + "'"

    def _no_schemas(self):
        from pyspark.errors import AnalysisException

        return AnalysisException(
            "Feature not supported on Apache Spark in Microsoft Fabric. Provided context: "
            f"{{failCreateDbIfTrident}}. The lakehouse '{self.name}' has no schemas: give its lakehouse.metadata.json "
            'a "defaultSchema", or leave CREATE SCHEMA out'
        )

    def prepare(self, run):
        """Makes what exists on the disk known to a new session; `run` runs a statement."""
        base = self.root.replace("'", "\\'") + "/Tables"
        if self.schema:
            run(f"CREATE DATABASE IF NOT EXISTS `{self.schema}` LOCATION '{base}/{self.schema}'")
            run(f"USE `{self.schema}`")
        else:
            run(f"CREATE DATABASE IF NOT EXISTS `{self.name}` LOCATION '{base}'")
            run(f"USE `{self.name}`")
        self.discover(run)

    def discover(self, run):
        """Registers tables whose folders have come since, as the service does by itself."""
        for schema, folder in self._schemas():
            if not os.path.isdir(folder):
                continue
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in entries if entry.is_dir())
            for name in names:
                key = (schema, name)
                if key in self._known or not os.path.isdir(os.path.join(folder, name, "_delta_log")):
                    continue
                location = os.path.join(folder, name).replace("'", "\\'")
                if schema != (self.schema or self.name):
                    place = folder.replace("'", "\\'")
                    run(f"CREATE DATABASE IF NOT EXISTS `{schema}` LOCATION '{place}'")
                try:
                    run(f"CREATE TABLE IF NOT EXISTS `{schema}`.`{name}` USING DELTA LOCATION '{location}'")
                    self._known[key] = True
                except Exception:  # A folder that is no whole table yet is looked at again the next time.
                    pass

    def forget(self, names):
        """A dropped table may come again."""
        self._known = {key: True for key in self._known if key not in names}

    def _schemas(self):
        base = os.path.join(self.root, "Tables")
        if not self.schema:
            return [(self.name, base)]
        if not os.path.isdir(base):
            return []
        with os.scandir(base) as entries:
            return [(e.name, e.path) for e in sorted(entries, key=lambda e: e.name) if e.is_dir()]


_FORMATS = {"delta", "parquet", "csv", "json", "text", "orc", "avro"}


def _pieces(text):
    """The statement as words, strings, quoted names, comments and signs, whose texts together are the statement."""
    pattern = re.compile(
        r"(?s)(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<string>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
        r"|(?P<quoted>`[^`]*`)|(?P<word>\w+)|(?P<space>\s+)|(?P<sign>.)"
    )
    for match in pattern.finditer(text):
        yield match.lastgroup, match.group()


def _next(pieces, index):
    for i in range((index if index is not None else len(pieces)) + 1, len(pieces)):
        if pieces[i][0] not in ("space", "comment"):
            return i
    return None


def _follows_dot(pieces, index):
    for i in range(index - 1, -1, -1):
        if pieces[i][0] not in ("space", "comment"):
            return pieces[i][1] == "."
    return False
