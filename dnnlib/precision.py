"""In how many bits a training computes: float32, TF32 or bfloat16. Chapter 16.

bfloat16 keeps float32's 8 bits of exponent and 7 of its 23 bits of fraction: the same range, two or three digits. Half
the bytes pass through memory, and tensor cores multiply such matrices many times as fast. TF32 is how tensor cores
multiply float32 matrices: they read 10 bits of fraction and add up in float32.

Forward and backward bear that, for a gradient is a noisy estimate anyway. The update does not: θ + η g is θ again where
η g is below half the distance to the next number. So θ, the optimizer's memory and the update stay in float32, and
with them the loss and the statistics of BatchNorm, which are sums of many terms.
Sources: Micikevicius et al. (2018); Kalamkar et al. (2019).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from dnnlib import engine, flat
from dnnlib.engine import Array

if TYPE_CHECKING:
    from dnnlib.losses import Loss
    from dnnlib.model import Sequential

REDUCED = ("tf32", "bfloat16")


def check_precision(model: Sequential, precision: Any) -> str:
    """The precision to train in: `precision`, or the network's own dtype for None. ValueError for one it cannot."""
    allowed = (model.dtype, *REDUCED)
    if precision is None:
        return model.dtype
    if precision not in allowed:
        listed = ", ".join(f'"{name}"' for name in allowed)
        raise ValueError(f"fit: precision must be one of {listed} for a {model.dtype} network, got {precision!r}")
    if precision in REDUCED and model.dtype != "float32":
        raise ValueError(
            f'fit: precision="{precision}" keeps θ in float32, but this network computes in {model.dtype}: make it '
            f'with dtype="float32", or leave precision out'
        )
    if precision == "bfloat16" and model.device == "numpy":
        raise ValueError('fit: NumPy has no bfloat16: move the network to torch first, model.to("cpu") or to("cuda")')
    return str(precision)


@contextmanager
def matrix_products(device: str, precision: str) -> Iterator[None]:
    """While it lasts, torch's matrix products and convolutions on a GPU use TF32 if `precision` says so, else never."""
    if not device.startswith("cuda"):
        yield
        return
    torch: Any = engine.torch()
    cudnn, before = torch.backends.cudnn, torch.get_float32_matmul_precision()
    with ExitStack() as stack:
        stack.callback(torch.set_float32_matmul_precision, before)
        torch.set_float32_matmul_precision("high" if precision == "tf32" else "highest")
        kept = {name: getattr(cudnn, name) for name in ("enabled", "benchmark", "deterministic")}
        stack.enter_context(cudnn.flags(**kept, allow_tf32=precision == "tf32"))
        yield


def torch_dtype(precision: str) -> Any:
    """torch's dtype in which layers compute; TF32 is a way to multiply matrices of float32."""
    return getattr(engine.torch(), "float32" if precision == "tf32" else precision)


def layers_loss_and_grad(model: Sequential, x: Array, y: Array, loss: Loss, precision: str) -> Array:
    """L(θ) of a batch, with the layers' gradients filled, where their views of θ are in `precision`.

    Every layer gets and gives numbers of that dtype; the outputs become the network's own before the loss.
    """
    dtype = torch_dtype(precision)
    outputs = x.to(dtype)
    for layer in model.layers:
        outputs = layer.forward(outputs)
    value = loss.forward(outputs.to(x.dtype), y)
    model.backward_layers(loss.backward().to(dtype), input_grad=False)
    return value


class LowTheta:
    """A copy of θ in bfloat16, and room for ∇L(θ) in it, for steps that are not compiled."""

    def __init__(self, model: Sequential) -> None:
        self.model = model
        self.theta = model.theta.to(torch_dtype("bfloat16"))
        self.grad = engine.torch().zeros_like(self.theta)
        self.layers = [layer for _, layer in model.named_layers()]
        self.views = flat.views(self.layers, self.theta, self.grad, model.state)

    def loss_and_grad(self, x: Array, y: Array, loss: Loss) -> Array:
        """L(θ) of a batch, with `model.grad` filled by ∇L(θ), both from bfloat16 arithmetic."""
        self.theta.copy_(self.model.theta)
        with flat.tied(self.layers, self.views):
            value = layers_loss_and_grad(self.model, x, y, loss, "bfloat16")
        self.model.grad.copy_(self.grad)
        return value
