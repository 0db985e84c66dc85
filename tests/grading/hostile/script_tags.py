"""cell half_plane: puts scripts into text, errors, pictures, displays, names, and the message of a visible test."""
# sign: <script>alert("text")</script>

from IPython.display import HTML, SVG, Javascript, Markdown, display

print('<script>alert("text")</script></pre></div><img src=x onerror=alert(1)>')
print("\x1b]8;;javascript:alert(1)\x07link\x1b]8;;\x07 \x1b[31m<script>alert(2)</script>")
display(HTML("<script>alert('html')</script>"), Javascript("alert('javascript')"))
display(SVG('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(3)"></svg>'), Markdown("<script>alert(4)</script>"))
display({"text/plain": "<script>alert(5)</script>", "text/latex": "$<script>alert(6)</script>$"}, raw=True)


def half_plane(p, q, inside):
    raise ValueError("</pre><script>alert('message')</script>\x1b[2J")


half_plane.__name__ = "<script>alert('name')</script>"
half_plane(0, 0, 0)
