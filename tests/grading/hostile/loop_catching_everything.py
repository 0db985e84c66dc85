"""cell full_adder: a function that never ends and catches what would interrupt it."""
# sign: could not be interrupted


def full_adder():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


print("ready")
