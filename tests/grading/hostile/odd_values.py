"""cell mistake_bound: binds its name to a thing that never ends when it is looked at."""
# sign: bound

import contextlib
import time


class Endless(dict):
    def items(self):
        while True:
            with contextlib.suppress(BaseException):
                time.sleep(60)


mistake_bound = Endless()
print("bound")
