"""Lets Python's own file functions find /lakehouse/default, which is a folder of the machine here."""

import builtins
import functools
import io
import os

_PREFIX = "/lakehouse/default"
_PATHS = {
    "open": 1, "stat": 1, "lstat": 1, "listdir": 1, "scandir": 1, "mkdir": 1, "makedirs": 0, "remove": 1, "unlink": 1,
    "rmdir": 1, "rename": 2, "replace": 2, "access": 1, "chmod": 1, "utime": 1, "link": 2, "symlink": 2, "readlink": 1,
    "truncate": 1, "chdir": 1,
}  # fmt: skip


def map_paths(root):
    """From now on a path below /lakehouse/default is one below this folder."""

    def local(path):
        if isinstance(path, (str, os.PathLike)):
            text = os.fspath(path)
            if isinstance(text, str) and (text == _PREFIX or text.startswith(_PREFIX + "/")):
                if not root:
                    raise FileNotFoundError(2, "no default lakehouse is attached to the notebook", text)
                return root + text[len(_PREFIX) :]
        return path

    def mapped(function, count):
        @functools.wraps(function)
        def call(*args, **kwargs):
            args = tuple(local(a) if i < count else a for i, a in enumerate(args))
            for name in ("path", "file", "src", "dst", "name"):
                if name in kwargs:
                    kwargs[name] = local(kwargs[name])
            return function(*args, **kwargs)

        return call

    opened = mapped(io.open, 1)
    builtins.open = io.open = opened
    for name, count in _PATHS.items():
        if count and hasattr(os, name):
            setattr(os, name, mapped(getattr(os, name), count))
    return local
