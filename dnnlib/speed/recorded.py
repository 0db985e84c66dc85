"""What was measured, and on which machine: the records that come with the library. Lecture E08.

`make bench-gpu` measures, and keeps one record a device in `measured.json`. A time without its machine, its date and
its versions says nothing, so they stand together.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

MEASURED = Path(__file__).with_name("measured.json")

Record = dict[str, Any]

MACHINE = ("date", "device", "processor", "cores", "threads", "system", "versions")
STEP = ("part", "network", "device", "precision", "compile", "batch_size", "seconds_per_step")
TABLES: dict[str, tuple[str, ...]] = {  # what every entry of a table has at least
    "peaks": ("part", "device", "dtype", "flops_per_second", "bytes_per_second", "launch_seconds"),
    "epochs": (*STEP, "seconds_per_epoch"),
    "steps": STEP,
    "accuracy": ("part", "device", "precision", "compile", "target", "seconds", "compile_seconds", "epochs", "recipe"),
    "contenders": ("part", "network", "precision", "batch_size", "contender", "seconds_per_step"),
    "ratios": ("part", "network", "precision", "batch_size", "ours", "theirs", "ratio"),
    "missing": ("part", "what", "why"),
}
TEXTS = (*MACHINE[:3], "system", *STEP[:4], "dtype", "recipe", "contender", "ours", "theirs", "what", "why")


class RecordError(ValueError):
    """A file of measurements cannot be read, or is not of the form that `recorded` describes."""


def recorded(path: str | Path = MEASURED) -> list[Record]:
    """The measurements that come with the library, or those of another file: one record a device, the newest last.

    A record is a dict: `machine`, as `machine` gave it, with `load`, how many processes ran in the minute before; and
    lists of dicts, empty where nothing was measured:

    | list | its entries |
    |---|---|
    | `epochs` | lecture E08: LeNet and Adam on 60 000 images of 28×28: `seconds_per_step`, `seconds_per_epoch` |
    | `steps` | three networks at batch sizes from 1 up: `seconds_per_step` |
    | `peaks` | what `peaks` gave for a `device` and a `dtype` |
    | `accuracy` | `seconds` to the accuracy `target` on MNIST, without the `compile_seconds`, in so many `epochs` |
    | `contenders` | dnnlib and torch side by side: `seconds_per_step` of each `contender` |
    | `ratios` | how many times as fast as `theirs` is `ours`; where there is a `bound`, if it was `kept` |
    | `missing` | `what` could not be measured, and `why` |

    An entry of the first two says which `network` it was, on which `device` ("numpy", "cpu", "cuda"), at which
    `precision` and `batch_size`, and if `compile` was on. `part` is the name by which the benchmark measures it anew.

    Raises `RecordError` for a file that cannot be read or has another form. Source: lecture E08.
    """
    path = Path(path)
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(records, list):
            raise RecordError(f"expected a list of records, got {type(records).__name__}")
        for position, record in enumerate(records):
            check_record(record, f"record {position}")
    except (OSError, ValueError) as error:
        raise RecordError(
            f"{path.name}, the file of measurements, cannot be used: {error}. A new installation of dnnlib, or git, "
            f"brings it back; `make bench-gpu` measures anew"
        ) from None
    return records


def check_record(record: Any, where: str) -> None:
    """Raise `RecordError`, which says where it is wrong, unless `record` has the form that `recorded` describes."""
    if not isinstance(record, dict) or set(record) != {"machine", *TABLES}:
        found = ", ".join(map(str, record)) if isinstance(record, dict) else repr(record)
        raise RecordError(f"{where}: expected machine, {', '.join(TABLES)}; got {found}")
    _check_entry(record["machine"], MACHINE, f"{where}, machine")
    for table, names in TABLES.items():
        if not isinstance(record[table], list):
            raise RecordError(f"{where}, {table}: expected a list, got {record[table]!r}")
        for position, entry in enumerate(record[table]):
            _check_entry(entry, names, f"{where}, {table} {position}")


def _check_entry(entry: Any, names: tuple[str, ...], where: str) -> None:
    if not isinstance(entry, dict):
        raise RecordError(f"{where}: expected an object, got {entry!r}")
    for name in names:
        if name not in entry:
            raise RecordError(f"{where}: {name} is missing")
        if not _fits(name, entry[name]):
            raise RecordError(f"{where}: {name} cannot be {entry[name]!r}")


def _fits(name: str, value: Any) -> bool:
    """Texts say something, truths are true or false, all other values are numbers that a clock or a count gives."""
    if name in TEXTS:
        return isinstance(value, str) and bool(value)
    if name == "versions":
        return isinstance(value, dict) and all(isinstance(version, str) for version in value.values())
    if name == "compile":
        return isinstance(value, bool)
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return number and (value > 0 or (name == "compile_seconds" and value == 0))
