"""One contender in a process of its own: makes ready, then runs rounds of training steps whenever it is asked to.

python worker.py mlp dnnlib SGD       # then, on standard input: a number of steps to run; on end of input: memory
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
from process import answer

Steps = Callable[[int], int]  # runs about so many training steps, and says how many it ran


def data(images: bool, size: int = 28) -> tuple[np.ndarray, np.ndarray]:
    """MNIST's 10 000 test images as vectors or images; larger ones are padded, in three equal channels."""
    import dnnlib as dnn

    x, y = dnn.data.mnist("test")
    if not images:
        return x, y
    x = x.reshape(-1, 1, 28, 28)
    if size > 28:
        margin = (size - 28) // 2
        x = np.repeat(np.pad(x[:2000], ((0, 0), (0, 0), (margin, margin), (margin, margin))), 3, axis=1)
        y = y[:2000]
    return x, y


def forever(epoch: Callable[[], Iterator]) -> Iterator:
    """Epoch after epoch."""
    while True:
        yield from epoch()


NETWORKS = {  # name: (data, batch size)
    "mlp": (lambda: data(images=False), 100),
    "lenet": (lambda: data(images=True), 64),
    "resnet": (lambda: data(images=True, size=32), 64),
}


def with_dnnlib(network: str, optimizer: str, device: str) -> Steps:
    """The loop that `fit` runs."""
    import dnnlib as dnn

    load, batch_size = NETWORKS[network]
    x, y = load()
    model = {
        "mlp": lambda: dnn.mlp(784, 500, 500, 10, device=device),
        "lenet": lambda: dnn.lenet(device=device),
        "resnet": lambda: dnn.resnet(20, device=device),
    }[network]()
    ours, loss = getattr(dnn, optimizer)(), dnn.SoftmaxCrossEntropy()
    x, y = (dnn.engine.to_device(values, device) for values in (x, y))
    rng = np.random.default_rng(0)
    stream = forever(lambda: dnn.batches(x, y, batch_size, rng))

    def run(steps: int) -> int:
        for _ in range(steps):
            xb, yb = next(stream)
            model.loss_and_grad(xb, yb, loss)
            ours.step(model.theta, model.grad)
        return steps

    return run


def with_torch(network: str, optimizer: str) -> Steps:
    """torch eager: its modules, its loss, its optimizer (fused where it has that on a CPU)."""
    import torch
    import torch_networks

    load, batch_size = NETWORKS[network]
    x, y = (torch.tensor(values) for values in load())
    model = getattr(torch_networks, network)()
    kind = getattr(torch.optim, optimizer)
    fused = {"fused": True} if optimizer in ("SGD", "Adam", "AdamW", "Adagrad") else {}
    theirs, loss = kind(model.parameters(), **fused), torch.nn.CrossEntropyLoss()

    def epoch() -> Iterator:
        order = torch.randperm(len(x))
        for start in range(0, len(x), batch_size):
            part = order[start : start + batch_size]
            yield x[part], y[part]

    stream = forever(epoch)

    def run(steps: int) -> int:
        for _ in range(steps):
            xb, yb = next(stream)
            theirs.zero_grad()
            loss(model(xb), yb).backward()
            theirs.step()
        return steps

    return run


def with_sklearn(network: str, optimizer: str) -> Steps:
    """MLPClassifier, whose `partial_fit` runs over the examples that it is given, once, in batches."""
    from sklearn.neural_network import MLPClassifier

    load, batch_size = NETWORKS[network]
    x, y = load()
    options = {"SGD": {"solver": "sgd", "momentum": 0.0, "learning_rate_init": 1e-3}, "Adam": {"solver": "adam"}}
    model = MLPClassifier((500, 500), batch_size=batch_size, alpha=0.0, **options[optimizer])

    def run(steps: int) -> int:
        epochs = max(steps // (len(x) // batch_size), 1)
        for _ in range(epochs):
            model.partial_fit(x, y, classes=np.arange(10))
        return epochs * (len(x) // batch_size)

    return run


def sgemm(n: int = 2048) -> Steps:
    """Products of two n×n matrices by NumPy: what the machine can do at best."""
    a, b = (np.random.default_rng(i).random((n, n), dtype=np.float32) for i in (0, 1))
    c = np.empty_like(a)

    def run(steps: int) -> int:
        for _ in range(steps):
            np.matmul(a, b, out=c)
        return steps

    return run


CONTENDERS: dict[str, Callable[..., Steps]] = {
    "dnnlib": lambda network, optimizer: with_dnnlib(network, optimizer, "numpy"),
    "dnnlib-torch": lambda network, optimizer: with_dnnlib(network, optimizer, "cpu"),
    "torch": with_torch,
    "sklearn": with_sklearn,
    "sgemm": lambda network, optimizer: sgemm(),
}


def main() -> None:
    """Answer each number on standard input with the seconds a step took; at the end, report the peak memory."""
    network, contender, optimizer = sys.argv[1:]
    run = CONTENDERS[contender](network, optimizer)
    answer("ready")
    for line in sys.stdin:
        start = time.perf_counter()
        steps = run(int(line))
        answer((time.perf_counter() - start) / steps)
    answer(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


if __name__ == "__main__":
    main()
