// The pictures of the descent playground: paths on a surface seen from above, and the loss by step.

const [BLUE, ORANGE, GREEN, PURPLE, YELLOW, GREY] = COLORS;
const LOOKS = {
  // Colours as in the races of chapter 08; dashes tell the lines apart without them.
  SGD: [GREY, []], Momentum: [BLUE, [10, 4]], Nesterov: [PURPLE, [2, 3]],
  Adagrad: [YELLOW, [12, 3, 2, 3]], RMSprop: [GREEN, [18, 4]], Adadelta: [INK, [6, 3]],
  Adam: [ORANGE, []], AdamW: [INK, [2, 5]], NAdam: [PURPLE, [8, 2, 2, 2]],
};
const FONT = "13px system-ui, sans-serif";
const clamp = (low, value, high) => Math.max(low, Math.min(high, value));

// A line of the optimizer's look, or the pale rim below it that parts it from the ground.
const stroke = (pen, name, points, rim = false) => {
  const [color, dashes] = LOOKS[name];
  pen.beginPath();
  points.forEach(([i, j]) => pen.lineTo(clamp(-1e5, i, 1e5), clamp(-1e5, j, 1e5)));
  pen.lineJoin = "round";
  pen.strokeStyle = rim ? PAPER : color;
  pen.lineWidth = rim ? 5 : 2.5;
  pen.setLineDash(rim ? [] : dashes);
  pen.stroke();
  pen.setLineDash([]);
};

const powerOfTen = (power) => `10${[...String(power)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit] ?? "⁻").join("")}`;

const disc = (pen, [i, j], radius, color, rim = PAPER) => {
  pen.beginPath();
  pen.arc(i, j, radius, 0, 2 * Math.PI);
  pen.fillStyle = color;
  pen.fill();
  pen.lineWidth = rim === PAPER ? 1 : 2;
  pen.strokeStyle = rim;
  pen.stroke();
};

class Landscape {
  constructor(canvas, width, height) {
    Object.assign(this, { pen: canvas.getContext("2d"), width, height });
  }

  // What dnnlib draws of the surface, and as much around it as there is room: both axes have one scale.
  see({ loss }, { x, y, minimum }) {
    this.unit = Math.min(this.width / (x[1] - x[0]), this.height / (y[1] - y[0]));
    this.left = (x[0] + x[1] - this.width / this.unit) / 2;
    this.top = (y[0] + y[1] + this.height / this.unit) / 2;
    this.minimum = minimum;
    this.ground = this.shades(loss, loss(...minimum));
  }

  toPlane([i, j]) {
    return [this.left + i / this.unit, this.top - j / this.unit];
  }

  toPicture([a, b]) {
    return [(a - this.left) * this.unit, (this.top - b) * this.unit];
  }

  // [[lowest, highest θ₁], [lowest, highest θ₂]] of the picture
  limits() {
    const [right, bottom] = this.toPlane([this.width, this.height]);
    return [[this.left, right], [bottom, this.top]];
  }

  // Darker is lower; where a shade begins, the height above the minimum is twice that of where the last one began.
  shades(loss, lowest) {
    const canvas = element("canvas", { width: this.width, height: this.height }), pen = canvas.getContext("2d");
    const image = pen.createImageData(this.width, this.height);
    const octaves = new Float64Array(this.width * this.height).map((_, k) => {
      const at = this.toPlane([(k % this.width) + 0.5, Math.floor(k / this.width) + 0.5]);
      return Math.log2(loss(...at) - lowest);
    });
    const highest = octaves.reduce((a, b) => Math.max(a, b));
    octaves.forEach((octave, k) => {
      const shade = clamp(0, Math.floor(octave - highest) + 13, 12);
      image.data.set([165 + 7 * shade, 186 + 5.2 * shade, 205 + 3.8 * shade, 255], 4 * k);
    });
    pen.putImageData(image, 0, 0);
    this.axes(pen);
    return canvas;
  }

  axes(pen) {
    const [[left, right], [bottom, top]] = this.limits(), every = this.unit > 110 ? 0.5 : 1;
    pen.font = FONT;
    pen.fillStyle = INK;
    for (let a = Math.ceil((left + 0.3) / every) * every; a < right - 0.4; a += every) {
      const [i] = this.toPicture([a, 0]), text = short(a);
      pen.fillRect(i, this.height - 5, 1, 5);
      pen.fillText(text, i - pen.measureText(text).width / 2, this.height - 9);
    }
    for (let b = Math.ceil((bottom + 0.3) / every) * every; b < top - 0.3; b += every) {
      const [, j] = this.toPicture([0, b]);
      pen.fillRect(0, j, 5, 1);
      pen.fillText(short(b), 11, j + 4);
    }
    pen.font = `italic 600 ${FONT}`;
    pen.fillText("θ₁", this.width - 20, this.height - 8);
    pen.fillText("θ₂", 8, 16);
  }

