"""What a reader without a mouse meets on a page."""

from browser import Visit

# Everything that Tab must stop at, in the page's order, inside playgrounds too. Of a group of radio buttons it is one.
STOPS = """
    const KINDS = 'a[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable]';
    const deep = root => [...root.querySelectorAll('*')].flatMap(e => e.shadowRoot ? [e, ...deep(e.shadowRoot)] : [e]);
    const waits = e => e.type === 'radio' && !e.checked &&
        [...e.getRootNode().querySelectorAll('input:checked')].some(other => other.name === e.name);
    const stops = () => deep(document).filter(e => e.matches(KINDS) && e.tabIndex >= 0 && !e.disabled && !waits(e)
        && !e.closest('[inert]') && e.checkVisibility({visibilityProperty: true}));
    const shown = e => e.outerHTML.replace(/\\s+/g, ' ').slice(0, 120);
    const focused = () => {
        let e = document.activeElement;
        while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
        return e;
    };
"""
STILL = "*, ::before, ::after { scroll-behavior: auto !important; transition: none !important }"


def unreachable(visit: Visit) -> list[str]:
    """What cannot be used without a mouse.

    That is: things to click that take no focus, an order of focus other than the page's, and things that take the
    focus where nobody sees it: outside the window, under something else, or without a ring around them.
    """
    visit.page.keyboard.press("Tab")  # the browser draws the rings from now on
    return visit.page.evaluate(f"""() => {{
        {STOPS}
        const still = document.head.appendChild(document.createElement('style'));
        still.textContent = '{STILL}';
        const pointed = e => e && getComputedStyle(e).cursor === 'pointer';
        const problems = deep(document).filter(e => !e.closest('mjx-container')).flatMap(e => {{
            if (e.tabIndex > 0) return [`goes before what stands before it: ${{shown(e)}}`];
            const clickable = e.matches('[role=button], [role=link]') || e.onclick ||
                pointed(e) && !pointed(e.parentElement);
            return clickable && e.checkVisibility() && !e.closest(`${{KINDS}}, label`) && !e.querySelector(KINDS)
                ? [`can be clicked, and not focused: ${{shown(e)}}`] : [];
        }});
        focused()?.blur();
        const ring = e => ['', '::after'].map(part => {{
            const style = getComputedStyle(e, part);
            const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
            return [outline && style.outlineColor, style.boxShadow];
        }}).join();
        const places = stops(), plain = places.map(ring);
        places.forEach((e, i) => {{
            e.focus();
            // A link over two lines has two boxes, and nothing of it may be in the middle between them.
            const {{top, bottom, left, right}} = e.getClientRects()[0] ?? e.getBoundingClientRect();
            const middle = (a, b, size) => (Math.max(a, 0) + Math.min(b, size)) / 2;
            const over = e.getRootNode().elementFromPoint(
                middle(left, right, innerWidth), middle(top, bottom, innerHeight));
            if (focused() !== e) problems.push(`takes no focus: ${{shown(e)}}`);
            else if (bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth)
                problems.push(`takes the focus outside the window: ${{shown(e)}}`);
            else if (!over || !(e.contains(over) || over.contains(e)))
                problems.push(`takes the focus under something else: ${{shown(e)}}`);
            else if (ring(e) === plain[i]) problems.push(`takes the focus without a ring: ${{shown(e)}}`);
        }});
        focused()?.blur();
        still.remove();
        scrollTo(0, 0);
        return problems;
    }}""")


def out_of_step(visit: Visit) -> list[str]:
    """Where pressing Tab from the top goes another way than from each thing to the next, down to the last one."""
    page = visit.page
    count = page.evaluate(f"""() => {{
        {STOPS}
        focused()?.blur();
        window.walk = [];
        window.places = stops();
        // What moves the focus inside a playground is not heard outside it.
        for (const root of [document, ...deep(document).flatMap(e => e.shadowRoot ?? [])])
            root.addEventListener('focusin', () => window.walk.push(focused()));
        return window.places.length;
    }}""")
    for _ in range(count + 5):
        page.keyboard.down("Tab")  # held: a press would cost a second message
    page.keyboard.up("Tab")
    return page.evaluate(f"""() => {{
        {STOPS}
        const places = new Set(window.places), walk = window.walk, met = new Set();
        // A region that scrolls is one more place to stop. The contents on the right open and close on the way.
        const more = e => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight || e.closest('.bd-toc');
        const strange = walk.filter(e => !places.has(e) && !more(e)).map(e => `a stop at ${{shown(e)}}`);
        const order = walk.filter(e => places.has(e) && !met.has(e) && met.add(e));
        const missed = window.places.filter(e => !met.has(e) && e.checkVisibility())
            .map(e => `never reached: ${{shown(e)}}`);
        const expected = window.places.filter(e => met.has(e));
        const jumps = order.filter((e, i) => e !== expected[i]).map(e => `out of order: ${{shown(e)}}`);
        return [...strange, ...missed, ...jumps.slice(0, 1)];
    }}""")
