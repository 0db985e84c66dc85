// The digit playground of chapter 12: a canvas to draw on, and what a small network makes of the drawing.

const PAGE = 256, STROKE = 16; // pixels: the canvas and its pen
const STEP = 8, LEAST = 20; // a key's step, and the smallest drawing that is read
const CELL = 12; // pixels of a square in the small pictures
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const DIGIT_STYLE = `
  .digit { display: grid; grid-template-columns: ${PAGE}px minmax(15rem, 1fr); gap: 0.75rem 1.5rem;
    margin-bottom: 1rem; }
  @media (max-width: 700px) { .digit { grid-template-columns: minmax(0, 1fr); } }
  .hint { margin: 0 0 0.75rem; }
  .page { touch-action: none; cursor: crosshair; user-select: none; box-shadow: 0 0 0 1px ${INK}; }
  .buttons { gap: 0.5rem; margin: 0.75rem 0 0; }
  .say { margin: 0 0 0.5rem; min-height: 3em; font-size: 1.1em; font-weight: 600; }
  .bars { list-style: none; margin: 0; padding: 0; }
  .bars li { display: grid; grid-template-columns: 1rem 1fr 4rem 1rem; gap: 0.5rem; align-items: center;
    line-height: 1.45rem; font-variant-numeric: tabular-nums; }
  .bars .chosen { font-weight: 700; }
  .track { height: 0.8rem; border: 1px solid currentColor; border-radius: 0.15rem; }
  .fill { height: 100%; background: var(--pst-color-primary, #0072b2); forced-color-adjust: none;
    print-color-adjust: exact; }
  .percent { text-align: right; }
  .row.layers { flex-wrap: nowrap; }
  figure { flex: 0 1 9rem; min-width: 0; margin: 0; }
  figcaption { font-size: 0.85em; margin-top: 0.25rem; }
`;

const percent = (share) => (share > 0.995 ? ">\u00a099\u00a0%" : `${Math.round(100 * share)}\u00a0%`);
const columnsOf = (count) => Math.max(SIDE, Math.ceil(Math.sqrt(count)));
const article = (digit) => (digit === 8 ? "an" : "a");

class DigitPlayground extends Playground {
  static Reader = Reader;
  static imageOf = imageOf;

  build() {
    this.reader = new Reader(this.given);
    const bytes = decoded(this.given.digits, Uint8Array), size = SIDE * SIDE;
    this.labels = [...this.given.labels].map(Number);
    const imageAt = (k) => Float64Array.from(bytes.subarray(k * size, (k + 1) * size), (ink) => ink / BLOCK ** 2);
    this.digits = this.labels.map((_, k) => imageAt(k));
    this.wrong = [...this.digits.keys()].filter((k) => this.reader.read(this.digits[k]).ranking[0] !== this.labels[k]);
    const roles = { role: "application", "aria-describedby": "hint" };
    this.page = this.canvas(PAGE, PAGE, { className: "page", tabIndex: 0, ...roles });
    this.listen();
    const button = (text, onclick) => element("button", { type: "button", onclick }, text);
    this.bars = this.makeBars();
    this.beside = element("div", {},
      element("ul", { className: "bars", role: "list", "aria-label": "Probability of each digit" },
        ...this.bars.map(({ row }) => row)));
    this.pictures = this.makePictures();
    const right = this.labels.length - this.wrong.length;
    this.shadowRoot.append(
      element("style", { textContent: DIGIT_STYLE }),
      element("p", { className: "hint", id: "hint" },
        "Draw a digit, large, with mouse, finger or pen. By keyboard: arrow keys move the pen " +
        "(two at once: slanting), the space bar puts it down and lifts it."),
      element("div", { className: "digit" },
        element("div", {}, this.page,
          element("div", { className: "row buttons" },
            button("Clear", () => this.start()),
            button("Undo", () => this.show(this.strokes.slice(0, -1))),
            button("Show a test digit", () => this.next("digits", [...this.digits.keys()])),
            this.wrong.length ? button("Show one it gets wrong", () => this.next("wrong", this.wrong)) : "")),
        this.beside),
      element("div", { className: "row layers" }, ...this.pictures.map(({ figure }) => figure)),
      element("p", { className: "score" }, `Of ${this.labels.length} held-out digits it reads ${right} right ` +
        `(${((100 * right) / this.labels.length).toFixed(1)}\u00a0%).`),
    );
    this.cursor = [PAGE / 2, PAGE / 4];
    this.places = { digits: 0, wrong: 0 };
  }

