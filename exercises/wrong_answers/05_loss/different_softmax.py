"""cell softmax, breaks nothing: row by row, in lists, with a warning."""

import warnings

import numpy as np


def softmax(z, temperature):
    warnings.warn("slow", stacklevel=2)
    table = []
    for row in z.tolist():
        leads = [[(other - score) / temperature for other in row] for score in row]
        with np.errstate(over="ignore"):
            table.append([float(1 / np.sum(np.exp(lead))) for lead in leads])
    return table
