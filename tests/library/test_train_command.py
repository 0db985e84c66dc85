"""`python -m dnnlib.train`: what it shows and writes, and how it says what is wrong."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import dnnlib as dnn
from dnnlib import arguments, train

FILES = ["checkpoint.safetensors", "curves.png", "history.json", "model.safetensors"]
QUICK = ["--device", "numpy", "--epochs", "2", "--model", "mlp-16"]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """The status of the command, and what it wrote to the two streams."""
    try:
        status = train.main(words)
    except SystemExit as end:
        status = int(end.code or 0)
    return status, *capsys.readouterr()


def test_a_training(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table, the files, a network that can be loaded; resumed, it goes on; complete, it says so."""
    folder = tmp_path / "runs" / "digits"
    command = [*QUICK, "--output", str(folder)]
    status, out, err = run(capsys, *command)
    assert (status, err) == (0, "")
    first, header, *rows, tested, written = out.splitlines()
    assert first == (
        "digits (1257 training, 180 validation, 360 test), mlp-16 (1,210 parameters), Adam(lr=0.001), numpy, float32, "
        "1 process"
    )
    assert header.split() == ["epoch", "loss", "accuracy", "val.", "loss", "val.", "acc.", "seconds"]
    assert [row.split()[0] for row in rows] == ["1", "2"]
    assert all(len(row.split()) == 6 and len(row) == len(header) for row in rows)
    assert tested.startswith("on the test data: loss ")
    assert written == f"in {folder}: checkpoint.safetensors, history.json, curves.png, model.safetensors"
    assert sorted(os.listdir(folder)) == FILES
    about = json.loads((folder / "history.json").read_text())
    assert about["arguments"]["model"] == "mlp-16"
    assert f"{about['history']['val_accuracy'][-1]:.4f}" == rows[-1].split()[4]
    assert about["result"]["parameters"] == 1210
    assert set(about["versions"]) >= {"python", "dnnlib", "numpy"}
    x, y = arguments.DATA["digits"]().test
    loss, accuracy = dnn.load(folder / "model.safetensors").evaluate(x, y)
    assert (loss, accuracy) == (about["result"]["test_loss"], about["result"]["test_accuracy"])
    assert tested == f"on the test data: loss {loss:.4f}, accuracy {accuracy:.4f}"
    with Image.open(folder / "curves.png") as picture:
        assert np.ptp(np.asarray(picture.convert("L"))) > 100

    status, _, err = run(capsys, *command)
    assert status == 1
    assert err == (
        f"dnnlib.train: --output {folder} holds a training already (checkpoint.safetensors, history.json, curves.png, "
        f"model.safetensors): add --resume to go on with it, or name another folder\n"
    )
    status, out, _ = run(capsys, *command, "--resume")
    assert status == 0
    assert out.splitlines()[1:] == ["all 2 epochs were run before", tested, written]
    status, out, _ = run(capsys, *command, "--resume", "--epochs", "3")
    assert status == 0
    assert out.splitlines()[1] == "goes on after epoch 2"
    assert [line.split()[0] for line in out.splitlines()[3:-2]] == ["3"]
    status, _, err = run(capsys, *command, "--resume", "--seed", "1")
    assert status == 1
    assert "is the checkpoint of another training: start: weights and generator" in err
    assert err.endswith("Or name another folder by --output\n")


def test_resume_before_there_is_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So that one command serves for the first time and all others."""
    folder = tmp_path / "run"
    status, out, _ = run(capsys, *QUICK, "--output", str(folder), "--resume")
    assert status == 0
    assert out.startswith(f"there is no checkpoint.safetensors in {folder} yet: training starts from the beginning\n")
    assert sorted(os.listdir(folder)) == FILES


def test_without_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written; and the seed makes all that is drawn, but the test images are always the same."""
    monkeypatch.chdir(tmp_path)
    outs = [run(capsys, *QUICK, "--seed", seed)[1].rpartition(" seconds")[2].split() for seed in ("1", "1", "2")]
    columns = [[word for i, word in enumerate(out) if i % 6 != 5 or i > 11] for out in outs]  # all but the seconds
    assert columns[0] == columns[1] != columns[2]
    assert os.listdir(tmp_path) == []
    parts = arguments.DATA["digits"]()
    assert sum(len(y) for _, y in parts) == 1797
    assert len({image.tobytes() for x, _ in parts for image in x}) == 1797


