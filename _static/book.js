// Repairs for people who use a keyboard or a screen reader, after MathJax has drawn.
addEventListener("load", async () => {
  const all = (selector) => document.querySelectorAll(selector);
  // The visible text says more than these names and this outdated role.
  all("summary[aria-label]").forEach((summary) => summary.removeAttribute("aria-label"));
  all("[role=doc-biblioentry]").forEach((entry) => entry.setAttribute("role", "listitem"));
  all(".task-list-item-checkbox").forEach((box) => (box.ariaLabel = box.closest("li").textContent.trim()));
  // The theme takes the focus from these buttons when they are pressed; who uses the keyboard needs it there.
  all(".theme-switch-button, .search-button, .primary-toggle, .secondary-toggle").forEach((button) => {
    button.blur = () => {};
  });
  await window.MathJax?.startup?.promise;
  // A table's header that is only a symbol needs a name in letters.
  all("th math").forEach((math) => math.setAttribute("aria-label", math.textContent));
  // An equation that is too wide scrolls, so the keyboard must reach it.
  const reach = () =>
    all('mjx-container[display="true"], div.math').forEach((equation) =>
      equation.scrollWidth > equation.clientWidth
        ? equation.setAttribute("tabindex", "0")
        : equation.removeAttribute("tabindex"),
    );
  reach();
  addEventListener("resize", reach);
});
