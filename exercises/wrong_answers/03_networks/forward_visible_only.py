"""cell forward, breaks test_forward: runs two layers at most."""


def forward(x, weights, biases, activations):
    answers = [x]
    for W, b, activation in zip(weights[:2], biases[:2], activations[:2], strict=True):
        answers.append(activation(answers[-1] @ W.T + b))
    return answers
