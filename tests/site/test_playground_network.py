"""The network playground computes what dnnlib computes, and does what its buttons say, in a browser."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pytest
from browser import Visit, serve_pages, visiting
from checks import accessibility, complaints, outside_requests, overflow
from playwright.sync_api import Browser

import dnnlib as dnn
from dnnlib import initializers
from dnnlib.figures import NetworkPlayground
from dnnlib.figures.playgrounds import network

DEPTHS: list[tuple[int, ...]] = [(), (3,), (4, 2), (5, 3, 4, 2, 3, 2)]
PENALTIES: dict[str, Any] = {"none": dnn.L2, "L1": dnn.L1, "L2": dnn.L2}
OPTIMIZERS = {"SGD": dnn.SGD, "Momentum": partial(dnn.SGD, momentum=0.9), "RMSprop": dnn.RMSprop, "Adam": dnn.Adam}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Network</title><link rel="icon" href="data:,"><style>:root {{ color-scheme: light dark; }}</style>
<main><h1>Network</h1>{}<p style="height: 2000px">The end.</p></main>"""
ELEMENT = "const play = document.querySelector('dnn-network');"


def pages() -> dict[str, str]:
    good = NetworkPlayground(points=40).html()
    diverging = NetworkPlayground("XOR", hidden=(8, 8), activation="Identity", optimizer="SGD", lr=10)
    faulty = good.replace("a * (1 - a)", "a * (1 + a)")
    assert faulty != good
    return {"good": good, "diverging": diverging.html(), "faulty": faulty}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve_pages(tmp_path_factory.mktemp("network"), {k: PAGE.format(html) for k, html in pages().items()}) as url:
        yield url


@pytest.fixture(scope="module")
def untouched(chromium: Browser, address: str) -> Iterator[Visit]:
    """For tests that only compute with what the page defines."""
    with visiting(chromium, f"{address}/good.html") as visit:
        yield visit


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    with visiting(chromium, f"{address}/good.html") as visit:
        yield visit


def model_of(hidden: tuple[int, ...], activation: str) -> dnn.Sequential:
    model = dnn.mlp(2, *hidden, 1, activation=getattr(dnn, activation), dtype="float64")
    model.theta[:] = np.random.default_rng(len(model.theta)).normal(size=len(model.theta))
    return model


def examples() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(12, 2)), rng.integers(0, 2, (12, 1)).astype(float)


def differences(visit: Visit) -> list[str]:
    """What the page computes otherwise than dnnlib: outputs, loss or gradient of each activation, depth and penalty."""
    x, y = examples()
    cases = list(product(network.ACTIVATIONS, DEPTHS, PENALTIES))
    models = [model_of(hidden, activation) for activation, hidden, _ in cases]
    given = [[*case, model.theta.tolist()] for case, model in zip(cases, models, strict=True)]
    answers = visit.page.evaluate(
        """([cases, x, y]) => cases.map(([activation, hidden, penalty, theta]) => {
            const network = new (customElements.get("dnn-network").Network)(hidden, activation, "zeros", Math.random);
            network.theta.set(theta);
            return {
                outputs: network.forward(x).flatMap(({ a }) => [...a]), ...network.evaluate({ x, y }),
                gradient: [...network.gradient({ x, y }, penalty, 0.1)],
            };
        })""",
        [given, x.ravel().tolist(), y.ravel().tolist()],
    )
    found = []
    for (activation, hidden, penalty), model, answer in zip(cases, models, answers, strict=True):
        outputs, a = [], x
        for layer in model.layers:
            a = layer.forward(a)
            if not isinstance(layer, dnn.Dense) or layer is model.layers[-1]:
                outputs.append(a.ravel())
        loss, accuracy = model.loss_and_grad(x, y, dnn.BinaryCrossEntropy()), np.mean((a > 0) == (y == 1))
        PENALTIES[penalty](0.0 if penalty == "none" else 0.1).backward(model)
        expected = {"loss": loss, "accuracy": accuracy, "gradient": model.grad, "outputs": np.concatenate(outputs)}
        found += [
            f"{activation} {hidden} {penalty}: {name}"
            for name, value in expected.items()
            if not np.allclose(answer[name], value, rtol=1e-9, atol=1e-12)
        ]
    return found


