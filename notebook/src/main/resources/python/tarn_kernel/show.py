"""What a cell shows: rich values as the kinds of text that people and pages want."""

import base64
import html
import io
import sys

ROWS = 1000
TEXT_ROWS = 20
_WIDEST = 40

_channel = None


def connect(channel):
    global _channel
    _channel = channel


def display(*values, summary=False, **options):
    """Shows data frames, figures and other values."""
    for value in values:
        show(value)


def displayHTML(text):
    emit({"text/html": str(text), "text/plain": _without_tags(str(text))})


def emit(data):
    _channel.send(event="display", data=data)


def show(value):
    emit(rendered(value))


def result(value):
    """The value of a cell's last expression."""
    _channel.send(event="result", data=rendered(value))


def rendered(value):
    if _is(value, "pyspark.sql", "DataFrame"):
        return _spark(value)
    if _is(value, "pandas", "DataFrame"):
        rows = [[str(i), *row] for i, row in zip(value.index[:ROWS], value.head(ROWS).itertuples(index=False))]
        return _table([""] + [str(c) for c in value.columns], rows, len(value), False)
    if _is(value, "matplotlib", "Figure"):
        return figure(value)
    data = {"text/plain": repr(value)}
    for kind, method in (("text/html", "_repr_html_"), ("text/markdown", "_repr_markdown_")):
        try:
            made = getattr(value, method)() if hasattr(value, method) and not isinstance(value, type) else None
        except Exception:  # A broken representation is no reason to end a notebook.
            made = None
        if made:
            data[kind] = made
    return data


def _is(value, package, name):
    return any(t.__module__.startswith(package) and t.__name__ == name for t in type(value).__mro__)


def _spark(frame):
    if frame.isStreaming:
        return {"text/plain": repr(frame)}
    rows = frame.take(ROWS + 1)
    return _table(frame.columns, [list(row) for row in rows[:ROWS]], len(rows), len(rows) > ROWS)


def _table(columns, rows, count, more):
    cells = [[_cell(value) for value in row] for row in rows]
    total = f"{count - 1:,}+ rows" if more else f"{count:,} row{'' if count == 1 else 's'}"
    return {
        "text/plain": _text(columns, cells[:TEXT_ROWS], total),
        "text/html": _page(columns, cells, total),
    }


def _cell(value):
    if value is None:
        return "NULL"
    if isinstance(value, (bytes, bytearray)):
        return "0x" + value[:32].hex()
    return str(value)


def _text(columns, rows, total):
    shown = [[_short(c) for c in row] for row in [columns, *rows]]
    widths = [max(len(row[i]) for row in shown) for i in range(len(columns))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths)).rstrip() for row in shown]
    hidden = "" if len(rows) == 0 or total.startswith(f"{len(rows):,} ") else f", first {len(rows)}"
    return "\n".join([*lines, f"({total}{hidden})"])


def _short(text):
    line = text.replace("\n", "\\n")
    return line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…"


def _page(columns, rows, total):
    head = "".join(f"<th>{html.escape(c)}</th>" for c in columns)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{total}</p>"


def _without_tags(text):
    import re

    return html.unescape(re.sub(r"<[^>]*>", "", text)).strip()


def figure(value):
    buffer = io.BytesIO()
    value.savefig(buffer, format="png", bbox_inches="tight")
    width, height = (int(n * value.dpi) for n in value.get_size_inches())
    return {
        "image/png": base64.b64encode(buffer.getvalue()).decode(),
        "text/plain": f"<figure of {width} x {height} points>",
    }


def open_figures():
    """Shows the figures that a cell has drawn, and closes them."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot:
        for number in pyplot.get_fignums():
            emit(figure(pyplot.figure(number)))
        pyplot.close("all")
