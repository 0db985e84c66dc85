"""How the library is built: what it imports, what it documents, how long its files are, what it keeps in memory."""

import ast
import gc
import importlib
import inspect
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from catalogue import OPTIMIZERS, OptimizerCase, each, numbers, on_every_engine, put
from test_catalogue import library_modules

import dnnlib as dnn

ROOT = Path(dnn.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
LONGEST = 320


def run(program: str) -> str:
    """What a fresh Python prints, warnings being errors."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_import_is_light() -> None:
    """`import dnnlib` brings in nothing that the work at hand may not need."""
    heavy = {
        "torch",
        "matplotlib",
        "sklearn",
        "scipy",
        "pandas",
        "IPython",
        "ipywidgets",
        "tqdm",
        "pooch",
        "safetensors",
        "onnx",
        "onnxruntime",
    }
    printed = run("import sys, dnnlib; print(*{name.partition('.')[0] for name in sys.modules})")
    assert "dnnlib" in printed.split()
    assert heavy & set(printed.split()) == set()


def test_numpy_needs_no_torch() -> None:
    """Where torch is not installed, everything runs on NumPy, and asking for torch says what to install."""
    program = """
import sys
class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ImportError("No module named 'torch'")
sys.meta_path.insert(0, NoTorch())
import numpy as np, tempfile, dnnlib as dnn
x, y = dnn.data.digits()
model = dnn.Sequential(dnn.Dense(64, 30), dnn.ReLU(), dnn.Dense(30, 10))
model.fit(x, y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.Adam(lr=1e-2), epochs=3, validation_data=(x, y))
with tempfile.TemporaryDirectory() as folder:
    model.save(folder + "/m")
    print(dnn.load(folder + "/m").evaluate(x, y).accuracy > 0.9, dnn.best_device())
try:
    model.to("cpu")
except ImportError as error:
    print(error)
print([name for name in sys.modules if name.partition(".")[0] == "torch"])
"""
    works, message, imported = run(program).splitlines()
    assert works == "True numpy"
    assert 'pip install "dnnlib[torch]"' in message
    assert imported == "[]"


def test_public_names() -> None:
    assert len(set(dnn.__all__)) == len(dnn.__all__)
    for name in dnn.__all__:
        thing = getattr(dnn, name)
        assert inspect.getdoc(thing), f"dnnlib.{name} has no docstring"
        assert len(inspect.getdoc(thing)) > 30, f"dnnlib.{name}: a docstring that says something"
    public = {name for name, thing in vars(dnn).items() if inspect.isclass(thing) or inspect.isfunction(thing)}
    assert public <= set(dnn.__all__), "what is imported into dnnlib is public"


def public_things() -> Iterator[tuple[str, object]]:
    """Every public class, function, method and property that the library defines, by its full name."""
    for module_name in library_modules():
        module = importlib.import_module(module_name)
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != module_name:
                continue
            if inspect.isfunction(thing) or inspect.isclass(thing):
                yield f"{module_name}.{name}", thing
            if inspect.isclass(thing):
                for member in dir(thing):
                    value = getattr(thing, member)
                    if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                        yield f"{module_name}.{name}.{member}", value


def test_everything_public_is_documented() -> None:
    """A method may inherit its docstring from the class that defines what it means."""
    things = list(public_things())
    assert len(things) > 80
    assert [name for name, thing in things if not inspect.getdoc(thing)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_file(file: Path) -> None:
    """Each says in its first line what it is, documents what it offers, and can be read in one go."""
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    assert len(text.splitlines()) <= LONGEST
    offered = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")]
    assert [node.name for node in offered if not ast.get_docstring(node)] == []


def train(model: dnn.Sequential, optimizer: dnn.Optimizer, steps: int, *shape: int) -> None:
    x, y = put(numbers(32, *shape), model.device, "float32"), put(np.arange(32) % 5, model.device)
    loss = dnn.SoftmaxCrossEntropy()
    for _ in range(steps):
        model.loss_and_grad(x, y, loss)
        optimizer.step(model.theta, model.grad)


def assert_memory_stays_flat(model: dnn.Sequential, optimizer: dnn.Optimizer, *shape: int, warm_up: int = 100) -> None:
    """1000 steps keep nothing: no bytes as Python counts them, no tensor more."""
    train(model, optimizer, 20, *shape)
    gc.collect()
    tensors = sum(issubclass(type(thing), torch.Tensor) for thing in gc.get_objects())
    tracemalloc.start()
    train(model, optimizer, warm_up, *shape)  # until the allocators' own stores of small blocks are full
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    train(model, optimizer, 1000, *shape)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 20_000, f"{grown} bytes more after 1000 steps"
    assert sum(issubclass(type(thing), torch.Tensor) for thing in gc.get_objects()) <= tensors


@on_every_engine
@each("optimizer", [case for case in OPTIMIZERS if "-" not in case.name or "momentum" in case.name])
def test_memory_stays_flat_with_every_optimizer(optimizer: OptimizerCase, device: str) -> None:
    model = dnn.Sequential(dnn.Dense(20, 30), dnn.ReLU(), dnn.Dense(30, 5), device=device)
    assert_memory_stays_flat(model, optimizer.make(), 20)


@on_every_engine
def test_memory_stays_flat_with_layers_for_images(device: str) -> None:
    """Those that keep windows, masks, running statistics, and other layers."""
    body = [dnn.Conv2d(4, 4, 3, padding=1), dnn.BatchNorm(4), dnn.PReLU(), dnn.Dropout(0.2)]
    layers = dnn.Conv2d(2, 8, 3), dnn.Maxout(2), dnn.MaxPool2d(2), dnn.Residual(body), dnn.AvgPool2d(2), dnn.Flatten()
    model = dnn.Sequential(*layers, dnn.DropConnect(4, 6), dnn.ELU(), dnn.Dense(6, 5), device=device)
    assert_memory_stays_flat(model, dnn.Adam(lr=1e-4), 2, 6, 6, warm_up=1000)


def test_fit_keeps_nothing_but_its_history() -> None:
    x, y = numbers(200, 20), np.arange(200) % 5
    model = dnn.Sequential(dnn.Dense(20, 30), dnn.ReLU(), dnn.Dense(30, 5))

    def fit() -> None:
        model.fit(x, y, loss=dnn.SoftmaxCrossEntropy(), optimizer=dnn.Adam(), batch_size=20, epochs=20)

    fit()
    tracemalloc.start()
    fit()
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(5):
        fit()
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 20_000, f"{grown} bytes more after 5 trainings of 200 steps"


def test_show_source() -> None:
    """As text in a terminal, highlighted in a notebook, without the indentation of the class."""
    source = dnn.show_source(dnn.Dense.backward)
    assert repr(source).startswith("def backward(self, grad_output")
    shown = source._repr_mimebundle_()
    assert shown == {"text/plain": repr(source), "text/markdown": f"```python\n{source!r}\n```"}
    assert repr(dnn.show_source(dnn.SGD)).startswith("class SGD(Optimizer):")
