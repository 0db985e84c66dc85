"""What every page of the site must satisfy.

A check takes a visited page and returns its problems as strings: none when all is well. They are plain functions so
that `test_site_gates.py` can show each of them a page with the defect that it must find.
"""

import re
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from browser import HEIGHT, NARROW, WIDE, Visit, chromium, serve, visiting
from keyboard import unreachable
from pictures import poor_alt_text
from playwright.sync_api import Locator

__all__ = ["CHECKS", "Visit", "accessibility", "chromium", "serve", "visiting"]

# A chapter's code has thousands of coloured words in a handful of colours, and axe would measure the contrast of each.
# Of those that look alike on one ground three stay (axe may be unable to measure one), and the others become plain text
# of the element around them. axe does not measure single characters.
FEW_WORDS_OF_A_LOOK = """() => {
    const ground = element => {
        for (; element; element = element.parentElement) {
            const colour = getComputedStyle(element).backgroundColor;
            if (!/^rgba.*, 0\\)$/.test(colour)) return colour;
        }
    };
    const count = {};
    const repeated = [...document.querySelectorAll('pre span[class]:not([id])')].filter(span => {
        if (span.childElementCount) return false;
        if (span.textContent.trim().length < 2) return true;
        const style = getComputedStyle(span);
        const look = [style.color, style.opacity, style.fontSize, style.fontWeight, ground(span)].join();
        return (count[look] = (count[look] ?? 0) + 1) > 3;
    });
    repeated.forEach(span => span.replaceWith(...span.childNodes));
}"""


def accessibility(visit: Visit) -> list[str]:
    """axe-core's violations, with every folded answer open and no fading in the middle."""
    visit.page.evaluate("""() => {
        document.querySelectorAll('details').forEach(details => details.open = true);
        document.getAnimations().forEach(animation => animation.cancel());
    }""")
    visit.page.evaluate(FEW_WORDS_OF_A_LOOK)
    # axe's preloading of style sheets asks for their imports at wrong addresses, and no rule here needs it.
    options = {
        "preload": False,
        "resultTypes": ["violations"],
        "rules": {"label-content-name-mismatch": {"enabled": True}},
    }
    results = Axe().run(visit.page, options=options)
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]


def unrendered_mathematics(visit: Visit) -> list[str]:
    """Mathematics not drawn, drawn as an error or without MathML for screen readers, and TeX left in the text."""
    return visit.page.evaluate(r"""() => {
        const wrong = [...document.querySelectorAll('.math')]
            .filter(e => !e.querySelector('mjx-container math') || e.querySelector('mjx-merror'))
            .map(e => e.textContent.trim());
        const article = document.querySelector('article') ?? document.body;
        const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const node = texts.currentNode;
            if (node.parentElement.closest('pre, code, script, style, .math')) continue;
            if (/\$\$|\\[([]|\\[a-z]{2,}|\$[^\s$][^$]*\$/.test(node.data)) wrong.push(node.data.trim());
        }
        return wrong;
    }""")


def _shown(figure: Locator) -> tuple[list[int], str, str]:
    """The indices of the frames that can be seen, what the figure's output says, and what a screen reader was told."""
    frames, text, told = figure.evaluate("""figure => [
        [...figure.querySelectorAll('img')].flatMap((img, i) => img.checkVisibility() ? [i] : []),
        figure.querySelector('output').textContent,
        figure.querySelector('[role=status]')?.textContent ?? '']""")
    return frames, text, told


def still_figures(visit: Visit) -> list[str]:
    """Interactive figures that do not show another frame, and say so in words, at each key press."""
    problems = []
    figures = visit.page.locator("figure.dnn-frames").all()
    if figures:
        visit.page.clock.install()
    for number, figure in enumerate(figures, 1):
        name = f"interactive figure {number}"
        alts = [img.get_attribute("alt") or "" for img in figure.locator("img").all()]
        slider = figure.locator("input[type=range]")
        if len(alts) < 2 or slider.count() != 1 or figure.locator("output").count() != 1:
            problems.append(f"{name}: needs two frames or more, one range input and one output")
            continue
        if len(set(alts)) < len(alts):
            problems.append(f"{name}: two frames have the same alt text")
        slider.focus()
        visit.page.keyboard.press("Home")
        shown = [_shown(figure)]
        for _ in alts[1:]:
            visit.page.keyboard.press("ArrowRight")
            shown.append(_shown(figure))
        if [frames for frames, _, _ in shown] != [[i] for i in range(len(alts))]:
            problems.append(f"{name}: the keys show the frames {[frames for frames, _, _ in shown]}")
        if any(before[1] == after[1] for before, after in pairwise(shown)):
            problems.append(f"{name}: its output stays the same: {[text for _, text, _ in shown]}")
        visit.page.clock.run_for(2000)
        if alts[-1] not in (told := _shown(figure)[2]):
            problems.append(f"{name}: shows its last frame, and tells a screen reader {told!r}")
        if (button := figure.locator("button")).count() and (problem := _does_not_play(visit, figure, button)):
            problems.append(f"{name}: {problem}")
    return problems


