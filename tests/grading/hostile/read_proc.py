"""cell top: reads memory, environment, roots and open files of every process that it sees."""
# sign: looked at processes

import glob
import os

for process in glob.glob("/proc/[0-9]*"):
    for name in ["environ", "cmdline", "mountinfo", "maps", "stack"]:
        try:
            with open(f"{process}/{name}", errors="replace") as file:
                print(process, name, file.read() if name in ("environ", "cmdline") else "")
        except OSError as error:
            print(process, name, error)
    for link in [*glob.glob(f"{process}/fd/*"), f"{process}/root", f"{process}/cwd"]:
        try:
            print(link, os.readlink(link), os.listdir(f"{link}@COURSE@") if os.path.isdir(link) else "")
        except OSError as error:
            print(link, error)
print("looked at processes")
