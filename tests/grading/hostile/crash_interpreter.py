"""cell half_plane: brings the interpreter down by a wild pointer."""
# sign: it ended the Python process

import ctypes

ctypes.string_at(1)
