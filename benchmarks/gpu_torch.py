"""torch's side of the races: modules, autograd and optimizer, as its documentation advises for speed.

The epoch is the one that `fit` runs: data on the device, shuffled anew, batches taken by indexing there, losses and
right answers summed there and read once. What is compiled is the module with the loss and the count in it, and the
optimizer is the fused one; as written, both are torch's defaults.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch_networks
from process import answer
from torch import nn
from torch.nn import functional as F

from dnnlib.precision import matrix_products


class Learning(nn.Module):
    """The loss of a batch and how many of its answers are right."""

    def __init__(self, network: nn.Module, device: str, precision: str) -> None:
        super().__init__()
        self.network, self.kind, self.low = network, device.partition(":")[0], precision == "bfloat16"

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        with torch.autocast(self.kind, torch.bfloat16, enabled=self.low):
            outputs = self.network(x)
            loss = F.cross_entropy(outputs, y)
        return loss, (outputs.detach().argmax(1) == y).sum()


def epoch_of(job: dict[str, Any], x: np.ndarray, y: np.ndarray) -> Callable[[], tuple[float, float]]:
    """A function that trains an epoch and returns the mean loss and the accuracy of its batches."""
    device, size, mode = job["device"], job["batch_size"], job["contender"].removeprefix("torch ")
    xs, ys = torch.tensor(x, device=device), torch.tensor(y, device=device)
    torch.manual_seed(0)
    network: nn.Module = getattr(torch_networks, job["network"])()
    learning = Learning(network.to(device), device, job["precision"])
    if mode == "eager":
        optimizer = torch.optim.Adam(learning.parameters())
    else:
        learning.compile(mode=mode, fullgraph=True, dynamic=False)
        capturable = {"capturable": True} if device.startswith("cuda") else {}  # torch refuses it for a CPU
        optimizer = torch.optim.Adam(learning.parameters(), fused=True, **capturable)

    def epoch() -> tuple[float, float]:
        order = torch.randperm(len(xs), device=device)
        total = torch.zeros((), device=device)
        right = torch.zeros((), dtype=torch.int64, device=device)
        for start in range(0, len(xs), size):
            part = order[start : start + size]
            if mode != "eager":
                torch.compiler.cudagraph_mark_step_begin()  # what a graph gave last may be overwritten
            optimizer.zero_grad(set_to_none=True)
            loss, correct = learning(xs[part], ys[part])
            loss.backward()
            optimizer.step()
            total += loss.detach()
            right += correct
        return float(total) * size / len(xs), int(right) / len(xs)  # the only reads: the queue is empty afterwards

    return epoch


def serve(job: dict[str, Any], x: np.ndarray, y: np.ndarray) -> None:
    """Two epochs to warm up, then as many as standard input asks for, answered by the seconds of a step."""
    with matrix_products(job["device"], job["precision"]):
        epoch = epoch_of(job, x, y)
        for _ in range(2):
            epoch()
        answer("ready")
        for line in sys.stdin:
            start = time.perf_counter()
            for _ in range(int(line)):
                epoch()
            answer((time.perf_counter() - start) / (int(line) * job["steps"]))
