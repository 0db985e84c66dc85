"""What crosses between the box and the tests: values as they were, and nothing but values."""

import base64
import json
import re
import socket
import struct
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dnnlib.grading.wire import DEPTH, Channel, Closed, Late, WireError, error_from, restore

PLAIN = st.none() | st.booleans() | st.integers(-(10**300), 10**300) | st.floats() | st.text()
KEYS = st.booleans() | st.integers() | st.text() | st.tuples(st.integers(), st.text())
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(KEYS, inner), max_leaves=10
)
NUMBERS = (
    hnp.boolean_dtypes() | hnp.integer_dtypes() | hnp.unsigned_integer_dtypes() | hnp.floating_dtypes(sizes=(32, 64))
)
ARRAYS = hnp.arrays(NUMBERS, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0))
DOUBLE = base64.b64encode(bytes(8)).decode()


def twice(values: list[float]) -> list[float]:
    """A function for the other side."""
    return [2 * value for value in values]


@pytest.fixture
def pair() -> Iterator[tuple[Channel, Channel]]:
    """Both ends, in one process."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours, 1 << 20), Channel(theirs, 1 << 20)


@pytest.fixture
def served(pair: tuple[Channel, Channel]) -> Iterator[Callable[..., Any]]:
    """`served(function)` is the function as the tests see it: a proxy whose calls another thread answers."""
    ours, theirs = pair

    def serve() -> None:
        try:
            while True:
                theirs.answer(theirs.receive())
        except (Closed, OSError):
            pass

    thread = threading.Thread(target=serve)
    thread.start()
    yield lambda function: ours.decode(json.loads(json.dumps(theirs.encode(function))))
    ours.sock.shutdown(socket.SHUT_RDWR)
    thread.join()


def channel() -> Channel:
    """A channel that is never read."""
    ours, theirs = socket.socketpair()
    theirs.close()
    ours.close()
    return Channel(ours, 1000)


def across(value: Any) -> Any:
    """What becomes of a value."""
    ours = channel()
    return ours.decode(json.loads(json.dumps(ours.encode(value))))


def alike(one: Any, other: Any) -> bool:
    """Equal in value and in type, also where it is not a number."""
    if isinstance(one, float):
        return type(other) is float and (one == other or (one != one and other != other))
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return type(other) is dict and list(one) == list(other) and all(map(alike, one.values(), other.values()))
    return type(one) is type(other) and one == other


@given(VALUES)
def test_plain_values_cross_unchanged(value: Any) -> None:
    assert alike(value, across(value))


@given(ARRAYS)
def test_arrays_cross_unchanged(array: np.ndarray) -> None:
    found = across(array)
    assert type(found) is np.ndarray
    assert found.dtype == array.dtype.newbyteorder("=")
    assert found.shape == array.shape
    assert np.array_equal(found, array, equal_nan=array.dtype.kind == "f")
    assert found.flags.writeable


@pytest.mark.parametrize("value", [np.float64(0.1), np.float32(3), np.int64(-5), np.bool_(True), np.float16(2)])
def test_numpy_scalars_stay_numpy_scalars(value: Any) -> None:
    found = across(value)
    assert type(found) is type(value)
    assert found == value


def test_views_and_other_orders_arrive_as_what_they_show() -> None:
    array = np.arange(12.0).reshape(3, 4)
    for view in [array.T, array[::-2], array[:, 1], np.asfortranarray(array), array.astype(">f8"), array[None, 0:0]]:
        assert np.array_equal(across(view), view)


def test_generator_goes_on_where_it_was() -> None:
    rng = np.random.default_rng(3)
    rng.normal(size=5)
    assert np.array_equal(across(rng).normal(size=9), rng.normal(size=9))


def test_iterators_ranges_and_subclasses_become_lists_and_plain_values() -> None:
    class Number(float):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    assert across(range(3)) == [0, 1, 2]
    assert across(value for value in "ab") == ["a", "b"]
    assert type(across(Number(2))) is float
    assert across(Number(2)) != 3


class Strange:
    """No data."""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Strange(), "cannot return a Strange"),
        ({1, 2}, "cannot return a set"),
        (b"bytes", "cannot return a bytes"),
        (1j, "cannot return a complex"),
        (np.array([None]), "dtype object"),
        (np.array(["a"]), "dtype <U1"),
        (np.array([1j]), "dtype complex128"),
        (np.array([(1, 2)], dtype="i4,i4"), "dtype"),
        (np.datetime64("2020"), "dtype"),
        (iter(int, 1), "more than 100000 items"),
        ([Strange()], "cannot return a Strange"),
        ({"a": Strange()}, "cannot return a Strange"),
    ],
    ids=lambda value: re.sub(r" at 0x\w+", "", repr(value)),
)
def test_what_is_no_data_is_refused_by_name(value: Any, words: str) -> None:
    with pytest.raises(WireError, match=words):
        channel().encode(value)


def test_lists_in_lists_are_limited_both_ways() -> None:
    value: list[Any] = []
    for _ in range(DEPTH):
        value = [value]
    assert across(value) == value
    with pytest.raises(WireError, match="deep"):
        channel().encode([value])
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(WireError, match="deep"):
        channel().encode(circle)
    with pytest.raises(WireError, match="deep"):
        channel().decode([[[value]]])


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": 1, "s": 2},
        {"z": 1},
        {"a": None},
        {"a": ["|O", [1], DOUBLE]},
        {"a": ["O", [1], DOUBLE]},
        {"a": ["<U2", [1], DOUBLE]},
        {"a": ["S8", [1], DOUBLE]},
        {"a": ["V8", [1], DOUBLE]},
        {"a": ["i4,i4", [1], DOUBLE]},
        {"a": ["(2,)f4", [1], DOUBLE]},
        {"a": ["c8", [1], DOUBLE]},
        {"a": ["M8[s]", [1], DOUBLE]},
        {"a": ["no such type", [1], DOUBLE]},
        {"a": [7, [1], DOUBLE]},
        {"a": ["<f8", [2], DOUBLE]},
        {"a": ["<f8", [1 << 62, 8], DOUBLE]},
        {"a": ["<f8", [-2], DOUBLE]},
        {"a": ["<f8", [-1, -1], DOUBLE]},
        {"a": ["<f8", 1, DOUBLE]},
        {"a": ["<f8", ["one"], DOUBLE]},
        {"a": ["<f8", [1], 7]},
        {"a": ["<f8", [1], DOUBLE[:3]]},
        {"a": ["<f8", [1]]},
        {"s": ["|O", [], DOUBLE]},
        {"t": 5},
        {"d": [[1]]},
        {"d": [[[1], 2]]},
        {"d": {"a": 1}},
        {"g": ["default_rng", {"d": []}]},
        {"g": ["PCG64", {"d": []}]},
        {"g": ["PCG64", 7]},
        {"g": ["__class__", {"d": []}]},
        {"g": 7},
        {"f": "no number"},
        {"f": [None, "name"]},
        {"f": []},
        {"x": "why"},
        {"x": {"deep": ["er"]}},
    ],
    ids=json.dumps,
)
def test_forged_values_are_refused(value: Any) -> None:
    with pytest.raises(WireError):
        channel().decode(value)


@pytest.mark.parametrize("name", ["MT19937", "Philox"])
def test_generators_that_read_outside_of_their_memory_are_refused(name: str) -> None:
    bits = getattr(np.random, name)(0)
    state = bits.state
    (state if name == "Philox" else state["state"])["buffer_pos" if name == "Philox" else "pos"] = -100_000
    ours = channel()
    with pytest.raises(WireError):
        ours.decode(json.loads(json.dumps({"g": [name, ours.encode(state)]})))


def test_truth_values_with_other_bytes_become_true() -> None:
    found = channel().decode({"a": ["|b1", [3], base64.b64encode(b"\x00\x02\xff").decode()]})
    assert found.tolist() == [False, True, True]
    assert np.count_nonzero(found) == found.sum() == 2
    assert np.array_equal(found, [False, True, True])


def test_text_stays_text() -> None:
    texts = [
        "__import__('os').system('true')",
        "cos\nsystem\n(S'true'\ntR.",
        "!!python/object/apply:os.system ['true']",
    ]
    assert [across(text) for text in texts] == texts


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nothing", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b"1" * 5000, b'"\\ud8'],
    ids=lambda body: repr(body[:9]),
)
def test_messages_that_are_no_json_are_refused(body: bytes, pair: tuple[Channel, Channel]) -> None:
    ours, theirs = pair
    send_raw(theirs, body)
    with pytest.raises(WireError, match="no JSON"):
        ours.receive()


@pytest.mark.parametrize("size", [(1 << 20) + 1, 1 << 40, (1 << 64) - 1])
def test_large_messages_are_refused_before_they_are_read(size: int, pair: tuple[Channel, Channel]) -> None:
    ours, theirs = pair
    theirs.sock.sendall(struct.pack(">Q", size))
    with pytest.raises(WireError, match=f"{size} bytes is over the limit of {1 << 20}"):
        ours.receive()


@pytest.mark.parametrize("frame", [None, 7, "text", [], [1, 2]])
def test_replies_that_are_no_reply_are_refused(frame: Any, pair: tuple[Channel, Channel]) -> None:
    ours, theirs = pair
    theirs.send(frame)
    with pytest.raises(WireError):
        ours.call(0, (), {}, 1)


@pytest.mark.parametrize("number", [1, 5, -1, 10**30, 0.0, False, "0", None, [0]])
def test_functions_that_were_not_given_cannot_be_called(number: Any, pair: tuple[Channel, Channel]) -> None:
    ours, theirs = pair
    called = []
    ours.encode(lambda: called.append(1))
    ours.answer({"call": number, "args": [], "kwargs": {"d": []}, "strict": [{}, False]})
    assert called == []
    assert "raise" in theirs.receive()


@pytest.mark.parametrize(
    "frame",
    [
        {"call": 0},
        {"call": 0, "args": 7, "kwargs": 7, "strict": 7},
        {"call": 0, "args": [], "kwargs": [], "strict": []},
        {"call": 0, "args": {"x": "no"}, "kwargs": {"d": []}, "strict": [{}, False]},
        {"call": 0, "args": [], "kwargs": {"d": [[1, 2]]}, "strict": [{}, False]},
        {"call": 0, "args": [], "kwargs": {"d": []}, "strict": [{"divide": "explode"}, False]},
        {"call": 0, "args": [], "kwargs": {"d": []}, "strict": None},
    ],
    ids=json.dumps,
)
def test_odd_calls_are_answered_by_an_error(frame: dict[str, Any], pair: tuple[Channel, Channel]) -> None:
    ours, theirs = pair
    ours.encode(lambda *_, **__: 1)
    ours.answer(frame)
    assert "raise" in theirs.receive()
    assert np.geterr()["divide"] == "warn"


def test_reading_takes_memory_in_proportion(pair: tuple[Channel, Channel]) -> None:
    array = np.zeros(1 << 16)
    frame = json.loads(json.dumps(pair[0].encode(array)))
    tracemalloc.start()
    try:
        pair[0].decode(frame)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5 * array.nbytes


def test_call_returns_what_the_function_returns(served: Callable[..., Any]) -> None:
    assert served(lambda a, *, b: (a, [b]))(1, b=2.5) == (1, [2.5])
    assert served(twice).__name__ == "twice"


def test_changes_in_place_are_seen(served: Callable[..., Any]) -> None:
    def change(array: Any, items: list[Any], table: dict[str, Any], pair: tuple[Any, Any]) -> None:
        array[0] = 7
        items.append("new")
        table["key"][0] = 8
        del table["old"]
        pair[0][0] = 9

    array, items, table, inner = np.zeros(2), [1], {"key": np.zeros(1), "old": 1}, np.zeros(1)
    kept = table["key"]
    served(change)(array, items, table, (inner, 0))
    assert array.tolist() == [7, 0]
    assert items == [1, "new"]
    assert list(table) == ["key"]
    assert table["key"] is kept
    assert (kept[0], inner[0]) == (8, 9)


def test_view_of_an_array_is_changed_through(served: Callable[..., Any]) -> None:
    whole = np.zeros((3, 3))
    served(lambda row: row.fill(1))(whole[1])
    assert whole.sum(axis=1).tolist() == [0, 3, 0]


def test_generator_has_moved_on_after_the_call(served: Callable[..., Any]) -> None:
    rng, same = np.random.default_rng(5), np.random.default_rng(5)
    drawn = served(lambda rng: rng.normal(size=3))(rng)
    assert np.array_equal(drawn, same.normal(size=3))
    assert rng.normal() == same.normal()


def test_functions_go_there_and_back(served: Callable[..., Any]) -> None:
    seen = []

    def watch(value: float) -> float:
        seen.append(value)
        return value + 1

    make = served(lambda f: lambda x: f(f(x)))
    assert make(watch)(1) == 3
    assert seen == [1, 2]


@pytest.mark.parametrize(
    "error", [ValueError("v"), ZeroDivisionError("z"), NotImplementedError(), KeyError("k"), IndexError("i")]
)
def test_errors_keep_their_type(error: Exception, served: Callable[..., Any]) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        served(fail)()
    assert str(error) in str(caught.value)


@pytest.mark.parametrize("error", [SystemExit(0), KeyboardInterrupt(), GeneratorExit(), StopIteration(), MemoryError()])
def test_other_errors_are_only_runtime_errors(error: BaseException, served: Callable[..., Any]) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(RuntimeError, match=type(error).__name__):
        served(fail)()


@pytest.mark.parametrize("content", [None, 7, [], [1], {"a": 1}, ["os.system", "x"], ["WireError", 1], ["exit", "0"]])
def test_forged_errors_are_harmless(content: Any) -> None:
    assert type(error_from(content)) in (WireError, RuntimeError)


def test_long_messages_are_cut() -> None:
    assert len(str(error_from(["ValueError", "x" * 10**6]))) <= 500


def test_floating_point_rules_of_the_caller_hold(served: Callable[..., Any]) -> None:
    divide = served(lambda a: (np.float64(a) / np.float64(0)).item())
    with np.errstate(divide="ignore"):
        assert divide(1) == np.inf
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        divide(1)


@pytest.mark.parametrize("theirs", [np.zeros(3), np.zeros(2, dtype=int), [0, 0], None, {}], ids=repr)
def test_arguments_that_come_back_as_something_else_are_refused(theirs: Any) -> None:
    with pytest.raises(WireError, match="another shape or type"):
        restore(np.zeros(2), theirs)


def test_silence_is_late_and_the_end_is_closed(pair: tuple[Channel, Channel]) -> None:
    ours, theirs = pair
    with pytest.raises(Late):
        ours.call(0, (), {}, 0.05)
    theirs.sock.close()
    with pytest.raises(Closed):
        ours.receive()


def test_a_message_in_drops_is_late_too(pair: tuple[Channel, Channel]) -> None:
    ours, theirs = pair
    over = threading.Event()

    def drip() -> None:
        theirs.sock.sendall(struct.pack(">Q", 1000))
        while not over.wait(0.01):
            theirs.sock.sendall(b" ")

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        with pytest.raises(Late):
            ours.call(0, (), {}, 0.2)
    finally:
        over.set()
        thread.join()


def send_raw(channel: Channel, body: bytes) -> None:
    """Send bytes as a message."""
    data = struct.pack(">Q", len(body)) + body
    thread = threading.Thread(target=channel.sock.sendall, args=(data,))
    thread.start()
    thread.join(0.2)
