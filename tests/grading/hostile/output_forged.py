"""cell mistake_bound: sends outputs of its own make: other types, wrong values, much too many, endless pictures."""
# sign: 7

import gc

(runner,) = [thing for thing in gc.get_objects() if isinstance(thing, type) and thing.__name__ == "Runner"]
bad = [None, 7, "text", [], {}, {"output_type": 3}, {"output_type": "stream", "text": {"a": [1]}}]
bad += [{"output_type": "stream", "name": ["stdout"], "text": 7}]
bad += [{"output_type": "error", "ename": 5, "evalue": None, "traceback": {"x": 1}}]
bad += [{"output_type": "display_data", "data": {"image/png": {"x": 1}, "text/html": "<script>alert(1)</script>"}}]
bad += [{"output_type": "display_data", "data": {"image/png": 'iVBORw0KGgo="><script>alert(1)</script>'}}]
bad += [{"output_type": "update_display_data", "data": {"text/plain": "<script>alert(1)</script>"}}]
bad += [{"output_type": "execute_result", "data": {"text/plain": 7, "image/svg+xml": "<svg onload=alert(1)>"}}]
runner.cell = lambda self, source: {"outputs": bad}
