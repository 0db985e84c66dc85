"""Data, and nothing but data, between the box of a student and the tests: JSON frames with plain arrays in them.

A value crosses as JSON; what JSON does not know stands in an object with one key: `a` array, `s` NumPy scalar,
`t` tuple, `d` dictionary, `g` random generator, `f` a function of the other side, `x` a value that cannot cross.
Nothing that is read is ever executed, so a hostile reply can be no worse than a wrong answer.

The module stands alone (NumPy and the standard library), since the box runs it too.
"""

import base64
import builtins
import collections.abc
import json
import socket
import struct
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

DEPTH = 20
ITEMS = 100_000
DTYPES = "?bhilqBHILQefd"
GENERATORS = ("PCG64", "PCG64DXSM", "SFC64")  # NumPy does not check the positions in the states of the others
ERRORS = """
ArithmeticError AssertionError AttributeError FloatingPointError ImportError IndexError KeyError
LookupError ModuleNotFoundError NameError NotImplementedError OverflowError RuntimeError TypeError
UnboundLocalError RuntimeWarning UserWarning ValueError ZeroDivisionError
""".split()  # noqa: SIM905


class WireError(Exception):
    """A value that cannot cross, or a message that no honest program sends."""


class Broken(WireError):
    """A message that cannot be read, so that what comes after it cannot be read either."""


class Closed(Exception):
    """The other side has gone."""


class Late(Exception):
    """The other side has not answered in time."""


