"""The book's figures: one style, real alt text on every picture, and interactive ones that need no kernel.

from dnnlib import figures
figures.use_style()                       # once, with the imports
fig, ax = plt.subplots()
...
figures.show(fig, alt="Loss against epoch: both curves fall, the validation curve levels off after epoch 8.")
"""

from dnnlib.figures.digits import confusion_matrix, digit_grid, learning_curves, output_bars
from dnnlib.figures.interactive import Frames
from dnnlib.figures.neurons import (
    biological_and_artificial,
    corners,
    half_planes,
    network_diagram,
    thinned_network,
    truth_plane,
)
from dnnlib.figures.picture import show
from dnnlib.figures.planes import contours, decision_regions, path, two_classes
from dnnlib.figures.playgrounds import DescentPlayground, DigitPlayground, NetworkPlayground
from dnnlib.figures.recipe import recipe_chart
from dnnlib.figures.style import COLORS, use_style

__all__ = [
    "COLORS",
    "DescentPlayground",
    "DigitPlayground",
    "Frames",
    "NetworkPlayground",
    "biological_and_artificial",
    "confusion_matrix",
    "contours",
    "corners",
    "decision_regions",
    "digit_grid",
    "half_planes",
    "learning_curves",
    "network_diagram",
    "output_bars",
    "path",
    "recipe_chart",
    "show",
    "thinned_network",
    "truth_plane",
    "two_classes",
    "use_style",
]