WRONG = {
    "--model nonsense": (2, "argument --model: there is no 'nonsense'; choose from mlp-500-500"),
    "--model resnet-21 --data mnist-10k": (1, "resnet: depth must be 6n + 2"),
    "--model lenet": (1, "lenet: input_shape must be (channels, height, width) with at least 12 × 12 pixels"),
    "--data cifar": (2, "argument --data: invalid choice: 'cifar' (choose from"),
    "--optimizer magic": (2, "argument --optimizer: invalid choice: 'magic' (choose from"),
    "--batch-size 0": (2, "argument --batch-size: expected an integer of at least 1, got '0'"),
    "--epochs many": (2, "argument --epochs: expected an integer of at least 1, got 'many'"),
    "--seed -1": (2, "argument --seed: "),
    "--lr 0": (1, "Adam: lr (the learning rate) must be a positive number, got 0.0"),
    "--lr 1e30 --optimizer sgd": (1, "the loss became nan in epoch 1"),
    "--device tpu": (1, 'device: expected "numpy", "cpu", "cuda" or "cuda:N", got \'tpu\''),
    "--device cuda:99": (1, "device 'cuda:99': torch sees "),
    "--precision bfloat16": (1, "NumPy has no bfloat16"),
    "--compile": (1, "compile=True is for torch"),
    "--resume": (2, "--resume goes on with the training in a folder: name it by --output FOLDER"),
    "--output FILE": (1, "is a file: name a folder"),
    "--data mnist": (1, "MNIST file train-images-idx3-ubyte.gz cannot be had"),
}


@pytest.mark.parametrize("words", WRONG)
def test_wrong_arguments(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One message, no traceback, a status that is not 0."""
    monkeypatch.setenv("DNNLIB_DATA", str(tmp_path))
    monkeypatch.setattr("dnnlib.data.download.Dataset._download", lambda *_: ["no network in tests"])
    if "mnist-10k" in words:
        monkeypatch.setitem(arguments.DATA, "mnist-10k", arguments.DATA["digits"])
    file = tmp_path / "file"
    file.touch()
    status, message = WRONG[words]
    found, out, err = run(capsys, *QUICK, *words.replace("FILE", str(file)).split())
    assert found == status
    assert message in err
    assert "Traceback" not in err + out


@pytest.mark.parametrize("rank", ["0", "1"])
def test_wrong_arguments_under_torchrun(
    rank: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All processes end, and one of them says why."""
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("RANK", rank)
    status, out, err = run(capsys, "--device", "numpy")
    assert (status, out) == (2, "")
    assert ("--device numpy is for one process; with torchrun, take cpu or cuda" in err) == (rank == "0")
    assert bool(err) == (rank == "0")


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "--help")
    assert status == 0
    assert "torchrun --standalone --nproc-per-node 2 -m dnnlib.train" in out


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("mlp-30-20", (64, 30, 20, 10)),
        ("mlp-64", (64, 64, 10)),
        ("mlp-64-30-10", (64, 30, 10)),
        ("mlp-64-10", (64, 10)),
    ],
)
def test_sizes_that_the_data_complete(name: str, sizes: tuple[int, ...]) -> None:
    model, shape = arguments.build(name, np.zeros((1, 64)))
    assert shape == (64,)
    dense = [layer for layer in model.layers if isinstance(layer, dnn.Dense)]
    assert (dense[0].in_features, *(layer.out_features for layer in dense)) == sizes


@pytest.mark.parametrize(("name", "count"), [("lenet", 61706), ("resnet-20", 272186), ("plain-20", 269434)])
def test_networks_for_images(name: str, count: int) -> None:
    model, shape = arguments.build(name, np.zeros((1, 784)))
    assert shape == (1, 28, 28)
    assert len(model.theta) == count
