"""How fast a network learns, and why not faster: what its layers must compute and move, and what the machine can do.

    costs = dnn.speed.layer_costs(model, (1, 28, 28), batch_size=64)      # flops and bytes, layer by layer
    timing = dnn.speed.time_steps(model, x, y, loss=..., optimizer=..., batch_size=64, epochs=5)
    peaks = dnn.speed.peaks("cpu", "float32")                             # what this machine reaches at best
    records = dnn.speed.recorded()                                        # what was measured on other machines

A layer with few flops for every byte waits for the memory, one with many for the arithmetic, and a network of small
layers for the program that starts them: together, where the time goes. Importing this imports no torch.
Source: Williams, Waterman & Patterson (2009), the roofline model; lectures B12, E08.
"""

from dnnlib.speed.counts import Cost, layer_costs
from dnnlib.speed.recorded import RecordError, recorded
from dnnlib.speed.timing import Peaks, Timing, machine, peaks, time_steps

__all__ = ["Cost", "Peaks", "RecordError", "Timing", "layer_costs", "machine", "peaks", "recorded", "time_steps"]
