"""Several processes learn what one does, agree on how it ends, and survive what happens to one of them.

The trainings themselves are those of ranks.py, which runs once for all tests here.
"""

import fcntl
import itertools
import json
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import dnnlib as dnn
from dnnlib import distributed, progress
from dnnlib.fingerprint import differences

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks")

SIZES = [2, 4]
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--local-addr", "localhost"]

# As fate has it: rank 1 is killed in the middle of epoch 2, of 13 steps an epoch
KILLED = """
import os, signal, sys
from dnnlib import Sequential, train
learn, calls = Sequential.loss_and_grad, []
def fatal(*arguments):
    calls.append(1)
    if os.environ["RANK"] == "1" and len(calls) == 19:
        os.kill(os.getpid(), signal.SIGKILL)
    return learn(*arguments)
Sequential.loss_and_grad = fatal
sys.exit(train.main())
"""
AS_ONE = ["mlp", "float64", "one left over", "dropout", "options", "transform", "regression", "lenet"]


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What all trainings came to: they run once for all processes that run tests."""
    shared = tmp_path_factory.getbasetemp()
    shared = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "ranks"
    shared.mkdir(exist_ok=True)
    found = shared / "results.pickle"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            command = [sys.executable, "-W", "error", str(Path(__file__).with_name("ranks.py")), str(shared)]
            alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            done = subprocess.run(
                command, env=os.environ | alone, capture_output=True, text=True, check=False, timeout=300
            )
            assert done.returncode == 0, done.stderr
    return pickle.loads(found.read_bytes())


def job(results: dict[str, Any], size: int, case: str) -> list[dict[str, Any]]:
    """What each rank came to."""
    ranks = results["jobs"][size]
    assert [status for status, _ in ranks] == [0] * size, ranks
    return [result[case] for _, result in ranks]


def assert_close(a: dict[str, Any], b: dict[str, Any], tolerance: float) -> None:
    """Same end, same history, and θ and the state but for rounding."""
    assert a["stopped"] == b["stopped"]
    assert a["rng"] == b["rng"]
    assert a["history"].keys() == b["history"].keys()
    for name, values in a["history"].items():
        np.testing.assert_allclose(values, b["history"][name], atol=tolerance, rtol=10 * tolerance, err_msg=name)
    for name in ("theta", "state"):
        np.testing.assert_allclose(a[name], b[name], atol=tolerance, rtol=0, err_msg=name)


@pytest.mark.parametrize(("case", "size"), [*itertools.product(AS_ONE, SIZES), ("compiled", 2)])
def test_as_one_process(results: dict[str, Any], case: str, size: int) -> None:
    """Whatever the options: the joined batch, the same draws, and nothing but rounding between the two."""
    ranks, alone = job(results, size, case), results["alone"][case]
    assert_close(ranks[0], alone, 1e-9 if case == "float64" else 1e-5)
    for other in ranks[1:]:
        assert (other["theta"] == ranks[0]["theta"]).all()
        assert other["history"] == ranks[0]["history"]
        assert (other["rng"], other["stopped"]) == (ranks[0]["rng"], ranks[0]["stopped"])


def test_what_the_cases_hold(results: dict[str, Any]) -> None:
    """They are not easier than they look: 54 steps, early stopping that stops, an order of examples that was drawn."""
    alone = results["alone"]
    assert len(alone["mlp"]["history"]["loss"]) * 6 > 50
    assert "early stopping after epoch" in alone["options"]["stopped"]
    assert 2 < len(alone["options"]["history"]["loss"]) < 60
    others = [alone[name]["theta"] for name in ("dropout", "compiled")]
    assert all(len(other) > 0 and not np.array_equal(other[:100], alone["mlp"]["theta"][:100]) for other in others)


@pytest.mark.parametrize("size", SIZES)
def test_batchnorm_sees_its_share(results: dict[str, Any], size: int) -> None:
    """Each process normalizes its own rows, as torch's DistributedDataParallel; running statistics are averaged.

    So the result is that of the shares, which `by_shares` computes in one process, and not that of the whole batch.
    """
    ranks, shares = job(results, size, "batchnorm"), results["by shares"][size]
    for rank in ranks:
        np.testing.assert_allclose(rank["theta"], shares["theta"], atol=1e-9)
        np.testing.assert_allclose(rank["state"], shares["state"], atol=1e-9)
        np.testing.assert_allclose(rank["history"]["val_loss"], shares["val_loss"], atol=1e-9)
    assert np.abs(ranks[0]["theta"] - results["alone"]["batchnorm"]["theta"]).max() > 1e-3


EXPECTED = {
    "data": ("DistributedError", ["x: float32 (171, 64), SHA-256 ", "on rank 1; y: int64", "load the same files"]),
    "options": ("DistributedError", ["batch_size: 30 on rank 0, 31 on rank 1", "epochs: 9 on rank 0, 8 on rank 1"]),
    "callbacks": ("DistributedError", ["callbacks: [] on rank 0, ['GradientNorms'] on rank 1"]),
    "numpy": ("DistributedError", ["this network is on NumPy", 'model.to("cpu")']),
    "small": ("DistributedError", ["batch_size=1 is the batch of all", "there are 2"]),
    "θ": ("DistributedError", ["θ on rank 1 not as on rank 0", "Look for a callback"]),
    "generator": ("DistributedError", ["network any more: generator (model.rng) on rank 1 not"]),
    "folder": ("FileNotFoundError", ["there is no folder"]),
    "divergence": ("DivergenceError", ["the loss became", "in epoch 1, one of its 6 steps"]),
}


@pytest.mark.parametrize("mistake", EXPECTED)
def test_mistakes(results: dict[str, Any], mistake: str) -> None:
    """All processes raise the same error, which says what is wrong and where, and none waits for another."""
    kind, words = EXPECTED[mistake]
    for found, message in [one[mistake] for one in job(results, 2, "mistakes")]:
        assert found == kind
        for word in words:
            assert word in message


def test_an_error_that_cannot_travel(results: dict[str, Any]) -> None:
    first, second = (one["odd"] for one in job(results, 2, "mistakes"))
    assert first == ("Odd", "disk full")
    assert second == ("RuntimeError", "Odd: disk full")


@pytest.mark.parametrize("size", SIZES)
def test_one_wish_stops_all(results: dict[str, Any], size: int) -> None:
    """A callback or Ctrl-C on one rank, in epoch 2: all end after it."""
    for one in job(results, size, "mistakes"):
        assert one["stop"] == "rank 1 has seen enough"
        assert one["interrupt"] == "interrupted before epoch 3"


@pytest.mark.parametrize("moment", ["in an epoch", "in evaluation", "in a write"])
def test_killed(results: dict[str, Any], moment: str) -> None:
    """The others end with words. Run again, all goes on: to the last bit, or but for rounding with another number."""
    found = results["kills"][moment]
    (status, message), killed = sorted(found["killed"], key=lambda outcome: outcome[0] != 1)
    assert killed == (-signal.SIGKILL, None)
    assert status == 1
    assert "of 2: another process of this training is gone (" in message
    assert "The job ends. Start the same command again: it goes on after epoch 1, from " in message
    whole = results["whole"][0][1]
    for size, ranks in found["resumed"].items():
        assert [status for status, _ in ranks] == [0] * size
        for _, rank in ranks:
            assert_close(rank, whole, 1e-5)
            assert size != 2 or rank["theta"].tobytes() == whole["theta"].tobytes()
    assert len(found["files"]) == 1, "what was half written is removed"


def test_only_the_first_writes(results: dict[str, Any]) -> None:
    assert [rank["writes"] for _, rank in results["whole"]] == [4, 0]
    assert [rank["writes"] for _, rank in results["kills"]["in an epoch"]["resumed"][4]] == [3, 0, 0, 0]
    assert_close(results["alone"]["checkpoint"], results["whole"][0][1], 1e-5)


def group(rank: int, size: int) -> distributed.Group:
    """A group's arithmetic, without the group."""
    made = distributed.Alone()
    made.rank, made.size = rank, size
    return made


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("examples", [1, 2, 3, 5, 21, 100])
def test_shares(size: int, examples: int) -> None:
    """Every row once, by almost equal shares; who has none takes the first row, and it weighs nothing."""
    ranks = [group(rank, size) for rank in range(size)]
    own = [(one.share(examples), one.weight(examples)) for one in ranks]
    rows = [row for share, weight in own if weight for row in range(share.start, share.stop)]
    assert rows == list(range(examples))
    lengths = [share.stop - share.start if weight else 0 for share, weight in own]
    assert max(lengths) - min(lengths) <= 1
    assert [weight for _, weight in own] == [length / examples for length in lengths]
    assert all(share == slice(0, 1) for share, weight in own if not weight)


