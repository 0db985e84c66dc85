"""cell train: returns lists that are a hundred thousand deep, lists that hold themselves, and raw JSON of that kind."""
# sign: ready

import gc
import struct

channels = [thing for thing in gc.get_objects() if type(thing).__name__ == "Channel"]
calls = []


def train(x, y, epochs):
    calls.append(1)
    inner = []
    if len(calls) % 2:
        inner.append(inner)
    for _ in range(100_000):
        inner = [inner]
    if len(calls) == 1:
        body = b'{"return": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        channels[0].sock.sendall(struct.pack(">Q", len(body)) + body)
    return inner


print("ready")
