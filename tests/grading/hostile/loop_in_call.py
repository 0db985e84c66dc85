"""cell train: a function that never ends."""
# sign: OutOfTime


def train(x, y, epochs):
    while True:
        pass


print("ready")
