// The descent playground of chapters 06 and 08: every optimizer of the course on four surfaces.

const LONGEST = 200; // steps
const LAST_RATE = 380; // of the rates of two digits: 0.001, 0.0011, …, 0.01, 0.011, …, 30
const rateAt = (i) => Number(`${10 + (i % 90)}e${Math.floor(i / 90) - 4}`);
const rateIndex = (rate) => Array.from({ length: LAST_RATE + 1 }, (_, i) => i).find((i) => rateAt(i) >= rate);
const MOMENTUM = { Momentum: "momentum", Nesterov: "momentum", Adam: "beta1", AdamW: "beta1", NAdam: "beta1" };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const SLIDERS = `
  .sliders { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
    gap: 0.25rem 1.5rem; margin: 0.75rem 0; }
  .sliders > div { display: contents; }
  .sliders label { flex-wrap: nowrap; }
  .sliders input { flex: 1 1 3rem; min-width: 3rem; }
`;
const WHOLE = 1800; // milliseconds of a played path

class Descent extends Playground {
  static surfaces = SURFACES;
  static path = descentPath;

  build() {
    const names = Object.keys(OPTIMIZERS), { rate, chosen } = this.given;
    this.state = { ...this.given, rates: Object.fromEntries(names.map((name) => [name, rate])) };
    this.width = clamp(280, this.clientWidth - 34 || 640, 720);
    this.height = Math.round(this.width * 0.64);
    this.picture = this.canvas(this.width, this.height, { role: "img" });
    this.landscape = new Landscape(this.picture, this.width, this.height);
    this.curves = this.canvas(this.width, 180, { role: "img", style: "margin-top: 0.5rem" });
    this.starts = element("div");
    this.rates = element("div");
    this.said.style.whiteSpace = "pre-line"; // a line for each optimizer
    const change = (name) => (value) => ((this.state[name] = value), this.start());
    const steps = this.slider("steps", { min: 1, max: LONGEST, value: this.state.steps, set: change("steps") });
    this.momentum = this.slider("momentum μ, β₁", {
      min: 0, max: 0.99, step: 0.01, value: this.state.momentum, set: change("momentum"),
    });
    const play = element("button", { type: "button", textContent: "Play the steps", onclick: () => this.play() });
    const simple = chosen.length === 1 && chosen[0] === "SGD", boxes = this.boxes(names);
    const more = element("details", {}, element("summary", {}, "Other optimizers: chapter 08"));
    if (simple) more.append(boxes, this.momentum);
    this.shadowRoot.append(
      element("style", { textContent: SLIDERS }),
      element("div", { className: "row" }, this.surfaceChoice(), play),
      ...(simple ? [] : [boxes]), this.map(), this.curves,
      element("div", { className: "sliders" }, this.rates, ...(simple ? [] : [this.momentum]), steps, this.starts),
      ...(simple ? [more] : []),
    );
    this.newRates();
    this.newSurface();
  }

  surfaceChoice() {
    const text = ([name, { formula }]) => (formula ? `${name}: ${formula}` : name);
    const names = new Map(Object.entries(SURFACES).map((surface) => [text(surface), surface[0]]));
    const texts = [...names.keys()], shown = texts.find((found) => names.get(found) === this.state.surface);
    return this.choice("surface", texts, shown, (chosen) => {
      this.state.surface = names.get(chosen);
      this.newSurface();
      this.play();
    });
  }

  boxes(names) {
    const labels = names.map((name) => {
      const checked = this.state.chosen.includes(name), box = element("input", { type: "checkbox", checked });
      box.onchange = () => {
        this.state.chosen = names.filter((other) => (other === name ? box.checked : this.state.chosen.includes(other)));
        this.newRates();
        this.play();
      };
      const sample = this.canvas(44, 10, { "aria-hidden": "true" });
      stroke(sample.getContext("2d"), name, [[1, 5], [43, 5]]);
      return element("label", {}, box, sample, name);
    });
    return element("fieldset", {}, element("legend", {}, "Optimizers"), ...labels);
  }

  // One rate for each optimizer, as each wants another.
  newRates() {
    const { chosen, rates } = this.state;
    this.rates.replaceChildren(...chosen.map((name) =>
      this.slider(chosen.length === 1 ? "learning rate η" : `η of ${name}`, {
        min: 0, max: LAST_RATE, value: rateIndex(rates[name]), text: (i) => String(rateAt(i)),
        set: (i) => ((rates[name] = rateAt(i)), this.start()),
      })));
    this.momentum.querySelector("input").disabled = !chosen.some((name) => name in MOMENTUM);
  }

