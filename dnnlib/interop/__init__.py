"""Networks go to torch and come from it, and leave for wherever ONNX runs. Lecture C11.

    net = dnn.interop.to_torch(model)                    # a torch.nn.Sequential that computes the same
    model = dnn.interop.from_torch(net)                  # and back
    dnn.interop.load_state_dict(model, net.state_dict())
    dnn.interop.to_onnx(model, "digits.onnx")            # pip install "dnnlib[onnx]"

Importing this imports neither torch nor onnx.
"""

from dnnlib.interop.convert import from_torch, to_torch
from dnnlib.interop.onnx_file import to_onnx
from dnnlib.interop.state import load_state_dict, state_dict

__all__ = ["from_torch", "load_state_dict", "state_dict", "to_onnx", "to_torch"]
