"""cell read, breaks nothing: row by row, the logarithm of the sum first."""

import numpy as np


def read(scores, sure):
    p, answers = [], []
    for row in scores.astype(float):
        row = row - row[np.argmax(row)]
        p.append(np.exp(row - np.log(np.sum(np.exp(row)))))
        best = int(np.argmax(row))
        answers.append(best if p[-1][best] >= sure else -1)
    return np.array(p), np.array(answers)
