// The network playground: the reader shapes a small network and trains it.

const SPEEDS = { slow: 6, normal: 60, fast: 2000 }; // epochs a second, at most
const LONGEST = 20000; // epochs
const powerOf = (exponent) => Number((10 ** exponent).toPrecision(1)); // 1 and 3 times the powers of ten

class NetworkPlayground extends Playground {
  static Network = SmallNetwork;
  static stepper = stepper;
  static offered = {
    activations: Object.keys(ACTIVATIONS), starts: Object.keys(STARTS), penalties: Object.keys(PENALTIES),
    optimizers: ["SGD", "Momentum", "RMSprop", "Adam"],
  };

  build() {
    this.state = { batch: 20, speed: "normal", seed: 1, ...this.given.state };
    this.sizes = element("fieldset");
    this.pictures = element("div", { className: "row" });
    this.line = element("p", { className: "line", "aria-hidden": "true" }); // what the silent line says, at every frame
    this.play = element("button", { type: "button", onclick: () => this.toggle() }, "Train");
    this.shadowRoot.append(
      element("style", { textContent: `
        .say { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .line { margin: 0 0 0.5rem; min-height: 1.5em; font-variant-numeric: tabular-nums; }
        .line.warning { font-weight: 600; }
        label:has(input[type=range]) { flex-basis: 18rem; }
        input[type=range] { flex-basis: 6rem; }
        .bar { align-items: center; }
        @media print { .bar { display: none; } }
        @media (max-width: 576px) { .line { min-height: 4.5em; } }
        .key { margin: 0; font-size: 0.9em; }` }),
      ...this.controls(),
      element("div", { className: "row bar" },
        this.play,
        this.button("One epoch", () => (this.pause(), this.epoch(), this.show(), this.tell())),
        this.button("Start again", () => this.start()),
        this.button("Other weights", () => ((this.state.seed += 1), this.start())),
        this.choice("speed", Object.keys(SPEEDS), this.state.speed, (speed) => (this.state.speed = speed))),
      this.line,
      this.pictures,
      element("p", { className: "key" },
        "Disc: class 0. Cross: class 1. Large marks are training points, small ones validation points. On the dark line " +
        "the network is undecided. In the network, each square is a neuron's activation over the plane: blue is low, " +
        "orange is high. Thick lines are large weights, dashed lines negative ones."),
    );
    this.showSizes();
    this.watch();
  }

  button(name, onclick) {
    return element("button", { type: "button", onclick }, name);
  }

  controls() {
    const { state } = this, sets = Object.keys(this.given.sets), { offered } = NetworkPlayground;
    const renew = (name) => (value) => ((state[name] = value), this.start());
    const tune = (name) => (value) => (state[name] = value);
    const price = (name, label, min, max) =>
      this.slider(label, {
        min, max, step: 0.5, value: Math.log10(state[name]), text: (v) => short(powerOf(v)),
        set: (v) => tune(name)(powerOf(v)),
      });
    const points = this.given.sets[sets[0]].training.y.length;
    state.batch = Math.min(state.batch, points);
    return [
      element("fieldset", {}, element("legend", {}, "Network (a change starts again)"),
        this.choice("data", sets, state.data, renew("data")),
        this.choice("activation", offered.activations, state.activation, renew("activation")),
        this.choice("weights start at", offered.starts, state.start, renew("start")),
        this.slider("hidden layers", {
          min: 0, max: 6, value: state.hidden.length,
          set: (count) => {
            state.hidden = Array.from({ length: count }, (_, l) => state.hidden[l] ?? state.hidden.at(-1) ?? 4);
            this.showSizes();
            this.start();
          },
        })),
      this.sizes,
      element("fieldset", {}, element("legend", {}, "Training (a change acts at once)"),
        this.choice("optimizer", offered.optimizers, state.optimizer, (name) => {
          state.optimizer = name;
          this.step = stepper(name);
        }),
        this.choice("penalty", offered.penalties, state.penalty, tune("penalty")),
        price("price", "price λ", -5, 0),
        price("rate", "learning rate η", -4, 1),
        this.slider("batch size", { min: 1, max: points, value: state.batch, set: tune("batch") })),
    ];
  }

  // A slider for each hidden layer.
  showSizes() {
    const { hidden } = this.state;
    this.sizes.replaceChildren(
      ...(hidden.length ? [element("legend", {}, "Neurons in each hidden layer")] : []),
      ...hidden.map((count, l) =>
        this.slider(`layer ${l + 1}`, { min: 1, max: 8, value: count, set: (m) => ((hidden[l] = m), this.start()) })),
    );
  }

  // The pictures fit the width there is; training rests where nobody sees it.
  watch() {
    new ResizeObserver(() => this.network && this.width() !== this.drawn && this.draw()).observe(this);
    new IntersectionObserver(([{ isIntersecting }]) => isIntersecting || this.rest()).observe(this);
    document.addEventListener("visibilitychange", () => document.hidden && this.rest());
  }

