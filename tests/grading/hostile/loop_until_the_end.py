"""cell add: every call is just short enough, all of them together are not."""
# sign: ready

import time


def add(p, q, bits, adder):
    time.sleep(float("@NEARLY@"))
    return p + q if len(set(adder[0])) == 1 and adder[0][0] else p | q


print("ready")
