"""cell mistake_bound: raises errors that cannot be printed, or that bear the names of those of the grader."""
# sign: ready


class WireError(BaseException):
    def __str__(self):
        raise KeyboardInterrupt

    __repr__ = __str__


WireError.__name__ = "SkipTest"


def mistake_bound(x, y, w, b):
    raise WireError


print("ready")