class Channel:
    """One end of a socket over which two processes call each other's functions.

    Args:
        sock: a connected stream socket.
        limit: the largest message, in bytes, that is read.
    """

    def __init__(self, sock: socket.socket, limit: int) -> None:
        self.sock, self.limit = sock, limit
        self.exported: list[Callable[..., Any]] = []
        self.around: Callable[[Callable[[], Any]], Any] = lambda work: work()

    def send(self, frame: Any, deadline: float | None = None) -> None:
        """Send one JSON value."""
        body = json.dumps(frame).encode()
        self._wait(deadline)
        try:
            self.sock.sendall(struct.pack(">Q", len(body)) + body)
        except TimeoutError:
            raise Late from None
        except OSError as error:
            raise Closed(str(error)) from None

    def receive(self, deadline: float | None = None) -> Any:
        """The next JSON value.

        Raises:
            Late: it did not come until `deadline`, a moment of `time.monotonic`.
            Closed: the other side has gone.
            Broken: it is too large, or no JSON.
        """
        (size,) = struct.unpack(">Q", self._read(8, deadline))
        if size > self.limit:
            raise Broken(f"a message of {size} bytes is over the limit of {self.limit}")
        try:
            return json.loads(self._read(size, deadline))
        except (ValueError, RecursionError) as error:
            raise Broken(f"a message that is no JSON: {type(error).__name__}") from None

    def call(self, target: int, args: tuple[Any, ...], kwargs: dict[str, Any], seconds: float | None) -> Any:
        """Call function number `target` of the other side, and answer its calls until it returns.

        What it changes in the arrays, lists, dictionaries and generators that it is given is changed in `args` too.

        Raises:
            The error that it raised, where that is a built-in one, else RuntimeError.
            Late, Closed, Broken: as `receive`. WireError: what came back is no data.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        call = {"call": target, "args": self.encode(list(args)), "kwargs": self.encode(kwargs)}
        self.send(call | {"strict": [np.geterr(), _warnings_raise()]}, deadline)
        while True:
            frame = self.receive(deadline)
            if not isinstance(frame, dict):
                raise Broken("a message that is neither a call nor a reply")
            if "call" in frame:
                self.answer(frame, deadline)
            elif "raise" in frame:
                raise error_from(frame["raise"])
            else:
                if frame.get("args") is not None:
                    restore(list(args), self.decode(frame["args"]))
                return self.decode(frame.get("return"))

    def answer(self, frame: dict[str, Any], deadline: float | None = None) -> None:
        """Do a call that came in, and send back what it returned or raised, and the arguments that it changed."""
        try:
            args, kwargs = self.decode(frame["args"]), self.decode(frame["kwargs"])
            before = self.encode(args)
            number = frame["call"]
            if type(number) is not int or not 0 <= number < len(self.exported):
                raise WireError("a call of a function that does not exist")
            result = self.around(lambda: self._outcome(number, args, kwargs, frame["strict"]))
            after = self.encode(args)
            reply = {"return": result, "args": None if after == before else after}
        except (Closed, Late):
            raise
        except BaseException as error:
            reply = {"raise": [type(error).__name__, str(error)[:500]]}
        self.send(reply, deadline)

    def _outcome(self, number: int, args: list[Any], kwargs: dict[str, Any], strict: list[Any]) -> Any:
        errors, raising = strict
        with np.errstate(**errors), warnings.catch_warnings():
            if raising:
                warnings.simplefilter("error")
            return self.encode(self.exported[number](*args, **kwargs))

    def encode(self, value: Any, depth: int = 0) -> Any:
        """`value` as JSON.

        Raises:
            WireError: it is not data.
        """
        if depth > DEPTH:
            raise WireError(f"cannot return lists that are more than {DEPTH} deep")
        if value is None or type(value) in (bool, int, float, str):
            return value
        if isinstance(value, np.ndarray | np.generic):
            return {"a" if isinstance(value, np.ndarray) else "s": _array(value)}
        if isinstance(value, str | int | float):  # subclasses
            return next(kind(value) for kind in (str, int, float) if isinstance(value, kind))
        if isinstance(value, list | tuple):
            items = [self.encode(item, depth + 1) for item in value]
            return items if isinstance(value, list) else {"t": items}
        if isinstance(value, dict):
            return {"d": [[self.encode(key, depth + 1), self.encode(item, depth + 1)] for key, item in value.items()]}
        if isinstance(value, np.random.Generator):
            state = value.bit_generator.state
            return {"g": [state["bit_generator"], self.encode(state, depth + 1)]}
        if callable(value):
            self.exported.append(value)
            return {"f": [len(self.exported) - 1, str(getattr(value, "__name__", "function"))[:100]]}
        if isinstance(value, collections.abc.Iterator | range):
            items = [item for item, _ in zip(value, range(ITEMS + 1), strict=False)]
            if len(items) > ITEMS:
                raise WireError(f"an iterator with more than {ITEMS} items")
            return [self.encode(item, depth + 1) for item in items]
        raise WireError(
            f"cannot return a {type(value).__name__}: return numbers, arrays, lists, tuples or dictionaries"
        )

    def decode(self, value: Any, depth: int = 0) -> Any:
        """The value that `encode` wrote.

        Raises:
            WireError: it is nothing that `encode` writes.
        """
        if depth > DEPTH + 2:
            raise WireError(f"lists that are more than {DEPTH} deep")
        if value is None or type(value) in (bool, int, float, str):
            return value
        if isinstance(value, list):
            return [self.decode(item, depth + 1) for item in value]
        try:
            ((kind, content),) = value.items()
            if kind == "t":
                return tuple(self.decode(item, depth + 1) for item in content)
            if kind == "d":
                return {self.decode(key, depth + 1): self.decode(item, depth + 1) for key, item in content}
            if kind in ("a", "s"):
                return _from_array(content) if kind == "a" else _from_array(content)[()]
            if kind == "g":
                return self._generator(content, depth)
            if kind == "f":
                return self._proxy(int(content[0]), str(content[1]))
            if kind == "x":
                raise WireError(str(content)[:300])
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"an unreadable value: {type(error).__name__}") from None
        raise WireError("a value of an unknown kind")

    def _generator(self, content: Any, depth: int) -> np.random.Generator:
        name, state = content
        if name not in GENERATORS:
            raise WireError("an unknown random generator")
        bits = getattr(np.random, name)()
        bits.state = self.decode(state, depth + 1)
        return np.random.Generator(bits)

    def _proxy(self, number: int, name: str) -> Callable[..., Any]:
        def function(*args: Any, **kwargs: Any) -> Any:
            return self.remote(number, args, kwargs)

        function.__name__ = function.__qualname__ = name
        return function

    def remote(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What a function that came over the wire does when it is called."""
        return self.call(number, args, kwargs, None)

    def _read(self, size: int, deadline: float | None) -> bytes:
        parts, left = [], size
        while left:
            self._wait(deadline)
            try:
                part = self.sock.recv(min(left, 1 << 20))
            except TimeoutError:
                raise Late from None
            except OSError as error:
                raise Closed(str(error)) from None
            if not part:
                raise Closed
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def _wait(self, deadline: float | None) -> None:
        left = None if deadline is None else deadline - time.monotonic()
        if left is not None and left <= 0:
            raise Late
        self.sock.settimeout(left)


