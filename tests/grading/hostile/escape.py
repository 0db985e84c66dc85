"""cell end: tries the ways out: other users, namespaces, mounts, tracing, keys, devices, kernel settings."""
# sign: escaped in 0 ways

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
ways = {
    "setuid": lambda: libc.setuid(0),
    "setresuid": lambda: libc.setresuid(0, 0, 0),
    "setgroups": lambda: libc.setgroups(1, (ctypes.c_int * 1)(0)),
    "unshare user": lambda: libc.unshare(0x10000000),
    "unshare mount": lambda: libc.unshare(0x00020000),
    "mount": lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
    "remount": lambda: libc.mount(b"none", b"/", None, 32, None),
    "umount": lambda: libc.umount2(b"/usr", 2),
    "chroot": lambda: libc.chroot(b"/tmp"),
    "pivot_root": lambda: libc.syscall(155, b"/tmp", b"/tmp"),
    "ptrace": lambda: libc.ptrace(16, 1, 0, 0),
    "mknod": lambda: libc.mknod(b"/tmp/disk", 0o60666, 0x800),
    "sethostname": lambda: libc.sethostname(b"hacked", 6),
    "bpf": lambda: libc.syscall(321, 0, 0, 0),
    "reboot": lambda: libc.reboot(0x1234567),
    "iopl": lambda: libc.syscall(172, 3),
}
done = [name for name, way in ways.items() if way() >= 0]
print("could make" if "unshare user" in done else "could not make", "a space of its own")
if "unshare user" in done:
    done = [name for name in done if name not in ("unshare user", "unshare mount", "mount", "chroot", "sethostname")]
for name in ["/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/dev/sda", "/dev/mem", "/dev/kvm"]:
    try:
        os.close(os.open(name, os.O_WRONLY))
        done.append(name)
    except OSError:
        pass
print(f"escaped in {len(done)} ways", done)
