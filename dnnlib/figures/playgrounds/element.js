// What the playgrounds share: controls with names, a canvas that is sharp on every screen, a line that is read out.

const INK = "#1f2933", PAPER = "#fcfcfa", GRID = "#d9dee3";
const COLORS = ["#0072b2", "#d55e00", "#00805e", "#a94f83", "#b58900", "#5f6b76"]; // those of the plots
const STYLE = `
  :host { display: block; margin: 1.5rem 0; padding: 1rem; border-radius: 0.5rem;
    border: 1px solid var(--pst-color-border, currentColor); background: var(--pst-color-surface, Canvas);
    color: var(--pst-color-text-base, CanvasText); font: inherit; }
  fieldset { margin: 0 0 0.75rem; padding: 0; border: 0; display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
  legend { padding: 0; font-weight: 600; }
  label { display: inline-flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.5rem; min-height: 1.75rem; }
  label:has(input[type=range]) { flex: 1 1 14rem; }
  input[type=range] { flex: 1 1 8rem; min-width: 6rem; min-height: 1.75rem; accent-color: var(--pst-color-primary, Highlight); }
  select, button { font: inherit; min-height: 1.75rem; padding: 0.15rem 0.6rem; border-radius: 0.25rem;
    border: 1px solid var(--pst-color-primary, currentColor); background: transparent; color: inherit; }
  option { color: #000; background: #fff; }
  input[type=checkbox], input[type=radio] { width: 1.1rem; height: 1.1rem; }
  :focus-visible { outline: 3px solid var(--pst-color-primary, Highlight); outline-offset: 2px; }
  canvas { display: block; max-width: 100%; border-radius: 0.25rem; background: ${PAPER}; }
  .row { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: flex-start; margin-bottom: 0.75rem; }
  .value { min-width: 3.5em; font-variant-numeric: tabular-nums; }
  .say { margin: 0.5rem 0 0; min-height: 1.5em; font-variant-numeric: tabular-nums; }
  @media print { fieldset, button { display: none; } }
`;

// element("label", {className: "x", onclick}, "text", child): an element with properties, attributes (aria-…) and children
const element = (tag, properties = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    name.includes("-") || name === "role" ? made.setAttribute(name, value) : (made[name] = value);
  made.append(...children);
  return made;
};

const short = (number) =>
  Number.isFinite(number) ? String(Number(number.toPrecision(3))).replaceAll("-", "−") : "not finite";

class Playground extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const data = this.querySelector('script[type="application/json"]');
    this.given = data ? JSON.parse(data.textContent) : {};
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.attachShadow({ mode: "open" }).append(element("style", { textContent: STYLE }));
    this.said = element("p", { className: "say", role: "status", "aria-live": "polite" });
    this.build();
    this.shadowRoot.append(this.said);
    this.start();
  }

  disconnectedCallback() {
    cancelAnimationFrame(this.frame);
  }

  // Say something to everybody, and to screen readers once the reader's hand rests.
  say(text) {
    clearTimeout(this.saying);
    if (!this.said.textContent) this.said.textContent = text; // the first is there from the beginning, and not read out
    else this.saying = setTimeout(() => (this.said.textContent = text), 300);
  }

  slider(name, { min, max, step = 1, value, text = short, set }) {
    const shown = element("span", { className: "value" });
    const input = element("input", { type: "range", min, max, step, "aria-label": name });
    const update = () => {
      shown.textContent = text(Number(input.value));
      input.setAttribute("aria-valuetext", shown.textContent);
    };
    input.value = value;
    input.oninput = () => (update(), set(Number(input.value)));
    update();
    return element("label", {}, name, input, shown);
  }

  choice(name, options, value, set) {
    const select = element("select", {}, ...options.map((option) => element("option", { value: option }, option)));
    select.value = value;
    select.onchange = () => set(select.value);
    return element("label", {}, name, select);
  }

  // A canvas of width × height CSS pixels; its context draws in these units.
  canvas(width, height, properties) {
    const made = element("canvas", properties);
    const scale = Math.max(1, Math.min(3, devicePixelRatio));
    made.width = width * scale;
    made.height = height * scale;
    made.style.width = `${width}px`;
    made.style.aspectRatio = `${width} / ${height}`;
    made.getContext("2d").scale(scale, scale);
    return made;
  }
}

const define = (name, kind) => customElements.get(name) ?? customElements.define(name, kind);
