"""cell scale, breaks test_scale: subtracts in the caller's arrays if they hold floats."""


def scale(x_train, x_new):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    deviation[deviation == 0] = 1
    if x_new.dtype.kind == "f":
        x_new -= mean
        return (x_train - mean) / deviation, x_new / deviation
    return (x_train - mean) / deviation, (x_new - mean) / deviation