  width() {
    const { paddingLeft, paddingRight } = getComputedStyle(this);
    return Math.floor(Math.min(720, this.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight))) || 300;
  }

  layout() {
    const wide = (this.drawn = this.width()), half = wide < 520 ? wide : Math.floor((wide - 12) / 2);
    const picture = (wide, tall) => this.canvas(wide, tall, { role: "img", wide, tall });
    this.surface = picture(Math.min(half, 340), Math.min(half, 340));
    this.curves = picture(half, Math.min(half, 340, wide < 520 ? 220 : 340));
    this.diagram = picture(wide, sizeOfDiagram(this.network.sizes, wide).tall);
    this.pictures.replaceChildren(this.surface, this.curves, this.diagram);
  }

  // Everything anew: another network or another width.
  draw() {
    this.layout();
    this.show();
    this.describe();
  }

  start() {
    this.pause();
    const { hidden, activation, start, seed, data, optimizer } = this.state;
    this.random = randomFrom(seed);
    this.network = new SmallNetwork(hidden, activation, start, this.random);
    this.step = stepper(optimizer);
    this.set = this.given.sets[data];
    this.reach = 1.06 * Math.max(...this.set.training.x.concat(this.set.validation.x).map(Math.abs));
    this.plane = planeOf(this.reach);
    this.history = [];
    this.note();
    this.draw();
    this.say(this.report());
  }

  toggle() {
    if (this.frame) return this.rest();
    if (this.over()) return this.tell();
    this.play.textContent = "Pause";
    let before = performance.now(), due = 1, drawn = 0, cost = 0, told = before;
    const go = (now) => {
      due = Math.min(due + ((now - before) / 1000) * SPEEDS[this.state.speed], SPEEDS[this.state.speed]);
      before = now;
      for (const end = performance.now() + 10; due >= 1 && performance.now() < end && !this.over(); due--) this.epoch();
      if (this.over()) return this.rest();
      if (now - drawn > Math.max(this.still.matches ? 1000 : 30, 3 * cost)) {
        const begin = performance.now();
        this.show();
        cost = performance.now() - begin;
        drawn = now;
      }
      if (now - told > 5000) {
        told = now;
        this.tell();
      }
      this.frame = requestAnimationFrame(go);
    };
    this.frame = requestAnimationFrame(go);
  }

  pause() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.play.textContent = "Train";
  }

  // Pause where training is going on, and say how far it has come.
  rest() {
    if (!this.frame) return;
    this.pause();
    this.show();
    this.tell();
  }

  over() {
    return !Number.isFinite(this.history.at(-1).training.loss) || this.history.length > LONGEST;
  }

  // Every training example once, in an order drawn anew, in batches.
  epoch() {
    if (this.over()) return;
    const { x, y } = this.set.training, { batch, penalty, price, rate } = this.state;
    const order = y.map((_, k) => k);
    for (let k = order.length - 1; k > 0; k--) {
      const other = Math.floor(this.random() * (k + 1));
      [order[k], order[other]] = [order[other], order[k]];
    }
    for (let k = 0; k < order.length; k += batch) {
      const some = order.slice(k, k + batch);
      const examples = { x: some.flatMap((i) => [x[2 * i], x[2 * i + 1]]), y: some.map((i) => y[i]) };
      this.step(this.network.theta, this.network.gradient(examples, penalty, price), { lr: rate });
    }
    this.note();
  }

  note() {
    const { training, validation } = this.set;
    this.history.push({ training: this.network.evaluate(training), validation: this.network.evaluate(validation) });
  }

  show() {
    const outputs = this.network.forward(this.plane);
    this.lengths = this.network.gradientLengths(this.set.training);
    drawSurface(this.surface, outputs.at(-1).a, this.set, this.reach);
    drawCurves(this.curves, this.history);
    drawDiagram(this.diagram, this.network, this.plane, outputs, this.lengths);
    this.line.textContent = this.report();
    this.line.classList.toggle("warning", this.over());
  }

  // The state of the training in a sentence or two.
  report() {
    const epoch = this.history.length - 1, { training, validation } = this.history[epoch];
    if (!Number.isFinite(training.loss))
      return `At epoch ${epoch} the loss is not a finite number any more: training has diverged. Choose a smaller ` +
        "learning rate and start again.";
    const percent = ({ accuracy }) => `${Math.round(100 * accuracy)}%`;
    return `Epoch ${epoch}. Loss: training ${short(training.loss)}, validation ${short(validation.loss)}. Right: ` +
      `training ${percent(training)}, validation ${percent(validation)}.` +
      (training.loss > 1.05 * this.history[0].training.loss ? " The loss is higher than at the start." : "") +
      (epoch >= LONGEST ? " Training ends here." : "");
  }

  tell() {
    this.describe();
    this.say(this.report());
  }

  describe() {
    const { history, network, lengths } = this;
    const epoch = history.length - 1, { training, validation } = history[epoch], first = history[0];
    const label = (canvas, text) => canvas.setAttribute("aria-label", text);
    label(this.surface, `The plane with the points of ${this.state.data} and the network's decision surface at epoch ` +
      `${epoch}: ${Math.round(100 * training.accuracy)}% of the training points and ` +
      `${Math.round(100 * validation.accuracy)}% of the validation points lie on the right side of its boundary.`);
    label(this.curves, `Loss against epoch, from 0 to ${epoch}: training from ${short(first.training.loss)} to ` +
      `${short(training.loss)}, validation from ${short(first.validation.loss)} to ${short(validation.loss)}, at its ` +
      `least ${short(Math.min(...history.map((entry) => entry.validation.loss)))}.`);
    label(this.diagram, `The network ${network.sizes.join("–")} with ${this.state.activation}, each neuron with its ` +
      `activation over the plane. Length of the loss's gradient by the weights of each layer, from the first: ` +
      `${lengths.map((length) => (Number.isFinite(length) ? power(length) : "not finite")).join(", ")}.`);
  }
}

define("dnn-network", NetworkPlayground);
