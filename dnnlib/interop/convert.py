"""A network as a torch.nn.Sequential, and back."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from dnnlib import engine
from dnnlib.interop.state import load_state_dict, state_dict
from dnnlib.layers import BatchNorm, Layer, Residual
from dnnlib.layers.base import Shape
from dnnlib.model import Sequential
from dnnlib.models import steps

if TYPE_CHECKING:
    from torch import nn

_ROWS = ("body", "shortcut")  # of a Residual


def _modules() -> Any:
    """`dnnlib.interop.modules`, which imports torch."""
    try:
        return importlib.import_module("dnnlib.interop.modules")
    except ModuleNotFoundError as error:
        raise ImportError('to_torch and from_torch need torch: pip install "dnnlib[torch]"') from error


def to_torch(model: Sequential, input_shape: tuple[int, ...] | None = None) -> nn.Sequential:
    """The same network as torch modules, with copies of θ and the state: autograd then computes what `backward` did.

    Names, dtype, and training or testing mode stay, so that `net.state_dict()` has the keys of `state_dict(model)`; a
    NumPy network goes to torch's CPU. Layers that torch has not (Residual, GlobalAvgPool2d, Maxout, ArcTan, BinaryStep,
    DropConnect, Dropout(inverted=False)) become small modules of `dnnlib.interop.modules`.

    BatchNorm becomes BatchNorm1d or BatchNorm2d; where the layers before it do not tell which, `input_shape`, the shape
    of one example, is needed: ValueError says so, as for a layer of your own. ImportError where torch is missing.
    Lecture C11.
    """
    modules = _modules()
    torch, inputs = modules.torch, {step.name: step.input for step in steps(model, input_shape)}
    with torch.random.fork_rng(devices=[]):  # the modules draw a start of their own, which is not kept
        net = torch.nn.Sequential(*(_module(str(i), layer, inputs) for i, layer in enumerate(model.layers)))
    net.to(device="cpu" if model.device == "numpy" else model.device, dtype=getattr(torch, model.dtype))
    net.load_state_dict({name: torch.from_numpy(value) for name, value in state_dict(model).items()})
    return net.train(model.training)


def _module(name: str, layer: Layer, inputs: dict[str, Shape | None]) -> nn.Module:
    """The layer as a module, its numbers not yet copied."""
    modules = _modules()
    if isinstance(layer, Residual):
        rows = ([(f"{name}.{row}.{i}", part) for i, part in enumerate(getattr(layer, row))] for row in _ROWS)
        return modules.Residual(*([_module(*part, inputs) for part in parts] for parts in rows))
    if type(layer) is BatchNorm:
        shape = inputs[name]
        if shape is None:
            raise ValueError(
                f"to_torch: layer {name}, {layer}, is BatchNorm1d in torch after a dense layer and BatchNorm2d for "
                f"images: pass input_shape, the shape of one example such as (3, 32, 32)"
            )
        return (modules.nn.BatchNorm1d if len(shape) == 1 else modules.nn.BatchNorm2d)(**layer.options())
    if type(layer) not in modules.MODULES:
        raise ValueError(f"to_torch: layer {name}, {layer}, is not part of dnnlib, so its torch module is not known")
    return modules.MODULES[type(layer)](**layer.options())


def from_torch(net: nn.Sequential, device: str = "numpy", seed: int | np.random.Generator = 0) -> Sequential:
    """The same network as layers of the library, with copies of the parameters and buffers, on `device`.

    `net` is a torch.nn.Sequential of modules that the library has as layers, such as `to_torch` makes. Sequentials in
    it are unrolled, and the modules counted through: "1.0.weight" may become "2.weight". AdaptiveAvgPool2d(1) must be
    followed by Flatten. dtype and mode stay; `seed` is for what `fit` draws. The library trains all parameters, those
    that are frozen in torch (requires_grad=False) too.

    Raises TypeError for what is no Sequential; ValueError, naming the module and what is possible, for modules and
    options that the library has not (groups, dilation, weights shared by two modules …). Lecture C11.
    """
    if not _is_row(net):
        raise TypeError(f"from_torch: expected a torch.nn.Sequential, got {type(net).__name__}: {_line(net)}")
    dtypes = {engine.dtype_of(value) for value in net.state_dict().values() if value.is_floating_point()}
    if dtypes - set(engine.DTYPES) or len(dtypes) > 1:
        raise ValueError(
            f"from_torch: the library computes in float32 or float64, one for all parameters, and this network is in "
            f"{', '.join(sorted(dtypes))}: net.float() makes it float32"
        )
    if len(list(net.parameters())) < len(list(net.named_parameters(remove_duplicate=False))):
        raise ValueError("from_torch: two modules share a parameter, but in θ every layer has its own")
    parts = _unrolled("", net)
    layers = [_layer(name, part, parts[i + 1 :]) for i, (name, part) in enumerate(parts)]
    model = Sequential(*layers, seed=seed, dtype=dtypes.pop() if dtypes else "float32", device=device)
    named = (part.state_dict(prefix=f"{i}.") for i, (_, part) in enumerate(parts))
    load_state_dict(model, {name: value for values in named for name, value in values.items()})
    return model.train(net.training)


def _is_row(module: Any) -> bool:
    """True for a Sequential, or a class below it, that runs its modules one after the other."""
    row = _modules().nn.Sequential
    return isinstance(module, row) and type(module).forward is row.forward


def _unrolled(prefix: str, net: Any) -> list[tuple[str, nn.Module]]:
    """(position, module) of every module in the Sequential, those of Sequentials in it included: "1.0"."""
    found: list[tuple[str, nn.Module]] = []
    for i, part in enumerate(net):
        found += _unrolled(f"{prefix}{i}.", part) if _is_row(part) else [(f"{prefix}{i}", part)]
    return found


def _layer(name: str, module: Any, following: list[tuple[str, nn.Module]]) -> Layer:
    """The module as a layer, its numbers not yet copied."""
    modules = _modules()
    if type(module) is modules.Residual:
        rows = ([(f"{name}.{row}.{i}", part) for i, part in enumerate(getattr(module, row))] for row in _ROWS)
        return Residual(*([_layer(*part, parts[i + 1 :]) for i, part in enumerate(parts)] for parts in rows))
    reading = modules.READINGS.get(type(module))
    if reading is None:
        known = ", ".join(sorted(kind.__name__ for kind in (*modules.READINGS, modules.Residual)))
        raise ValueError(f"from_torch: module {name}, {_line(module)}, is none that the library has: {known}")
    for option, needed in reading.fixed.items():
        found = _single(getattr(module, option))
        if found != needed:
            raise ValueError(
                f"from_torch: module {name}, {_line(module)}, has {option}={found!r}, the library has {needed!r} alone"
            )
    flat = bool(following) and type(following[0][1]) is modules.nn.Flatten
    if type(module) is modules.nn.AdaptiveAvgPool2d and not flat:
        raise ValueError(f"from_torch: module {name}, {_line(module)}, must be followed by Flatten()")
    options = {option: getattr(module, option) for option in reading.options}
    if "bias" in options:
        options["bias"] = options["bias"] is not None
    try:
        return reading.make(**options)
    except (TypeError, ValueError) as error:
        raise ValueError(f"from_torch: module {name}, {_line(module)}, has no layer: {error}") from None


def _single(value: Any) -> Any:
    """1 for (1, 1): torch stores what was given."""
    return value[0] if isinstance(value, tuple) and len(set(value)) == 1 else value


def _line(module: Any) -> str:
    """The module in one line."""
    return " ".join(repr(module).split())
