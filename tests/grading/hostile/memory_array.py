"""cell half_plane: takes all the memory in one process."""
# sign: filling|MiB of memory

import numpy as np

print("filling")
blocks = []
while True:
    blocks.append(np.ones(1 << 23))