def restore(mine: Any, theirs: Any) -> None:
    """Change the arguments of a call in place as the other side changed its copies of them."""
    if isinstance(mine, np.ndarray):
        if not isinstance(theirs, np.ndarray) or theirs.shape != mine.shape or theirs.dtype != mine.dtype:
            raise WireError("an argument came back with another shape or type")
        if theirs.tobytes() != mine.tobytes():
            mine[...] = theirs
    elif isinstance(mine, np.random.Generator) and isinstance(theirs, np.random.Generator):
        mine.bit_generator.state = theirs.bit_generator.state
    elif isinstance(mine, dict) and isinstance(theirs, dict):
        for key in [key for key in mine if key not in theirs]:
            del mine[key]
        for key, item in theirs.items():
            mine[key] = _restored(mine[key], item) if key in mine else item
    elif isinstance(mine, list) and isinstance(theirs, list):
        mine[:] = [_restored(mine[i], item) if i < len(mine) else item for i, item in enumerate(theirs)]
    elif isinstance(mine, tuple) and isinstance(theirs, tuple) and len(mine) == len(theirs):
        for own, other in zip(mine, theirs, strict=True):
            restore(own, other)


def _restored(mine: Any, theirs: Any) -> Any:
    """`mine`, changed in place, where it can be; else `theirs`."""
    same = isinstance(mine, np.ndarray) and isinstance(theirs, np.ndarray)
    if same and (mine.shape, mine.dtype) != (theirs.shape, theirs.dtype):
        return theirs
    if callable(mine):
        return mine
    if same or (isinstance(mine, dict | list | tuple | np.random.Generator) and type(mine) is type(theirs)):
        restore(mine, theirs)
        return mine
    return theirs


def error_from(content: Any) -> Exception:
    """The error that the other side raised, as one of Python's own, or as a RuntimeError that names it."""
    try:
        name, message = str(content[0])[:100], str(content[1])[:500]
    except Exception:
        return WireError("an unreadable error")
    if name == "WireError":
        return WireError(message)
    if name in ERRORS:
        made: Exception = getattr(builtins, name)(message)
        return made
    return RuntimeError(f"{name}: {message}".removesuffix(": "))


def _warnings_raise() -> bool:
    """Whether the caller has made all warnings errors, which then holds for the function that it calls too."""
    return bool(warnings.filters) and warnings.filters[0][0] == "error" and warnings.filters[0][2] is Warning


def _array(value: Any) -> list[Any]:
    array = np.array(value, copy=True, subok=False)
    if array.dtype.char not in DTYPES:
        raise WireError(f"cannot return an array of dtype {array.dtype}: its numbers must be bool, int or float")
    array = array.astype(array.dtype.newbyteorder("<"))
    return [array.dtype.str, list(array.shape), base64.b64encode(array.tobytes()).decode()]


def _from_array(content: Any) -> np.ndarray[Any, Any]:
    name, shape, data = content
    dtype = np.dtype(str(name))
    if dtype.char not in DTYPES:
        raise WireError(f"an array of dtype {name}")
    if any(int(n) < 0 for n in shape):
        raise WireError("an array with a negative size")
    return np.frombuffer(base64.b64decode(data), dtype).reshape([int(n) for n in shape]).astype(dtype.newbyteorder("="))
