"""The measurements of `gpu.py`: shown in a line, merged part by part into files that are never half written."""

import json
import os
from pathlib import Path
from typing import Any

from dnnlib.speed.recorded import TABLES, Record, check_record, recorded

CHANGING = ("date", "threads", "load")  # of a machine, from run to run; all else tells that it is another one


def shown(entry: dict[str, Any]) -> str:
    """An entry of any table in one line."""
    if "why" in entry:
        return f"{entry['what'] or 'all of it'}: not measured: {entry['why']}"
    names = ("contender", "network", "device", "dtype", "precision")
    text = " ".join(str(entry[name]) for name in names if name in entry)
    text += " compiled" if entry.get("compile") else ""
    text += f" batch {entry['batch_size']}" if "batch_size" in entry else ""
    if "ratio" in entry:
        bound = f" (bound {entry['bound']}{'' if entry['kept'] else ', missed'})" if "bound" in entry else ""
        return f"{text}: {entry['ours']} is {entry['ratio']:.2f} times as fast as {entry['theirs']}{bound}"
    units = {
        "seconds_per_step": "{:.3g} s a step",
        "seconds_per_epoch": "{:.3g} s an epoch",
        "flops_per_second": "{:.3g} flops/s",
        "bytes_per_second": "{:.3g} bytes/s",
        "launch_seconds": "{:.3g} s an operation",
        "seconds": "{:.3g} s",
        "compile_seconds": "{:.3g} s to compile",
        "epochs": "{:g} epochs",
    }
    return f"{text}: {', '.join(unit.format(entry[name]) for name, unit in units.items() if name in entry)}"


def same_machine(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """True if two runs may stand in one record: the same device, processor and versions."""
    return all(one.get(name) == other.get(name) for name in {*one, *other} - {*CHANGING})


def merged(records: list[Record], machine: dict[str, Any], part: str, tables: dict[str, list[Any]]) -> list[Record]:
    """The records with that part measured anew; its device's record comes last.

    Of the same device, other parts stay if they were measured with the same versions, for times belong to those;
    otherwise the record begins anew. Other devices' records stay as they are.
    """
    others = [record for record in records if record["machine"]["device"] != machine["device"]]
    mine = [record for record in records if same_machine(record["machine"], machine)]
    kept = mine[0] if mine else {table: [] for table in TABLES}
    fresh = {
        table: [entry for entry in kept[table] if entry["part"] != part]
        + [{"part": part} | entry for entry in tables.get(table, [])]
        for table in TABLES
    }
    record = {"machine": machine} | fresh
    check_record(record, part)
    return [*others, record]


def keep(path: Path, machine: dict[str, Any], part: str, tables: dict[str, list[Any]]) -> None:
    """Merge a part into the file of records, which need not be there yet."""
    records = recorded(path) if path.exists() else []
    write(path, _rows(merged(records, machine, part, tables)))


def keep_full(path: Path, machine: dict[str, Any], part: str, details: dict[str, Any]) -> None:
    """Put all that was measured of a part, round by round, into the results file of that day and device."""
    before = json.loads(path.read_text("utf-8")) if path.exists() else {}
    parts = before["parts"] if before and same_machine(before["machine"], machine) else {}
    report = {"machine": machine, "parts": parts | {part: details}}
    write(path, json.dumps(report, indent=1, ensure_ascii=False))


def write(path: Path, text: str) -> None:
    """The whole file or the one before: never a half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".writing")
    temporary.write_text(text + "\n", encoding="utf-8")
    os.replace(temporary, path)


def _rows(records: list[Record]) -> str:
    """JSON with one entry a line, so that a measurement that changes is a line that changes."""

    def row(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def table(entries: list[Any]) -> str:
        return "[\n" + ",\n".join(f"   {row(entry)}" for entry in entries) + "\n  ]" if entries else "[]"

    def lines(record: Record) -> str:
        rows = [f'  "machine": {row(record["machine"])}', *(f'  "{name}": {table(record[name])}' for name in TABLES)]
        return " {\n" + ",\n".join(rows) + "\n }"

    return "[\n" + ",\n".join(map(lines, records)) + "\n]" if records else "[]"
