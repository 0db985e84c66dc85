"""cell half_plane: takes all the memory in many processes, each of them below the limit."""
# sign: MiB of memory

import os
import time

import numpy as np

for _ in range(16):
    if os.fork() == 0:
        block = np.ones(20 << 20)
        time.sleep(60)
time.sleep(60)
