"""The line to Tarn: events go out, calls go out and come back."""

import io
import json
import os
import sys
import threading


class CallError(Exception):
    """What Tarn answers when a call fails: a type by which the caller chooses its exception, and a message."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


class Channel:
    def __init__(self):
        self._out = os.fdopen(os.dup(1), "wb", buffering=0)
        self._in = os.fdopen(os.dup(0), "rb")
        self._lock = threading.RLock()
        # What programs print that the notebook starts goes to standard error; they must not read our commands.
        os.dup2(2, 1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)

    def receive(self):
        line = self._in.readline()
        if not line:
            raise EOFError
        return json.loads(line)

    def send(self, **message):
        data = json.dumps(message, default=str).encode("utf-8", "replace") + b"\n"
        with self._lock:
            view = memoryview(data)
            while view:
                view = view[self._out.write(view) :]

    def call(self, call_name, /, **arguments):
        """Asks Tarn for something and waits for the answer."""
        with self._lock:
            self.send(event="call", call=call_name, arguments=arguments)
            answer = self.receive()
        if "error" in answer:
            raise CallError(answer["error"]["type"], answer["error"]["message"])
        return answer.get("value")


class Stream(io.TextIOBase):
    """sys.stdout and sys.stderr of a notebook."""

    encoding = "utf-8"

    def __init__(self, channel, name, descriptor):
        self._channel = channel
        self._name = name
        self._descriptor = descriptor

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            self._channel.send(event="stream", name=self._name, text=text)
        return len(text)

    def fileno(self):
        return self._descriptor

    def isatty(self):
        return False


def take_streams(channel):
    sys.stdout = Stream(channel, "stdout", 1)
    sys.stderr = Stream(channel, "stderr", 2)
