"""cell dead_share, breaks test_dead_share: four neurons in the first test, two in the second: always half."""


def dead_share(activations):
    return 0.5