def _does_not_play(visit: Visit, figure: Locator, button: Locator) -> str:
    """What is wrong with a button that should run through the frames, from the first if the last one shows.

    A screen reader is told what shows when the frames stand still, and nothing while they run.
    """
    told = _shown(figure)[2]
    button.click()
    first = _shown(figure)[0]
    visit.page.clock.run_for(5000)
    moved, _, meanwhile = _shown(figure)
    if button.text_content() == "Pause":
        if meanwhile != told:
            return f"a screen reader is interrupted while it plays: {meanwhile!r}"
        button.click()
    stopped = _shown(figure)[0]
    visit.page.clock.run_for(5000)
    last, _, told = _shown(figure)
    if not (first == [0] != moved and last == stopped and button.text_content() == "Play"):
        return f"its button starts at {first}, goes to {moved}, and stopped at {stopped} shows {last}"
    if figure.locator("img").nth(last[0]).get_attribute("alt") not in told:
        return f"stopped, it tells a screen reader {told!r}"
    return ""


def overflow(visit: Visit) -> list[str]:
    """What makes the page scroll sideways on a narrow screen, and equations that are wider than it."""
    visit.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    problems = visit.page.evaluate("""() => {
        const width = document.documentElement.clientWidth;
        const equations = [...document.querySelectorAll('mjx-container[display]')]
            .filter(e => e.scrollWidth > e.clientWidth + 2)
            .map(e => `an equation of ${e.scrollWidth} px in ${e.clientWidth}: ${e.textContent.slice(0, 80)}`);
        if (document.documentElement.scrollWidth <= width) return equations;
        return [...document.querySelectorAll('main *')]
            .filter(e => e.getBoundingClientRect().right > width + 1)
            .slice(0, 5).map(e => `wider than ${width} px: ${e.outerHTML.slice(0, 150)}`)
            .concat(`the page is ${document.documentElement.scrollWidth} px wide`, equations);
    }""")
    visit.page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    return problems


def stretched_images(visit: Visit) -> list[str]:
    """Images whose sides are, on a narrow screen, in another proportion than in their file."""
    visit.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    problems = visit.page.evaluate("""() => [...document.images]
        .filter(img => img.naturalWidth > 1 && img.checkVisibility() && !img.src.endsWith('.svg'))
        .filter(img => {
            const style = getComputedStyle(img), pixels = name => parseFloat(style[name]);
            const padding = border => (style.boxSizing === 'border-box' ? pixels(border) : 0);
            const width = pixels('width') - padding('paddingLeft') - padding('paddingRight');
            const height = pixels('height') - padding('paddingTop') - padding('paddingBottom');
            return Math.abs(width / height / (img.naturalWidth / img.naturalHeight) - 1) > 0.03;
        })
        .map(img => `${img.alt.slice(0, 60)}: ${img.width} x ${img.height}, ` +
            `in the file ${img.naturalWidth} x ${img.naturalHeight}`)""")
    visit.page.set_viewport_size({"width": WIDE, "height": HEIGHT})
    return problems


def outside_requests(visit: Visit) -> list[str]:
    """What the page asks of other hosts, or announces that it will."""
    announced = visit.page.evaluate("""() => [
        ...[...document.querySelectorAll('[src]')].map(e => e.src),
        ...[...document.querySelectorAll('link[href]:not([rel=canonical])')].map(e => e.href)]""")
    here = urlsplit(visit.page.url).netloc
    hosts = {url: urlsplit(url) for url in [*visit.requests, *announced] if url}
    return [url for url, parts in hosts.items() if parts.scheme not in ("data", "blob") and parts.netloc != here]


def complaints(visit: Visit) -> list[str]:
    """Errors of scripts and on the console, failed requests and answers of 400 and above."""
    return visit.complaints


# The last two listen: what the others do to the page is heard as well.
CHECKS: list[Callable[[Visit], list[str]]] = [
    accessibility,
    unrendered_mathematics,
    still_figures,
    poor_alt_text,
    unreachable,
    overflow,
    stretched_images,
    outside_requests,
    complaints,
]


def wrong_launch_links(html: str, notebook: str | None, repository: dict[str, str]) -> list[str]:
    """Launch links of a page that do not open its notebook in the course's repository, at each of the two services."""
    found = set(re.findall(r'href="(https://(?:colab\.|mybinder\.)[^"]*)"', html))
    expected = set()
    if notebook:
        address, branch = urlsplit(repository["url"]).path, repository["branch"]
        expected = {
            f"https://colab.research.google.com/github{address}/blob/{branch}/{notebook}",
            f"https://mybinder.org/v2/gh{address}/{branch}?urlpath=lab/tree/{notebook}",
        }
    return [f"{'missing' if link in expected else 'unexpected'}: {link}" for link in sorted(found ^ expected)]


def stray_addresses(text: str, repository: dict[str, str]) -> list[str]:
    """Addresses of the course's repository in a text that are not the one in `_config.yml`.

    An address is the course's when a launch link or a pip command names it, when it has the repository's name, or when
    its owner is the placeholder that the course is published with.
    """
    address = re.compile(
        r"(?P<use>google\.com/github/|mybinder\.org/v2/gh/|git\+https://github\.com/|github\.com[/:])"
        r"(?P<owner>[\w-]+)/(?P<name>[\w-]+)"
    )
    owner, name = urlsplit(repository["url"]).path.strip("/").split("/")
    return [
        match[0]
        for match in address.finditer(text)
        if (match["owner"], match["name"]) != (owner, name)
        and (not match["use"].startswith("github") or match["name"] == name or match["owner"] == "your-organisation")
    ]
