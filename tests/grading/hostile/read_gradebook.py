"""cell top: reads the gradebook, the settings and every file next to them."""
# sign: read 0 files of the course

from pathlib import Path

found = [path.read_bytes() for path in Path("@COURSE@").rglob("*") if path.is_file()]
found += [path.read_bytes() for path in Path("@REPOSITORY@").glob("exercises/**/*") if path.is_file()]
print([data[:300] for data in found], f"read {len(found)} files of the course")