def test_it_computes_what_dnnlib_computes(untouched: Visit) -> None:
    assert differences(untouched) == []


def test_a_wrong_derivative_is_found(chromium: Browser, address: str) -> None:
    with visiting(chromium, f"{address}/faulty.html") as visit:
        found = differences(visit)
    assert {difference.split()[0] for difference in found} == {"Sigmoid"}
    assert all(difference.endswith("gradient") for difference in found)


def test_steps_are_those_of_dnnlib(untouched: Visit) -> None:
    x, y = examples()
    batches = [(x[k : k + 4], y[k : k + 4]) for k in (0, 4, 8, 2, 6)]
    for name in network.OPTIMIZERS:
        model, loss, optimizer = model_of((4, 3), "Tanh"), dnn.BinaryCrossEntropy(), OPTIMIZERS[name](lr=0.03)
        start = model.theta.tolist()
        for xb, yb in batches:
            model.loss_and_grad(xb, yb, loss)
            dnn.L2(0.1).backward(model)
            optimizer.step(model.theta, model.grad)
        theta = untouched.page.evaluate(
            """([name, theta, batches]) => {
                const { Network, stepper } = customElements.get("dnn-network"), step = stepper(name);
                const network = new Network([4, 3], "Tanh", "zeros", Math.random);
                network.theta.set(theta);
                for (const [x, y] of batches) step(network.theta, network.gradient({ x, y }, "L2", 0.1), { lr: 0.03 });
                return [...network.theta];
            }""",
            [name, start, [(xb.ravel().tolist(), yb.ravel().tolist()) for xb, yb in batches]],
        )
        np.testing.assert_allclose(theta, model.theta, rtol=1e-9, err_msg=name)


def test_weights_start_as_in_dnnlib(untouched: Visit) -> None:
    for name, shown in network.STARTS.items():
        theta = np.array(
            untouched.page.evaluate(
                f"""start => {{ {ELEMENT} const {{ Network }} = customElements.get("dnn-network");
                    return [...new Network([100, 50], "Tanh", start, play.random).theta]; }}""",
                shown,
            )
        )
        weights, biases = theta[300:5300], theta[5300:5350]
        drawn = initializers.get(name)((50, 100), np.random.default_rng(0))
        assert math.isclose(np.std(weights), np.std(drawn), rel_tol=0.05), name
        assert abs(np.mean(weights)) <= 0.05 * np.std(drawn)
        assert not biases.any()


def test_page_and_python_offer_the_same(untouched: Visit) -> None:
    offered = untouched.page.evaluate("customElements.get('dnn-network').offered")
    assert {name: tuple(names) for name, names in offered.items()} == {
        "activations": network.ACTIVATIONS,
        "starts": tuple(network.STARTS.values()),
        "optimizers": network.OPTIMIZERS,
        "penalties": network.PENALTIES,
    }


def seen(visit: Visit) -> dict[str, Any]:
    """The last losses, the pictures and what is said about them."""
    visit.page.wait_for_timeout(350)  # the spoken line waits until the hand rests
    seen: dict[str, Any] = visit.page.evaluate(f"""() => {{ {ELEMENT}
        const canvases = [...play.shadowRoot.querySelectorAll("canvas")];
        return {{ loss: play.history.at(-1).training.loss, epoch: play.history.length - 1,
            pictures: canvases.map(canvas => canvas.toDataURL()), alts: canvases.map(canvas => canvas.ariaLabel),
            said: play.said.textContent, training: play.frame !== 0 }}; }}""")
    return seen


def trained(visit: Visit, epochs: int = 30) -> None:
    visit.page.wait_for_function(f"() => {{ {ELEMENT} return play.history.length > {epochs}; }}")


