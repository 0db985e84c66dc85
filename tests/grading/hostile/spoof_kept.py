"""cell half_plane: answers the order for its functions in advance, with numbers of functions that do not exist."""
# sign: NameError
# loses: everything

import gc
import json
import struct

for channel in [thing for thing in gc.get_objects() if type(thing).__name__ == "Channel"]:
    for _ in range(40):
        body = json.dumps({"outputs": [], "kept": {"half_plane": {"f": [10**9, "half_plane"]}}}).encode()
        channel.sock.sendall(struct.pack(">Q", len(body)) + body)
