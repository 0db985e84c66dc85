"""What runs in the box: the student's cells and functions, on the orders of the process outside.

    python inside.py DESCRIPTOR SETTINGS

It reads frames from the socket DESCRIPTOR: `{"cell": source}` runs a cell and returns its outputs, `{"keep": names}`
returns the functions and constants of these names, `{"call": …}` calls one of them. Whatever it answers may be a lie,
since the student's code shares this process; the other side takes it for data only.
"""

import base64
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
sys.path.insert(0, str(Path(__file__).parent))
from wire import Channel, WireError  # type: ignore[import-not-found]

del sys.path[0]

SHOWN = ("text/plain", "image/png")


class OutOfTime(BaseException):
    """The time of a cell or of a call is over. Not an Exception, so that `except Exception` lets it pass."""

    def __init__(self) -> None:
        super().__init__("it took too long and was stopped")


class Outputs:
    """The outputs of one cell, in nbformat's form, up to a number of characters."""

    def __init__(self, limit: int) -> None:
        self.limit = self.left = limit
        self.found: list[dict[str, Any]] = []

    def add(self, output: dict[str, Any], size: int) -> None:
        """Keep an output if there is room for it."""
        if size <= self.left:
            self.left -= size
            self.found.append(output)
        elif self.left >= 0:
            self.left = -1
            text = f"[the rest of the output is cut: more than {self.limit} characters]\n"
            self.found.append({"output_type": "stream", "name": "stdout", "text": text})

    def write(self, name: str, text: str) -> None:
        """Add text to a stream."""
        last = self.found[-1] if self.found else {}
        if last.get("name") == name and len(text) <= self.left:
            self.left -= len(text)
            last["text"] += text
        else:
            self.add({"output_type": "stream", "name": name, "text": text}, len(text))

    def show(self, kind: str, data: dict[str, Any]) -> None:
        """Add a display: text and PNG pictures; HTML and scripts are left out."""
        kept = {key: value for key, value in data.items() if key in SHOWN}
        if isinstance(kept.get("image/png"), bytes):
            kept["image/png"] = base64.b64encode(kept["image/png"]).decode()
        kept = {key: value for key, value in kept.items() if isinstance(value, str)}
        self.add({"output_type": kind, "data": kept, "metadata": {}}, sum(map(len, kept.values())))


class Stream:
    """`sys.stdout` and `sys.stderr` of the student."""

    encoding = "utf-8"

    def __init__(self, name: str, outputs: Callable[[], Outputs | None]) -> None:
        self.name, self.outputs = name, outputs

    def write(self, text: str) -> int:
        """Keep what a cell prints; what a called function prints goes nowhere."""
        outputs = self.outputs()
        if outputs is not None:
            outputs.write(self.name, text)
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        """No."""
        return False


class Runner:
    """The student's session: an IPython shell without a kernel."""

    def __init__(self, channel: Channel, settings: dict[str, Any]) -> None:
        self.channel, self.settings = channel, settings
        self.outputs: Outputs | None = None
        sys.stdout, sys.stderr = (Stream(name, lambda: self.outputs) for name in ("stdout", "stderr"))
        self.shell = self._shell()
        channel.around = lambda work: self._timed(work, settings["call_seconds"])

    def _shell(self) -> Any:
        from IPython.core.displayhook import DisplayHook
        from IPython.core.displaypub import DisplayPublisher
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets import Type
        from traitlets.config import Config

        runner = self

        class Publisher(DisplayPublisher):  # type: ignore[misc]
            def publish(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> None:
                if runner.outputs is not None:
                    runner.outputs.show("display_data", data)

            def clear_output(self, wait: bool = False) -> None:
                if runner.outputs is not None:
                    runner.outputs.found.clear()

        class Hook(DisplayHook):  # type: ignore[misc]
            def __call__(self, result: Any = None) -> None:
                if result is not None and runner.outputs is not None:
                    self.update_user_ns(result)
                    runner.outputs.show("execute_result", self.compute_format_data(result)[0])

        class Shell(InteractiveShell):  # type: ignore[misc]
            displayhook_class = Type(Hook)
            display_pub_class = Type(Publisher)

            def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
                if runner.outputs is not None:
                    error = {"ename": str(etype.__name__)[:100], "evalue": str(evalue)[:2000]}
                    lines = [str(line)[:5000] for line in stb][:200]
                    size = min(sum(map(len, lines)), max(runner.outputs.left, 0))
                    runner.outputs.add({"output_type": "error", **error, "traceback": lines}, size)

        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.xmode = "Context"
        shell = Shell.instance(config=config)
        shell.colors = "nocolor"
        return shell

    def cell(self, source: str) -> dict[str, Any]:
        """Run a cell as a notebook does."""
        self.outputs = Outputs(self.settings["output"])
        try:
            self._timed(lambda: self.shell.run_cell(source, store_history=True), self.settings["cell_seconds"])
        except BaseException as error:
            text = f"{type(error).__name__}: {error}"
            self.outputs.found.append(
                {"output_type": "error", "ename": type(error).__name__, "evalue": str(error), "traceback": [text]}
            )
        finally:
            outputs, self.outputs = self.outputs, None
        return {"outputs": outputs.found}

    def keep(self, names: list[str]) -> dict[str, Any]:
        """The values of these names at this moment; a function becomes a number under which it can be called."""
        kept = {}
        for name in names:
            if name in self.shell.user_ns:
                try:
                    kept[name] = self.channel.encode(self.shell.user_ns[name])
                except BaseException as error:
                    kept[name] = {"x": f"{name}: {error}"[:300]}
        return {"kept": kept}

    @staticmethod
    def _timed(work: Callable[[], Any], seconds: float) -> Any:
        with time_limit(seconds):
            return work()

    def serve(self) -> None:
        """Obey until the socket closes."""
        self.channel.send({"ready": True})
        while True:
            order = self.channel.receive()
            if "cell" in order:
                self.channel.send(self.cell(order["cell"]))
            elif "keep" in order:
                self.channel.send(self.keep(order["keep"]))
            else:
                self.channel.answer(order)


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the code below when the time is over, and again every half second until it gives in."""

    def stop(*_: Any) -> None:
        raise OutOfTime

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main() -> None:
    """Take the socket, close the other ways out, and serve."""
    descriptor, settings = int(sys.argv[1]), json.loads(sys.argv[2])
    channel = Channel(socket.socket(fileno=descriptor), settings["message"])
    runner = Runner(channel, settings)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    runner.serve()


if __name__ == "__main__":
    main()

__all__ = ["OutOfTime", "Outputs", "Runner", "WireError", "main", "time_limit"]