def test_training_lowers_the_loss_and_starting_again_undoes_it(visit: Visit) -> None:
    def press(name: str) -> None:
        visit.page.get_by_role("button", name=name).click()

    start = seen(visit)
    assert (start["epoch"], start["training"]) == (0, False)
    press("One epoch")
    assert seen(visit)["epoch"] == 1
    press("Train")
    trained(visit)
    press("Pause")
    after = seen(visit)
    assert after["loss"] < 0.5 * start["loss"]
    assert not after["training"]
    assert after["said"].startswith(f"Epoch {after['epoch']}. Loss: training {after['loss']:.1g}"[:-1])
    for kind in ("pictures", "alts"):
        assert [a == b for a, b in zip(start[kind], after[kind], strict=True)] == [False] * 3, kind
    press("Start again")
    assert seen(visit) == start
    press("Other weights")
    assert seen(visit)["pictures"] != start["pictures"]
    assert outside_requests(visit) + complaints(visit) + overflow(visit) == []


def test_training_rests_where_nobody_sees_it(visit: Visit) -> None:
    train, training = visit.page.get_by_role("button", name="Train"), f"() => {{ {ELEMENT} return play.frame !== 0; }}"
    train.click()
    visit.page.mouse.wheel(0, 5000)
    visit.page.wait_for_function(f"() => !({training})()")
    train.click()
    assert visit.page.evaluate(training)
    visit.page.evaluate("""() => {
        Object.defineProperty(document, "hidden", { value: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    assert not visit.page.evaluate(training)


def test_divergence_is_said(chromium: Browser, address: str) -> None:
    with visiting(chromium, f"{address}/diverging.html") as visit:
        visit.page.get_by_role("button", name="Train").click()
        visit.page.wait_for_function(f"() => {{ {ELEMENT} return play.over(); }}")
        visit.page.get_by_role("button", name="Train").wait_for()
        end = seen(visit)
        assert "diverged. Choose a smaller learning rate" in end["said"]
        assert not end["training"]
        assert complaints(visit) == []


def test_every_control_works_by_keyboard(visit: Visit) -> None:
    names, press = [], visit.page.keyboard.press
    for _ in range(40):
        press("Tab")
        name = visit.page.evaluate(f"""() => {{ {ELEMENT} const focused = play.shadowRoot.activeElement;
            if (!focused) return null;
            if (getComputedStyle(focused).outlineStyle === "none") throw Error("focus cannot be seen");
            return focused.ariaLabel ?? focused.closest("label")?.firstChild.textContent ?? focused.textContent; }}""")
        if name is None:
            break
        names.append(name)
        if name in ("hidden layers", "price λ", "layer 3"):
            press("ArrowRight")
        if name == "penalty":
            press("L")
        if name == "Train":
            press("Enter")
            trained(visit, 3)
            press("Space")
    state = visit.page.evaluate(f"() => {{ {ELEMENT} return play.state; }}")
    controls = visit.page.locator("dnn-network").locator("select, input, button")
    assert len(names) == controls.count() == 17
    assert (state["hidden"], state["penalty"], state["price"]) == ([4, 4, 5], "L1", 0.03)
    assert seen(visit)["epoch"] >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible(chromium: Browser, address: str, theme: str) -> None:
    with visiting(chromium, f"{address}/good.html", theme) as visit:
        assert accessibility(visit) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"data": "stars"}, "data must be one of XOR, circles, moons, spirals; got 'stars'"),
        ({"data": []}, "data must name one set or more"),
        ({"points": 1}, "points must be an integer of at least 2"),
        ({"noise": -1}, "noise must be a finite number of at least 0"),
        ({"hidden": (4, 9)}, r"at most 6 layers, 1 to 8 in each, such as \(4, 4\); got \(4, 9\)"),
        ({"hidden": [1] * 7}, "at most 6 layers"),
        ({"activation": "relu"}, "activation must be one of Identity, Sigmoid"),
        ({"weight_init": "he"}, "weight_init must be one of zeros, normal"),
        ({"optimizer": "Adagrad"}, "optimizer must be one of SGD"),
        ({"lr": 0.02}, "lr must be one of 0.0001, 0.0003, .*, 3, 10; got 0.02"),
        ({"penalty": "L3"}, "penalty must be one of none, L1, L2"),
        ({"price": 0}, "price must be one of 1e-05, .*, 1; got 0"),
    ],
)
def test_options_that_are_not_offered(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"NetworkPlayground: .*{message}"):
        NetworkPlayground(**options)
