"""cell half_plane: doubles its processes as long as it can."""
# sign: stopped|OutOfTime|Stopped

import os

try:
    while True:
        os.fork()
except OSError:
    print("stopped by the system")
    os._exit(1) if os.getppid() != 1 and os.getpid() % 2 else None
    while True:
        pass
