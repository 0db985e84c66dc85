"""The outputs of cells, as they come out of a box: rebuilt, so that nothing but text and pictures gets through."""

import base64
import json
from contextlib import suppress
from typing import Any

TEXT = 5000
PNG = b"\x89PNG\r\n\x1a\n"


def clean(reply: Any, limit: int) -> list[dict[str, Any]]:
    """The outputs of a cell, rebuilt from a reply that nobody trusts: text, errors and PNG pictures only."""
    outputs: list[dict[str, Any]] = []
    found = reply.get("outputs") if isinstance(reply, dict) else None
    for output in found if isinstance(found, list) else []:
        made = _clean(output) if isinstance(output, dict) else None
        limit -= len(json.dumps(made))
        if made is not None and limit >= 0:
            outputs.append(made)
    return outputs


def _clean(output: dict[str, Any]) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": plain(output.get("text", ""))}
    if kind == "error":
        lines = output.get("traceback")
        made = error_output(plain(output.get("ename"))[:100], plain(output.get("evalue"))[:TEXT])
        return made | {"traceback": [plain(line)[:TEXT] for line in lines[:200]] if isinstance(lines, list) else []}
    if kind in ("display_data", "execute_result") and isinstance(output.get("data"), dict):
        data = {"text/plain": plain(output["data"].get("text/plain", ""))}
        picture = output["data"].get("image/png")
        with suppress(ValueError, TypeError, AttributeError):
            if base64.b64decode(picture.replace("\n", "") if picture else "", validate=True).startswith(PNG):
                data["image/png"] = picture
        return {"output_type": "display_data", "data": data, "metadata": {}}
    return None


def plain(value: Any) -> str:
    """Text that can be written to a file: half a surrogate pair cannot."""
    return str(value).encode("utf-8", "replace").decode()


def error_output(name: str, message: str) -> dict[str, Any]:
    """An error as an output of a cell."""
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}