  start() {
    this.beside.prepend(this.said); // beside the canvas, where the eyes are
    this.show([]);
  }

  // Drawings are lists of strokes, and a stroke is a list of points.
  listen() {
    const place = ({ clientX, clientY }) => {
      const { left, top, width } = this.page.getBoundingClientRect();
      return [clientX - left, clientY - top].map((v) => Math.max(0, Math.min(PAGE, (v * PAGE) / width)));
    };
    let drawing = null; // the pointer that draws
    this.page.onpointerdown = (event) => {
      if (drawing !== null || event.button !== 0) return;
      drawing = event.pointerId;
      this.page.setPointerCapture(drawing);
      this.penDown = false;
      this.begin(place(event));
    };
    this.page.onpointermove = (event) => {
      if (event.pointerId !== drawing) return;
      const events = event.getCoalescedEvents?.() ?? [];
      this.extend(...(events.length ? events : [event]).map(place));
    };
    this.page.onpointerup = this.page.onpointercancel = (event) => {
      if (event.pointerId === drawing) drawing = null;
    };
    const pressed = new Set();
    this.page.onkeydown = (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === " " && !event.repeat) this.turnPen();
      if (event.key in ARROWS) this.move([...pressed.add(event.key)]);
      if (event.key === " " || event.key in ARROWS) event.preventDefault();
    };
    this.page.onkeyup = (event) => pressed.delete(event.key);
    this.page.onfocus = () => this.draw();
    this.page.onblur = () => (pressed.clear(), (this.penDown = false), this.draw());
  }

  begin(point) {
    this.show([...this.strokes, [point]]);
  }

  extend(...points) {
    this.strokes.at(-1).push(...points);
    this.show(this.strokes);
  }

  turnPen() {
    this.penDown = !this.penDown;
    if (this.penDown) this.begin([...this.cursor]);
    else this.show(this.strokes);
  }

  move(keys) {
    this.cursor = this.cursor.map((v, axis) =>
      Math.max(0, Math.min(PAGE, v + STEP * keys.reduce((sum, key) => sum + ARROWS[key][axis], 0))));
    if (this.penDown) this.extend([...this.cursor]);
    else this.draw();
  }

  next(kind, numbers) {
    this.show([], numbers[this.places[kind]++ % numbers.length]);
  }

  // Show and read strokes, or the held-out digit of this number.
  show(strokes, number = null) {
    this.strokes = strokes;
    this.number = number;
    if (!strokes.length) this.penDown = false;
    const [width, height] = [0, 1].map((axis) => extent(strokes.flat(), axis)).map(([from, to]) => to - from);
    this.image = number !== null ? this.digits[number] : Math.max(width, height) >= LEAST ? imageOf(strokes) : null;
    this.answer = this.image && this.reader.read(this.image);
    this.draw();
    this.showBars();
    this.showPictures();
    const words = this.words();
    this.page.setAttribute("aria-label", `Drawing area for one digit. ${words}`);
    this.say(`${this.penDown ? "Pen down. " : ""}${words}`);
  }

  words() {
    if (!this.answer) return this.strokes.length ? "Too small to read: draw on." : "Nothing is drawn yet.";
    const { probabilities, ranking: [first, second] } = this.answer;
    const [most, next] = [first, second].map((digit) => percent(probabilities[digit]));
    const reading = this.isSure()
      ? `It reads ${article(first)} ${first} (${most}).`
      : `It is unsure: ${first} (${most}) or ${second} (${next}).`;
    if (this.number === null) return reading;
    const label = this.labels[this.number];
    return `Test digit ${this.number + 1}, labelled ${label}. ${reading} ${first === label ? "Right." : "Wrong."}`;
  }

  isSure() {
    return this.answer.probabilities[this.answer.ranking[0]] >= this.given.sure;
  }

  draw() {
    const pen = this.page.getContext("2d");
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, PAGE, PAGE);
    if (this.number !== null) this.squares(pen, this.image, PAGE / SIDE);
    else if (!this.strokes.length) {
      pen.fillStyle = "#5f6b76";
      pen.font = "20px sans-serif";
      pen.textAlign = "center";
      pen.fillText("Draw here", PAGE / 2, PAGE / 2);
    }
    pen.strokeStyle = pen.fillStyle = INK;
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = STROKE;
    for (const stroke of this.strokes) this.line(pen, stroke);
    if (!this.page.matches(":focus-visible")) return;
    pen.strokeStyle = COLORS[1];
    pen.lineWidth = 3;
    pen.beginPath();
    pen.arc(...this.cursor, this.penDown ? 5 : 10, 0, 2 * Math.PI);
    pen.stroke();
  }

  // Through the middles between the points, so that no corners show.
  line(pen, stroke) {
    pen.beginPath();
    pen.moveTo(...stroke[0]);
    stroke.forEach(([x, y], i) => {
      const [a, b] = stroke[i + 1] ?? [x, y];
      pen.quadraticCurveTo(x, y, (x + a) / 2, (y + b) / 2);
    });
    pen.stroke();
  }

  // Values from 0 to 1 as grey squares, eight or more a row.
  squares(pen, values, side) {
    const columns = columnsOf(values.length);
    values.forEach((value, k) => {
      pen.fillStyle = `rgb(31 41 51 / ${value})`;
      pen.fillRect((k % columns) * side, Math.floor(k / columns) * side, side, side);
    });
  }

  // One row for each digit: its bar, its probability, and a mark where the answer is.
  makeBars() {
    return Array.from({ length: 10 }, (_, digit) => {
      const fill = element("div", { className: "fill" }), share = element("span", { className: "percent" });
      const mark = element("span", { "aria-hidden": "true" });
      const track = element("div", { className: "track" }, fill);
      return { row: element("li", {}, element("span", {}, String(digit)), track, share, mark), fill, share, mark };
    });
  }

  showBars() {
    const answers = this.answer ? this.answer.ranking.slice(0, this.isSure() ? 1 : 2) : [];
    this.bars.forEach(({ row, fill, share, mark }, digit) => {
      const probability = this.answer?.probabilities[digit] ?? 0, chosen = answers.includes(digit);
      fill.style.width = `${100 * probability}%`;
      share.textContent = this.answer ? percent(probability) : "";
      row.className = chosen ? "chosen" : "";
      mark.textContent = chosen ? (answers.length > 1 ? "?" : "◀") : "";
    });
  }

  // A picture of what goes in, and one of every hidden layer.
  makePictures() {
    const hidden = this.reader.layers.slice(0, -1).map(({ outputs }, l) =>
      [`Hidden layer ${l + 1}: ${outputs} neurons`, outputs]);
    return [["What it sees: 8×8 squares", SIDE * SIDE], ...hidden].map(([name, count]) => {
      const columns = columnsOf(count), rows = Math.ceil(count / columns);
      const canvas = this.canvas(CELL * columns, CELL * rows, { role: "img" });
      const caption = element("figcaption");
      return { name, canvas, caption, figure: element("figure", {}, canvas, caption) };
    });
  }

  showPictures() {
    const layers = [this.image, ...(this.answer?.hidden ?? [])];
    this.pictures.forEach(({ name, canvas, caption }, l) => {
      const pen = canvas.getContext("2d"), activation = this.reader.layers[l - 1]?.activation, values = layers[l];
      const most = values && Math.max(...values, 1e-9);
      const shade = { ReLU: (v) => v / most, Tanh: (v) => (v + 1) / 2 }[activation] ?? ((v) => v);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      if (values) this.squares(pen, values.map(shade), CELL);
      const lit = values?.filter((value) => value > 0).length ?? 0;
      const counted = values && activation === "ReLU" ? `, ${lit} active` : "";
      caption.textContent = `${name}${counted}`;
      canvas.setAttribute("aria-label", l === 0
        ? `The drawing as the network sees it: 8×8 grey squares, ${lit} of them with ink.`
        : `${name}${counted}, as grey squares, darker for a larger activation.`);
    });
  }
}

define("dnn-digit", DigitPlayground);
