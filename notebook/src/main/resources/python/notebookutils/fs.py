"""Files of the lakehouse and of this machine."""

import notebookutils


class FileInfo:
    def __init__(self, name, path, size, isDir, modifyTime):
        self.name = name
        self.path = path
        self.size = size
        self.isDir = isDir
        self.isFile = not isDir
        self.modifyTime = modifyTime

    def __repr__(self):
        return f"FileInfo(path={self.path}, name={self.name}, size={self.size})"


def ls(path):
    return [FileInfo(**entry) for entry in notebookutils.call("fs.ls", path=path)]


def mkdirs(path):
    return notebookutils.call("fs.mkdirs", path=path)


def cp(src, dest, recurse=False):
    return notebookutils.call("fs.cp", src=src, dest=dest, recurse=recurse)


def fastcp(src, dest, recurse=True, extraConfigs=None):
    return notebookutils.call("fs.cp", src=src, dest=dest, recurse=recurse)


def mv(src, dest, create_path=False, overwrite=False):
    return notebookutils.call("fs.mv", src=src, dest=dest, create_path=create_path, overwrite=overwrite)


def put(file, content, overwrite=False):
    return notebookutils.call("fs.put", file=file, content=content, overwrite=overwrite)


def head(file, max_bytes=102400):
    return notebookutils.call("fs.head", file=file, max_bytes=max_bytes)


def append(file, content, createFileIfNotExists=False):
    return notebookutils.call("fs.append", file=file, content=content, create=createFileIfNotExists)


def rm(path, recurse=False):
    return notebookutils.call("fs.rm", path=path, recurse=recurse)


def exists(path):
    return notebookutils.call("fs.exists", path=path)


def help(method=""):
    print("fs: append, cp, exists, fastcp, head, ls, mkdirs, mv, put, rm")


def __getattr__(name):
    raise AttributeError(f"notebookutils.fs.{name} is not there yet in Tarn")
