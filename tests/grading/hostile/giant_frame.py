"""cell train: claims that a message of 2**63 bytes follows."""
# sign: ready

import gc
import struct

channels = [thing for thing in gc.get_objects() if type(thing).__name__ == "Channel"]


def train(x, y, epochs):
    channels[0].sock.sendall(struct.pack(">Q", 1 << 63) + bytes(1000))
    return [0, 0], 0, [1]


print("ready")
