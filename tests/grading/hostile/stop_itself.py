"""cell half_plane: stops its process without ending it."""
# sign: could not be interrupted

import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