  draw(paths, until, from) {
    const { pen } = this;
    pen.drawImage(this.ground, 0, 0, this.width, this.height);
    this.star(this.toPicture(this.minimum));
    const labels = [], lines = paths.map(({ path }) => path.slice(0, until + 1).map((point) => this.toPicture(point)));
    paths.forEach(({ name }, k) => stroke(pen, name, lines[k], true));
    paths.forEach(({ name }, k) => stroke(pen, name, lines[k]));
    for (const [k, { name, left }] of paths.entries()) {
      const points = lines[k];
      let last = points[0];
      for (const point of points)
        if (Math.hypot(point[0] - last[0], point[1] - last[1]) > 9) disc(pen, (last = point), 3, LOOKS[name][0]);
      disc(pen, points.at(-1), 5.5, LOOKS[name][0]);
      if (left <= until) this.leaving(labels, `${name} leaves at step ${left}`, points.slice(left - 1, left + 1));
    }
    disc(pen, this.toPicture(from), 7, PAPER, INK);
  }

  star([i, j]) {
    const { pen } = this;
    pen.beginPath();
    for (let k = 0; k < 10; k++) {
      const radius = k % 2 ? 4 : 9, angle = (k * Math.PI) / 5;
      pen.lineTo(i + radius * Math.sin(angle), j - radius * Math.cos(angle));
    }
    pen.closePath();
    pen.fillStyle = PAPER;
    pen.fill();
    pen.strokeStyle = INK;
    pen.lineWidth = 1;
    pen.stroke();
  }

  inside(point) {
    const [i, j] = this.toPicture(point);
    return i >= 0 && j >= 0 && i <= this.width && j <= this.height;
  }

  // Says at the border that a path leaves there for good; `labels` are those already written, to stay clear of.
  leaving(labels, text, [[a, b], [c, d]]) {
    const { pen, width, height } = this, far = Math.max(Math.abs(c - a), Math.abs(d - b));
    const [x, y] = [(c - a) / far, (d - b) / far]; // outwards, finite even where the end is not
    const reach = (from, way, size) => (way > 0 ? (size - from) / way : way < 0 ? -from / way : Infinity);
    const t = Math.min(reach(a, x, width), reach(b, y, height));
    const [i, j] = [a + t * x, b + t * y];
    pen.font = `600 ${FONT}`;
    const wide = pen.measureText(text).width + 10, high = 20;
    const place = [clamp(2, i - wide / 2, width - wide - 2), clamp(2, j - high / 2, height - high - 2)];
    const step = place[1] > height / 2 ? -high - 2 : high + 2;
    while (labels.some(([p, q, w]) => p < place[0] + wide && place[0] < p + w && Math.abs(q - place[1]) < high))
      place[1] += step;
    labels.push([...place, wide]);
    pen.fillStyle = PAPER;
    pen.strokeStyle = INK;
    pen.lineWidth = 1;
    pen.fillRect(...place, wide, high);
    pen.strokeRect(...place, wide, high);
    pen.fillStyle = INK;
    pen.fillText(text, place[0] + 5, place[1] + 15);
  }
}

// The loss by step, on a logarithmic axis: `heights` of a path are its losses above the minimum.
const drawLosses = (canvas, width, height, curves, steps, until, title) => {
  const pen = canvas.getContext("2d"), [left, right, top, bottom] = [44, width - 122, 24, height - 22];
  const known = curves.flatMap(({ heights }) => heights).filter((value) => value > 0 && value < Infinity);
  if (!known.length) known.push(1);
  const first = Math.ceil(Math.log10(curves[0]?.heights[0] || 1));
  const high = clamp(first, Math.ceil(Math.log10(Math.max(...known))), first + 2);
  const low = clamp(high - 10, Math.floor(Math.log10(Math.min(...known))), first - 1);
  const across = (step) => left + ((right - left) * step) / steps;
  const down = (value) => clamp(top, top + ((bottom - top) * (high - Math.log10(value))) / (high - low), bottom);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, width, height);
  pen.font = FONT;
  pen.lineWidth = 1;
  for (let power = low; power <= high; power++) {
    pen.fillStyle = GRID;
    pen.fillRect(left, down(10 ** power), right - left, 1);
    pen.fillStyle = INK;
    if ((power - low) % Math.ceil((high - low) / 5) === 0) pen.fillText(powerOfTen(power), 8, down(10 ** power) + 4);
  }
  pen.fillText(title, left, 15);
  pen.fillText("0", left, height - 6);
  pen.fillText(`step ${steps}`, right - pen.measureText(`step ${steps}`).width, height - 6);
  let last = -Infinity;
  const ends = curves.map(({ name, heights }) => {
    const points = heights.slice(0, until + 1).map((value, step) => [across(step), down(value)]);
    stroke(pen, name, points);
    return { name, above: !(heights.at(-1) <= 10 ** high), at: points.at(-1)[1] };
  });
  ends.sort((a, b) => a.at - b.at).forEach((end) => (end.at = last = Math.max(end.at, last + 15)));
  const over = Math.max(0, last - bottom - 8); // what does not fit below moves up
  for (const { name, above, at } of ends) {
    stroke(pen, name, [[right + 6, at - over], [right + 30, at - over]]);
    pen.fillStyle = INK;
    pen.fillText(above ? `${name} ↑` : name, right + 34, at - over + 4);
  }
};
