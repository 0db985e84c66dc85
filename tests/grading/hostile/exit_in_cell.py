"""cell half_plane: ends the process."""
# sign: it ended the Python process

import os

os._exit(0)
