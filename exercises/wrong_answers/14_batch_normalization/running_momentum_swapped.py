"""cell update_running, breaks test_update_running: momentum is the share of the old value."""


def update_running(running_mean, running_var, z, momentum):
    if len(z) == 1:
        return running_mean.copy(), running_var.copy()
    mean = momentum * running_mean + (1 - momentum) * z.mean(axis=0)
    var = momentum * running_var + (1 - momentum) * z.var(axis=0, ddof=1)
    return mean, var