@pytest.mark.parametrize("rank", [0, 1])
def test_the_first_shows_progress(monkeypatch: pytest.MonkeyPatch, rank: int) -> None:
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    monkeypatch.setattr(progress, "_in_kernel", lambda: True)
    run: Any = SimpleNamespace(epoch=0, epochs=3, group=group(rank, 2))
    with progress.progress_bar(run, show=True) as bar:
        assert bar.disable == (rank == 1)


def test_without_torchrun(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    x, y = dnn.data.digits()
    options: dict[str, Any] = {"loss": dnn.SoftmaxCrossEntropy(), "optimizer": dnn.SGD(), "distributed": True}
    with pytest.raises(distributed.DistributedError, match=r"torchrun --standalone --nproc-per-node 2 program\.py"):
        dnn.mlp(64, 10, device="cpu").fit(x, y, **options)
    with pytest.raises(distributed.DistributedError, match=r"model\.to\(\"cpu\"\)"):
        dnn.mlp(64, 10).fit(x, y, **options)


def test_two_ranks_on_one_gpu() -> None:
    distributed.check_places(["a", "b", "c"])
    with pytest.raises(distributed.DistributedError, match=r"ranks 1, 3 are on the same GPU.*LOCAL_RANK"):
        distributed.check_places(["a", "b", "c", "b"])


def test_differences() -> None:
    one, other = {"x": "1", "y": "2"}, {"x": "1", "y": "3", "z": "4"}
    assert differences([one, dict(one)]) == {}
    assert differences([one, other, one]) == {"y": {"2": "0, 2", "3": "1"}, "z": {"nothing": "0, 2", "4": "1"}}


def test_killed_under_torchrun(tmp_path: Path, results: dict[str, Any]) -> None:
    """One of two processes is killed. The command says how to go on, and so it does, to the last bit."""
    whole = results["command"]
    assert whole["statuses"] == [0, 0]
    program, folder = tmp_path / "killed.py", tmp_path / "run"
    program.write_text(KILLED)
    command = [*whole["command"], str(folder)]

    def start(*what: str) -> subprocess.CompletedProcess[str]:
        words = [*TORCHRUN, "--nproc-per-node", "2", *what, *command]
        return subprocess.run(words, capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path)

    killed = start(str(program))
    assert killed.returncode != 0
    assert "dnnlib.train: rank 0 of 2: " in killed.stderr
    assert f"it goes on after epoch 1, from {folder / 'checkpoint.safetensors'} (with --resume)" in killed.stderr
    assert "exitcode  : -9" in killed.stderr.partition("Root Cause")[2]
    assert killed.stdout.count("training") == 1, "one process of the two writes to the terminal"
    assert os.listdir(folder) == ["checkpoint.safetensors"]
    command.append("--resume")
    resumed = start("-m", "dnnlib.train")
    assert resumed.returncode == 0, resumed.stderr
    assert "goes on after epoch 1" in resumed.stdout
    assert sorted(os.listdir(folder)) == whole["files"]
    theta = dnn.load(folder / "model.safetensors").theta
    assert theta.tobytes() == whole["theta"].tobytes()
    assert json.loads((folder / "history.json").read_text())["result"]["processes"] == 2
