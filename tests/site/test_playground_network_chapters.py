"""What chapters 03, 10 and 11 say about their network playgrounds happens in the playgrounds that they have stored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from browser import Visit, serve, visiting
from playwright.sync_api import Browser

CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Each of these chapters' playground, on a page of its own."""
    folder: Path = tmp_path_factory.mktemp("chapters")
    for path in CHAPTERS.glob("*.ipynb"):
        outputs = [o for cell in nbformat.read(path, as_version=4).cells for o in cell.get("outputs", [])]
        stored = [output.get("data", {}).get("text/html", "") for output in outputs]
        for html in (html for html in stored if html.startswith("<dnn-network")):
            page = f'<!doctype html><meta charset="utf-8">{html}'
            (folder / f"{path.stem[:2]}.html").write_text(page, encoding="utf-8")
    with serve(folder) as url:
        yield url


def runs(visit: Visit, epochs: int, seeds: int, **state: Any) -> list[dict[str, Any]]:
    """What the reader of a chapter would find with these settings, from the first weights and the next ones."""
    return visit.page.evaluate(
        """([state, epochs, seeds]) => { const play = document.querySelector('dnn-network'); play.show = () => {};
            return Array.from({ length: seeds }, (_, k) => {
                Object.assign(play.state, state, { seed: k + 1 });
                play.start();
                const lengths = play.network.gradientLengths(play.set.training);
                for (let epoch = 0; epoch < epochs; epoch++) play.epoch();
                return { ...play.history.at(-1).training, lengths, losses: play.history.map(h => h.validation.loss),
                    faded: play.network.theta.filter(w => Math.abs(w) < 0.05).length / play.network.theta.length };
            }); }""",
        [state, epochs, seeds],
    )


def test_chapter_03_says_what_happens(chromium: Browser, address: str) -> None:
    with visiting(chromium, f"{address}/03.html") as visit:

        def right(data: str, hidden: list[int]) -> list[float]:
            return [run["accuracy"] for run in runs(visit, 300, 3, data=data, hidden=hidden)]

        assert [round(run["loss"], 2) for run in runs(visit, 300, 3, data="XOR", hidden=[])] == [0.69] * 3
        assert right("XOR", [1]) == [0.75] * 3
        assert {1.0, 0.75} <= set(right("XOR", [2]))
        assert right("XOR", [4]) == [1.0] * 3
        assert 0.75 < min(right("circles", [2])) <= max(right("circles", [2])) < 0.85
        assert min(right("circles", [3])) >= 0.98
        assert sorted(right("spirals", [4]))[1] >= 0.9
        assert np.median(right("spirals", [8])) > np.median(right("spirals", [4]))


def test_chapter_10_says_what_happens(chromium: Browser, address: str) -> None:
    with visiting(chromium, f"{address}/10.html") as visit:
        (sigmoid,) = runs(visit, 100, 1)
        assert round(sigmoid["loss"], 2) == 0.69
        assert sigmoid["lengths"] == sorted(sigmoid["lengths"])
        assert sigmoid["lengths"][-1] > 1000 * sigmoid["lengths"][0]
        relu = runs(visit, 50, 2, activation="ReLU", start="He")
        assert [run["accuracy"] for run in relu] == [1, 1]
        assert max(relu[0]["lengths"]) < 10 * min(relu[0]["lengths"])
        adam = {"optimizer": "Adam", "rate": 0.01}
        (small,) = runs(visit, 100, 1, activation="ReLU", start="N(0, 0.01²)", **adam)
        assert 1e-13 < min(small["lengths"]) <= max(small["lengths"]) < 1e-11
        assert round(small["loss"], 2) == 0.69
        (rescued,) = runs(visit, 200, 1, activation="Sigmoid", start="Xavier", **adam)
        assert rescued["accuracy"] == 1


def test_chapter_11_says_what_happens(chromium: Browser, address: str) -> None:
    with visiting(chromium, f"{address}/11.html") as visit:
        (plain,), (l2,), (much,), (l1,) = (
            runs(visit, 500, 1, penalty=penalty, price=price)
            for penalty, price in (("none", 0.01), ("L2", 0.01), ("L2", 0.1), ("L1", 0.003))
        )
        assert plain["loss"] < 0.001
        assert 50 < np.argmin(plain["losses"]) < 70
        assert round(min(plain["losses"]), 2) == 0.23
        assert plain["losses"][-1] > 0.8
        assert (l2["loss"] > 0.1, round(l2["losses"][-1], 2)) == (True, 0.24)
        assert (round(much["loss"], 1), round(much["losses"][-1], 1)) == (0.4, 0.4)
        assert l1["faded"] > 0.5 > 0.1 > plain["faded"]
        assert round(l1["losses"][-1], 1) == 0.5
