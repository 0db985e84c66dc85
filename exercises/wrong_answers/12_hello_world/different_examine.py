"""cell examine, breaks nothing: one question after the other, with plain Python."""

import math

import numpy as np


def examine(measured):
    def finite(values):
        return all(math.isfinite(value) for value in np.ravel(values))

    failed = []
    if not finite(measured["x"]):
        failed.append("inputs")
    if not (finite(measured["loss"]) and -0.5 <= measured["loss"] - math.log(measured["classes"]) <= 0.5):
        failed.append("start")
    if not finite(measured["logits"]) or measured["logits"].min() >= 0:
        failed.append("outputs")
    a, b = measured["computed"], measured["measured"]
    most = 1e-4 * (np.sqrt(np.sum(a**2)) + np.sqrt(np.sum(b**2)))
    if not (finite(a) and finite(b)) or np.sqrt(np.sum((a - b) ** 2)) > most:
        failed.append("gradient")
    if not (finite(measured["dead"]) and measured["dead"] <= 0.2):
        failed.append("dead")
    if measured["tiny"] != 1:
        failed.append("tiny")
    return failed
