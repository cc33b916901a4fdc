"""Makes Python of a cell's text: line magics and shell commands become calls, on the same lines."""

import ast
import re

_MAGIC = re.compile(r"^(\s*)(?:(\w[\w\s,.\[\]'\"]*?)\s*=\s*)?([%!])(?![=%])\s*(.*)$")
_BARE = re.compile(r"^(\s*)((?:pip|conda)\s+(?:install|uninstall|list|show)\b.*)$")


def statements(source):
    """For each line whether a statement can begin there: not inside a string, brackets or a continued line."""
    starts = []
    quote = ""
    depth = 0
    continued = False
    for line in source.split("\n"):
        starts.append(not quote and depth == 0 and not continued)
        continued = False
        if starts[-1] and _MAGIC.match(line):
            continue
        i = 0
        while i < len(line):
            c = line[i]
            if quote:
                if c == "\\":
                    i += 1
                elif line.startswith(quote, i):
                    i += len(quote) - 1
                    quote = ""
            elif c == "#":
                break
            elif c in "\"'":
                quote = c * 3 if line.startswith(c * 3, i) else c
                i += len(quote) - 1
            elif c in "([{":
                depth += 1
            elif c in ")]}":
                depth = max(0, depth - 1)
            elif c == "\\" and i == len(line) - 1:
                continued = True
            i += 1
        if len(quote) == 1:
            # A string of one line ends with it, unless the line goes on.
            continued = line.endswith("\\")
            quote = quote if continued else ""
    return starts


def python(source):
    """The cell as Python. Of a cell that is Python already nothing changes."""
    try:
        ast.parse(source)
        return source
    except (SyntaxError, ValueError):
        pass
    lines = source.split("\n")
    for i, begins in enumerate(statements(source)):
        found = _MAGIC.match(lines[i]) if begins else None
        if found:
            indent, target, sign, text = found.groups()
            call = f"__tarn_magic__({sign!r}, {text.rstrip()!r})"
            lines[i] = f"{indent}{target} = {call}" if target else f"{indent}{call}"
        elif begins and _BARE.match(lines[i]):
            indent, text = _BARE.match(lines[i]).groups()
            lines[i] = f"{indent}__tarn_magic__('%', {text.rstrip()!r})"
    return "\n".join(lines)


def last_expression(tree):
    """Takes the last statement off a module if it is an expression, whose value is the cell's result."""
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        return ast.Expression(tree.body.pop().value)
    return None


def ends_silently(source):
    """Whether a semicolon at the end hides the result, as in Jupyter."""
    try:
        import io
        import tokenize

        skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER)
        tokens = [t for t in tokenize.generate_tokens(io.StringIO(source).readline) if t.type not in skipped]
        return bool(tokens) and tokens[-1].string == ";"
    except (tokenize.TokenError, SyntaxError):
        return False


def referenced(text):
    """The name and the parameters of a %run line."""
    found = re.match(r"""\s*(?:"([^"]*)"|'([^']*)'|([^\s{]+))\s*(.*)$""", text, re.S)
    if not found:
        raise ValueError("%run needs the name of a notebook")
    name = next(part for part in found.groups()[:3] if part is not None)
    rest = found.group(4).strip()
    parameters = {}
    if rest.startswith("{"):
        parameters = ast.literal_eval(re.sub(r"\b(true|false|null)\b", lambda m: _JSON[m.group(1)], rest))
    elif rest:
        for key, value in re.findall(r"""\$(\w+)\s*=\s*("[^"]*"|'[^']*'|\S+)""", rest):
            parameters[key] = _literal(value)
    return name, parameters


_JSON = {"true": "True", "false": "False", "null": "None"}


def _literal(text):
    try:
        return ast.literal_eval(_JSON.get(text.lower(), text))
    except (ValueError, SyntaxError):
        return text


def sql_statements(text):
    """The statements of a %%sql cell, without comments around them."""
    parts = []
    start = i = 0
    while i < len(text):
        c = text[i]
        if c in "'\"`":
            end = i + 1
            while end < len(text) and text[end] != c:
                end += 2 if text[end] == "\\" and c != "`" else 1
            i = end
        elif text.startswith("--", i):
            end = text.find("\n", i)
            i = len(text) if end < 0 else end
        elif text.startswith("/*", i):
            end = text.find("*/", i + 2)
            i = len(text) if end < 0 else end + 1
        elif c == ";":
            parts.append((start, text[start:i]))
            start = i + 1
        i += 1
    parts.append((start, text[start:]))
    return [(text.count("\n", 0, at + _blank(part)) + 1, part) for at, part in parts if _bare(part)]


def _blank(text):
    return len(text) - len(text.lstrip())


def _bare(text):
    return re.sub(r"--[^\n]*|/\*.*?\*/", "", text, flags=re.S).strip()
