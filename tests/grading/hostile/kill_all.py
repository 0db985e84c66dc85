"""cell half_plane: kills every process that it can reach, itself last."""
# sign: it ended the Python process

import os
import signal

for number in [*range(2, 400), os.getppid(), -1]:
    try:
        if number != os.getpid():
            os.kill(number, signal.SIGKILL)
    except OSError:
        pass
os.killpg(0, signal.SIGKILL)
