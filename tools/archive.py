"""Pack the built site into one archive for a release, with its SHA-256 beside it.

The same site gives the same bytes: files in order, one time, one owner. Unpacked, `index.html` opens without a server.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import hashlib
import sys
import tarfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Pack the site; name the two files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--site", type=Path, default=ROOT / "_build" / "html", help="the built site")
    parser.add_argument("--to", type=Path, default=ROOT / "_build", help="folder to write into")
    options = parser.parse_args()
    if not (options.site / "index.html").is_file():
        sys.exit(f"archive: {options.site} holds no site (no index.html). Build it first: make book")
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    name = f"dnn-course-site-{citation['version']}"
    target = options.to / f"{name}.tar.gz"
    released = datetime.datetime.combine(citation["date-released"], datetime.time(), datetime.UTC)
    pack(options.site, target, name, int(released.timestamp()))
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    checksum = target.with_name(f"{target.name}.sha256")
    checksum.write_text(f"{digest}  {target.name}\n", "utf-8")
    print(f"The site: {target} ({target.stat().st_size / 1e6:.0f} MB)\nCheck it: sha256sum -c {checksum.name}")


def pack(site: Path, target: Path, name: str, released: int) -> None:
    """Write the archive of a folder, all under `name`, each file dated `released`; whole or not at all."""
    unfinished = target.with_suffix(".tmp")
    with (
        unfinished.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted(path for path in site.rglob("*") if path.is_file()):
            member = tarfile.TarInfo(f"{name}/{path.relative_to(site).as_posix()}")
            member.size, member.mtime = path.stat().st_size, released
            with path.open("rb") as content:
                tar.addfile(member, content)
    unfinished.replace(target)


if __name__ == "__main__":
    main()
