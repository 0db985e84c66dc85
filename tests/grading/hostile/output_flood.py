"""cell end: prints without an end, in text and in pictures."""
# sign: the rest of the output is cut

import os

from IPython.display import Image, display

for _ in range(200):
    print("x" * 100_000)
    os.write(1, b"x" * 65536)
    display(Image(b"\x89PNG\r\n\x1a\n" + bytes(100_000), format="png"))
