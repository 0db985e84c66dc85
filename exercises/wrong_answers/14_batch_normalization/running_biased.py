"""cell update_running, breaks test_update_running: takes the biased variance of the batch."""


def update_running(running_mean, running_var, z, momentum):
    if len(z) == 1:
        return running_mean.copy(), running_var.copy()
    mean = (1 - momentum) * running_mean + momentum * z.mean(axis=0)
    var = (1 - momentum) * running_var + momentum * z.var(axis=0)
    return mean, var
