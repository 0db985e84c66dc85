"""cell forward, breaks test_forward: multiplies with W wherever the shapes allow it."""


def forward(x, weights, biases, activations):
    answers = [x]
    for W, b, activation in zip(weights, biases, activations, strict=True):
        answers.append(activation(answers[-1] @ (W if W.shape[0] == W.shape[1] else W.T) + b))
    return answers
