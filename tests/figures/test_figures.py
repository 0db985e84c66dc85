"""The figures: real alt text, the same bytes every time, and interactive ones that work in both of their forms."""

from __future__ import annotations

import io
import re
from html import unescape

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from dnnlib import figures
from dnnlib.figures.picture import img_tag, png
from dnnlib.surfaces import BOWL
from dnnlib.training import History

ALT = "A straight line that rises from the lower left to the upper right."


def line(slope: float) -> tuple[Figure, str]:
    fig, ax = plt.subplots(figsize=(2, 2))
    ax.plot([0, 1], [0, slope])
    return fig, f'A straight line from the origin with slope "{slope}", rising to the right.'


def test_the_same_figure_gives_the_same_bytes() -> None:
    assert png(line(0.5)[0]) == png(line(0.5)[0])


@pytest.mark.parametrize("width", [2, 4.6, 4.33, 5.675])
@pytest.mark.parametrize("scale", [1, 1.5, 2])
def test_a_picture_is_what_matplotlib_saves(width: float, scale: float) -> None:
    def wide() -> Figure:
        fig, ax = plt.subplots(figsize=(width, 2))
        ax.plot([0, 1, 3])
        return fig

    saved = io.BytesIO()
    wide().savefig(saved, dpi=100 * scale)
    ours = np.asarray(Image.open(io.BytesIO(png(wide(), scale))).convert("RGB"), dtype=int)
    theirs = np.asarray(Image.open(saved).convert("RGB"), dtype=int)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).mean() < 1


