"""Data files that are downloaded once and used only if every byte is right.

A file comes by pooch from the first mirror that gives the right bytes, into the folder that the environment variable
`DNNLIB_DATA` names, else into the user's cache. A file that lies there already is used if its decompressed content is
right, however it was compressed.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class DataError(RuntimeError):
    """A data file is missing or wrong, and the message says which, where and what to do."""


class Checksums(NamedTuple):
    """SHA-256 of a compressed file as the mirrors hold it, and of its decompressed content."""

    file: str
    content: str


@dataclass(frozen=True)
class Dataset:
    """A data set of compressed files: where they come from, what they must be, and the subfolder that keeps them."""

    name: str
    mirrors: tuple[str, ...]
    files: dict[str, Checksums]
    subfolder: str = ""

    def content(self, file: str) -> bytes:
        """The decompressed content of a file, checked; downloaded first if it is not there or not right.

        Raises DataError if it cannot be had.
        """
        path = folder() / self.subfolder / file
        wrong = f"{path} is not there"
        if path.is_file():
            content, wrong = self._read(path)
            if content is not None:
                return content
        tried = self._download(path)
        content, _ = self._read(path) if not tried else (None, "")
        if content is None:
            reasons = "\n".join(f"  {reason}" for reason in (wrong, *tried))
            inside = f", in its subfolder {self.subfolder}" if self.subfolder else ""
            raise DataError(
                f"{self.name} file {file} cannot be had:\n{reasons}\nCheck the network connection and try again; or "
                f"put the file there yourself; or set DNNLIB_DATA to a folder that has it{inside}. "
                f"dnnlib.data.digits() needs no download"
            )
        return content

    def _read(self, path: Path) -> tuple[bytes | None, str]:
        """The checked content and "", or None and the reason why the file is refused."""
        try:
            content = gzip.decompress(path.read_bytes())
        except (OSError, EOFError, zlib.error) as error:
            return None, f"{path} is cut off or damaged ({error})"
        found, expected = hashlib.sha256(content).hexdigest(), self.files[path.name].content
        if found != expected:
            return None, f"{path} holds something else: SHA-256 of its content is {found}, expected {expected}"
        return content, ""

    def _download(self, path: Path) -> list[str]:
        """Fetch a file to `path` from the first mirror that has it; the reasons of the failures, none on success.

        pooch writes to a temporary file and moves it into place only when its checksum is right.
        """
        import pooch

        pooch.get_logger().setLevel("ERROR")
        reasons = []
        for mirror in self.mirrors:
            address = mirror + path.name
            try:
                pooch.retrieve(address, f"sha256:{self.files[path.name].file}", fname=path.name, path=path.parent)
                return []
            except Exception as error:  # a mirror can fail in many ways, and the next one may still work
                reasons.append(f"{address}: {error}")
        return reasons


def folder() -> Path:
    """Where data files are kept: `DNNLIB_DATA` if set, else the user's cache folder for dnnlib."""
    import pooch

    return Path(os.environ.get("DNNLIB_DATA") or pooch.os_cache("dnnlib")).expanduser()
