"""cell end: fills memory that belongs to no process: anonymous files, shared segments, message queues."""
# sign: kept 0 MiB

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
kept, files = 0, []
block = bytes(1 << 20)
try:
    for _ in range(8):
        files.append(os.memfd_create("flood"))
        for _ in range(32):
            kept += os.write(files[-1], block)
except OSError as error:
    print(error)
for _ in range(8):
    number = libc.shmget(0, 32 << 20, 0o1600)
    if number >= 0:
        libc.shmat.restype = ctypes.c_void_p
        place = libc.shmat(number, None, 0)
        ctypes.memset(place, 1, 32 << 20)
        libc.shmdt(ctypes.c_void_p(place))
        kept += 32 << 20
print(f"kept {kept >> 20} MiB")
