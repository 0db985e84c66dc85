"""cell half_plane: ends the process when it is called."""
# sign: it ended the Python process

import os


def half_plane(p, q, inside):
    os._exit(0)


print("ready")