def test_show_displays_the_picture_with_its_alt_text(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: dict[str, object] = {}
    monkeypatch.setattr("dnnlib.figures.picture.display", lambda data, **rest: shown.update(data=data, **rest))
    figures.show(line(1)[0], alt=ALT)
    assert shown["metadata"] == {"image/png": {"alt": ALT, "width": 200}}
    assert shown["data"]["text/plain"] == ALT  # type: ignore[index]
    assert not plt.get_fignums(), "the figure must be closed, or the notebook shows it twice"


@pytest.mark.parametrize("alt", ["", "loss curve", "Figure 3: the loss against the epoch"])
def test_a_title_is_not_an_alt_text(alt: str) -> None:
    with pytest.raises(ValueError, match="what the picture shows"):
        figures.show(line(1)[0], alt=alt)


def test_frames_html_is_complete_without_a_kernel() -> None:
    html = figures.Frames(line, values=[0.0, 0.5, 1.0], label="slope <a>", start=1).html()
    images = re.findall(r"<img [^>]*>", html)
    assert ["hidden" in image.split("data-text")[0] for image in images] == [True, False, True]
    assert len({re.search(r'alt="([^"]*)"', image)[1] for image in images}) == 3  # type: ignore[index]
    assert 'min="0" max="2" step="1" value="1" aria-valuetext="slope &lt;a&gt;: 0.5"' in html
    assert '<output aria-live="off">slope &lt;a&gt;: 0.5</output><span role="status"' in html
    assert "slope &quot;0.5&quot;" in html, "quotes in alt texts are escaped"
    assert "http" not in html.replace("base64", ""), "nothing is fetched"


def test_frames_widget_draws_values_between_the_frames() -> None:
    picture, slider, words = figures.Frames(line, values=[0.0, 1.0], label="slope", start=0).widget().children
    slider.value = 0.335
    assert picture.value.count("slope &quot;0.335&quot;") == 2, "in the alt text, and told to screen readers"
    assert words.value == "slope: 0.335"
    assert (slider.min, slider.max) == (0.0, 1.0)


def test_frames_slider_fits_its_values() -> None:
    kinds = {
        "FloatSlider": [0.0, 1.0],
        "IntSlider": [1, 2, 3],
        "SelectionSlider": [1, 10, 100],
    }
    for kind, values in kinds.items():
        slider = figures.Frames(line, values=values, label="slope").widget().children[1]
        assert type(slider).__name__ == kind


def test_frames_move_between_values_of_any_kind() -> None:
    for values in ([(1, 2), (3, 4)], [1, "all"], ["few", "many"]):
        frames = figures.Frames(lambda value: (line(1)[0], f"{ALT} {value}"), values=values, label="value", start=0)
        picture, slider, _ = frames.widget().children
        assert slider.value == values[0]
        slider.value = values[1]
        assert str(values[1]) in unescape(picture.value)


def test_frames_output_has_both_forms() -> None:
    bundle = figures.Frames(line, values=[0.0, 1.0], label="slope")._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain", "application/vnd.jupyter.widget-view+json"}


def test_frames_play_runs_through_the_values() -> None:
    frames = figures.Frames(line, values=[0.0, 0.5, 1.0], label="slope", start=0, play=400)
    assert "},400)" in frames.html()
    assert frames.html().count("<button") == 1
    assert "<button" not in figures.Frames(line, values=[0.0, 1.0], label="slope").html()
    _, player, slider, _ = frames.widget().children
    assert player.interval == 400
    player.value = 1
    assert slider.value == 0.5


def test_frames_needs_something_to_move_between() -> None:
    with pytest.raises(ValueError, match="at least two values"):
        figures.Frames(line, values=[1.0], label="slope")


def test_truth_plane_crosses_what_the_neuron_gets_wrong() -> None:
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    _, ax = plt.subplots()
    figures.truth_plane(ax, corners, np.array([0, 1, 1, 0]), (1, 1), -0.5)
    crosses = next(drawn for drawn in ax.lines if drawn.get_marker() == "x")
    assert crosses.get_xydata().tolist() == [[1, 1]]


def test_confusion_matrix_counts_rows_as_labels() -> None:
    _, counts = figures.confusion_matrix(np.array([1, 1, 7]), np.array([1, 7, 7]))
    assert (counts[1, 1], counts[1, 7], counts[7, 7], counts.sum()) == (1, 1, 1, 3)


def test_learning_curves_draw_every_list() -> None:
    history = History(loss=[2.0, 1.0], accuracy=[0.5, 0.75], val_loss=[2.1, 1.5], val_accuracy=[0.4, 0.6])
    fig = figures.learning_curves({"": history})
    drawn = [list(drawn.get_ydata()) for ax in fig.axes for drawn in ax.lines]
    assert drawn == [history["loss"], history["val_loss"], history["accuracy"], history["val_accuracy"]]


def test_a_path_leaves_the_picture_as_it_is() -> None:
    _, ax = plt.subplots()
    figures.contours(ax, BOWL.loss, BOWL.xlim, BOWL.ylim)
    figures.path(ax, np.array([[1.0, 1.0], [1e300, -1e300]]))
    assert ax.get_xlim() == BOWL.xlim
    assert ax.get_ylim() == BOWL.ylim
    assert all(np.abs(drawn.get_xydata()).max() < 1e3 for drawn in ax.lines)


def test_decision_regions_draw_the_line_between_the_answers() -> None:
    x, y = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 1.0]]), np.array([0, 1, 1])
    _, ax = plt.subplots()
    figures.decision_regions(ax, lambda points: points[:, 0] - 0.5, x, y)
    border = ax.collections[-1].get_paths()[0].vertices
    assert np.allclose(border[:, 0], 0.5)
    assert [len(drawn.get_xdata()) for drawn in ax.lines] == [1, 2]


def test_every_drawing_can_be_rendered() -> None:
    x = np.linspace(0, 1, 64 * 3).reshape(3, 64)
    drawings = [
        figures.biological_and_artificial(),
        figures.network_diagram([["a", "b"], ["c"]], {("a", "c"): "1", ("b", "c"): "2"}, {"c": "b = 0"}, {"c": "0.5"}),
        figures.digit_grid(x, ["1", "2", "3"]),
        figures.output_bars(x[0], np.eye(10)[3], label=5),
    ]
    for fig in drawings:
        assert img_tag(fig, ALT).startswith("<img ")
