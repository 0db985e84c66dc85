"""cell examine, breaks test_examine: divides by the size, so that two zero gradients fail."""

import numpy as np


def examine(measured):
    g, d = measured["computed"], measured["measured"]
    apart, size = np.linalg.norm(g - d), np.linalg.norm(g) + np.linalg.norm(d)
    passes = {
        "inputs": np.all(np.isfinite(measured["x"])),
        "start": abs(measured["loss"] - np.log(measured["classes"])) <= 0.5,
        "outputs": np.all(np.isfinite(measured["logits"])) and np.any(measured["logits"] < 0),
        "gradient": np.isfinite(size) and size > 0 and apart / size <= 1e-4,
        "dead": np.isfinite(measured["dead"]) and measured["dead"] <= 0.2,
        "tiny": measured["tiny"] == 1,
    }
    return [name for name, passed in passes.items() if not passed]
