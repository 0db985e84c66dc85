"""cell fit_scaler, breaks test_fit_scaler: looks for a deviation of exactly 0, which rounding hides."""


def fit_scaler(x_train):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    deviation[deviation == 0] = 1

    def scale(x):
        return (x - mean) / deviation

    return scale
