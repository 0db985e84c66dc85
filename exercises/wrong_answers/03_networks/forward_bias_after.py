"""cell forward, breaks test_forward: adds the bias after the activation."""


def forward(x, weights, biases, activations):
    answers = [x]
    for W, b, activation in zip(weights, biases, activations, strict=True):
        answers.append(activation(answers[-1] @ W.T) + b)
    return answers
