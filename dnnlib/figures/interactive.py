"""Interactive figures in two forms: an ipywidget where a kernel runs, precomputed frames where none does."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.figure import Figure

from dnnlib.figures.picture import img_tag

# Moves the visible frame; the whole figure lies in one element, so that it works wherever HTML is shown. A screen
# reader says the slider's value at once, and what the new frame shows when the slider rests and nothing plays.
ON_INPUT = (
    "const f=this.closest('figure'),m=[...f.querySelectorAll('img')],e=m[this.value],t=e.dataset.text;"
    "m.forEach(o=>{o.hidden=o!=e});"
    "f.querySelector('output').value=t;this.setAttribute('aria-valuetext',t);clearTimeout(f.rest);"
    "f.rest=setTimeout(()=>{if(!f.timer)f.querySelector('[role=status]').textContent=e.alt},600)"
)
# Starts at the first frame if the last one shows, and stops at the last, or when pressed again.
ON_PLAY = (
    "const b=this,f=b.closest('figure'),s=f.querySelector('input'),"
    "go=v=>{s.value=v;s.dispatchEvent(new Event('input'))},"
    "stop=()=>{clearInterval(f.timer);f.timer=0;b.textContent='Play';go(s.value)};"
    "if(f.timer)return stop();"
    "if(s.value==s.max)go(0);"
    "b.textContent='Pause';f.timer=setInterval(()=>{if(s.value==s.max)return stop();go(+s.value+1)},MILLISECONDS)"
)
UNSEEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap"


def status(text: str = "") -> str:
    """A line that nobody sees and a screen reader speaks when it changes."""
    return f'<span role="status" style="{UNSEEN}">{html.escape(text)}</span>'


class Frames:
    """A picture with a slider.

    `draw(value)` returns a figure and its alt text for any value between the first and the last of `values`. Put the
    object at the end of a notebook cell: a live notebook shows a slider that calls `draw` for every value between;
    the stored notebook and the site show one frame for each of `values`, with no kernel and no script but its own.

    `label` names the quantity that the slider moves, `start` is the position of the first frame shown (the last
    unless given), `text` turns a value into words for the line under the slider (the label and the value).
    `play` adds a button that runs through the frames, each for that many milliseconds: an animation, which never
    starts by itself. Raises ValueError for fewer than two values.
    """

    def __init__(
        self,
        draw: Callable[[Any], tuple[Figure, str]],
        values: Sequence[Any],
        label: str,
        start: int = -1,
        text: Callable[[Any], str] | None = None,
        play: int | None = None,
    ) -> None:
        if len(values) < 2:
            raise ValueError(f"Frames needs at least two values to move between, got {list(values)}")
        self.draw = draw
        self.values = list(values)
        self.label = label
        self.start = start % len(self.values)
        self.play = play
        self.text = text or (lambda value: f"{label}: {value:g}" if isinstance(value, float) else f"{label}: {value}")

    def html(self) -> str:
        """The frames, the slider and the line under it as one HTML figure."""
        frames = []
        for i, value in enumerate(self.values):
            hidden = "" if i == self.start else "hidden "
            frames.append(img_tag(*self.draw(value), f'{hidden}data-text="{html.escape(self.text(value))}"'))
        text = html.escape(self.text(self.values[self.start]))
        on_play = html.escape(ON_PLAY.replace("MILLISECONDS", str(self.play)))
        button = f'<button type="button" onclick="{on_play}">Play</button> ' if self.play else ""
        return (
            f'<figure class="dnn-frames">{"".join(frames)}'
            f'{button}<label>{html.escape(self.label)} <input type="range" min="0" max="{len(frames) - 1}" step="1" '
            f'value="{self.start}" aria-valuetext="{text}" oninput="{html.escape(ON_INPUT)}"></label> '
            f'<output aria-live="off">{text}</output>{status()}</figure>'
        )

    def widget(self) -> Any:
        """The ipywidget: the slider moves continuously and the kernel draws."""
        import ipywidgets

        slider = self._slider(ipywidgets)
        picture, line = ipywidgets.HTML(), ipywidgets.Label()

        def update(_: Any = None) -> None:
            fig, alt = self.draw(slider.value)
            picture.value = img_tag(fig, alt) + status(alt)
            line.value = self.text(slider.value)

        slider.observe(update, "value")
        update()
        return ipywidgets.VBox([picture, *self._player(ipywidgets, slider), slider, line])

    def _player(self, ipywidgets: Any, slider: Any) -> list[Any]:
        """The button that moves the slider through the values, if there is to be one."""
        if not self.play:
            return []
        player = ipywidgets.Play(min=0, max=len(self.values) - 1, value=self.start, interval=self.play)

        def move(change: Any) -> None:
            slider.value = self.values[change["new"]]

        player.observe(move, "value")
        return [player]

    def _slider(self, ipywidgets: Any) -> Any:
        first, last, start = self.values[0], self.values[-1], self.values[self.start]
        options = {"value": start, "description": self.label, "readout": False, "layout": {"width": "95%"}}
        if all(isinstance(value, float) for value in self.values):
            return ipywidgets.FloatSlider(min=first, max=last, step=(last - first) / 200, **options)
        if all(isinstance(value, int) for value in self.values) and self.values == list(range(first, last + 1)):
            return ipywidgets.IntSlider(min=first, max=last, **options)
        return ipywidgets.SelectionSlider(options=[(self.text(value), value) for value in self.values], **options)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = {"text/html": self.html(), "text/plain": f"{self.label}: {len(self.values)} frames"}
        # As ipywidgets 8 would describe it; Colab has ipywidgets 7, whose widgets do not describe themselves.
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget().model_id}
        return bundle | {"application/vnd.jupyter.widget-view+json": view}