  // The picture in a box that takes the focus: a click or tap sets the start, a drag and the arrow keys move it.
  map() {
    const box = element("div", {
      role: "application", tabIndex: 0, style: "width: fit-content; max-width: 100%; cursor: crosshair",
      "aria-label": "Start of the descent: arrow keys move it, with Shift in small steps",
    }, this.picture);
    const at = ({ clientX, clientY }) => {
      const { left, top, width } = this.picture.getBoundingClientRect(), scale = this.width / width;
      return [(clientX - left) * scale, (clientY - top) * scale];
    };
    const near = (event) => {
      const [i, j] = at(event), [a, b] = this.landscape.toPicture(this.from);
      return Math.hypot(i - a, j - b) < 24;
    };
    box.onclick = (event) => {
      this.moveStart(this.landscape.toPlane(at(event)));
      this.play();
    };
    box.onpointerdown = (event) => near(event) && box.setPointerCapture(event.pointerId);
    box.onpointermove = (event) =>
      box.hasPointerCapture(event.pointerId) && this.moveStart(this.landscape.toPlane(at(event)));
    // A finger on the start drags it, and one elsewhere still scrolls the page.
    box.addEventListener("touchstart", (event) => near(event.touches[0]) && event.preventDefault(), { passive: false });
    box.onkeydown = (event) => {
      const arrow = ARROWS[event.key], far = event.shiftKey ? 0.01 : 0.1;
      if (!arrow || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      this.moveStart(this.from.map((value, i) => value + far * arrow[i]));
    };
    return box;
  }

  get track() {
    return this.given.surfaces[this.state.surface];
  }

  get from() {
    return this.track.start;
  }

  newSurface() {
    this.landscape.see(SURFACES[this.state.surface], this.track);
    this.starts.replaceChildren(...this.landscape.limits().map(([low, high], i) =>
      this.slider(`start θ${"₁₂"[i]}`, {
        min: Math.ceil(100 * low) / 100, max: Math.floor(100 * high) / 100, step: 0.01, value: this.from[i],
        set: (value) => ((this.from[i] = value), this.start()),
      })));
  }

  // By the sliders, which round and keep it in the picture.
  moveStart(point) {
    this.starts.querySelectorAll("input").forEach((input, i) => {
      input.value = point[i];
      input.dispatchEvent(new Event("input"));
    });
  }

  // The paths at once, for a slider that is being moved; `play` lets them run.
  start() {
    cancelAnimationFrame(this.frame);
    this.descend();
    this.draw(this.state.steps);
  }

  play() {
    this.start();
    const begin = performance.now();
    const draw = (now) => {
      const part = this.still.matches ? 1 : Math.min(1, Math.max(0, now - begin) / WHOLE);
      this.draw(Math.round(part * this.state.steps));
      if (part < 1) this.frame = requestAnimationFrame(draw);
    };
    draw(begin);
  }

  descend() {
    const { surface, chosen, rates, momentum, steps } = this.state, { loss } = SURFACES[surface];
    this.lowest = loss(...this.track.minimum);
    this.paths = chosen.map((name) => {
      const options = { lr: rates[name], ...(name in MOMENTUM ? { [MOMENTUM[name]]: momentum } : {}) };
      const path = descentPath(surface, name, options, this.from, steps);
      const left = path.findLastIndex((point) => this.landscape.inside(point)) + 1;
      const heights = path.map((point) => loss(...point) - this.lowest).map((h) => (Number.isFinite(h) ? h : Infinity));
      return { name, path, heights, left: left < path.length ? left : Infinity };
    });
    this.tell();
  }

  draw(until) {
    this.landscape.draw(this.paths, until, this.from);
    const title = `loss L${this.lowest ? ` + ${short(-this.lowest)}` : ""} at each step`;
    drawLosses(this.curves, this.width, 180, this.paths, this.state.steps, until, title);
  }

  tell() {
    const { surface, steps } = this.state, { loss } = SURFACES[surface], first = loss(...this.from);
    const place = (point) => `(${point.map(short).join(", ")})`;
    const lines = this.paths.map(({ name, path, heights, left }) => {
      const end = loss(...path.at(-1)), over = [...heights, path.length <= steps ? Infinity : 0].indexOf(Infinity);
      const leaves = `leaves the picture at step ${left}`;
      if (over >= 0) return `${name} diverges: it ${leaves}, and its numbers overflow at step ${over}.`;
      const result = `ends with L = ${short(end)} at ${place(path.at(-1))}`;
      if (left === Infinity) return `${name} ${result}${end > first ? ", higher than it began" : ""}.`;
      return `${name} ${end > first ? "diverges: it " : ""}${leaves}, and ${result}.`;
    });
    const head = `From ${place(this.from)}, where L = ${short(first)}, in ${steps} ${steps === 1 ? "step" : "steps"}:`;
    const text = [head, ...(lines.length ? lines : ["choose an optimizer."])].join("\n");
    const describe = (picture, what) => picture.setAttribute("aria-label", `${what} ${text}`);
    describe(this.picture, `The ${surface} from above, a star on its lowest point, and paths on it.`);
    describe(this.curves, "The loss at each step, on a logarithmic axis.");
    this.say(text);
  }
}

define("dnn-descent", Descent);
