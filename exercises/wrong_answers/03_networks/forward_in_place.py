"""cell forward, breaks test_forward: takes the layers out of the lists that it was given."""


def forward(x, weights, biases, activations):
    answers = [x]
    while weights:
        z = answers[-1] @ weights.pop(0).T + biases.pop(0)
        answers.append(activations.pop(0)(z))
    return answers
