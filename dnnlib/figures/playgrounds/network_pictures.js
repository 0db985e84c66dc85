// What the network playground draws: the plane as a function colours it, the loss curves, the network itself.

const CELLS = 56; // of the plane, on each side
const LOW = [0, 114, 178], MIDDLE = [252, 252, 250], HIGH = [213, 94, 0]; // blue, paper, orange

const write = (pen, text, x, y, { align = "left", color = INK, weight = "400", halo = false } = {}) => {
  pen.font = `${weight} 12px system-ui, sans-serif`;
  pen.textAlign = align;
  pen.strokeStyle = PAPER;
  pen.lineWidth = 4;
  if (halo) pen.strokeText(text, x, y);
  pen.fillStyle = color;
  pen.fillText(text, x, y);
};
const line = (pen, points, { color = INK, width = 1, dash = [] } = {}) => {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  points.forEach(([x, y]) => pen.lineTo(x, y));
  pen.stroke();
  pen.setLineDash([]);
};
const power = (value) => value.toExponential(0).replace("-", "−").replace("+", "");

// The middles of the cells of the square from −reach to reach, row by row from the top: examples for forward().
const planeOf = (reach) =>
  Float64Array.from({ length: 2 * CELLS * CELLS }, (_, i) => {
    const cell = i >> 1, place = i % 2 ? CELLS - 1 - Math.floor(cell / CELLS) : cell % CELLS;
    return reach * ((2 * place + 1) / CELLS - 1);
  });

// A small image of the plane: the value −1 … 1 of each cell in colour, the strongest at `most` of the full colour.
const scratch = document.createElement("canvas");
scratch.width = scratch.height = CELLS;
const imageOf = (value, most) => {
  const pen = scratch.getContext("2d"), image = pen.createImageData(CELLS, CELLS);
  for (let cell = 0; cell < CELLS * CELLS; cell++) {
    const v = value(cell) || 0, end = v < 0 ? LOW : HIGH, share = most * Math.min(1, Math.abs(v));
    for (let c = 0; c < 3; c++) image.data[4 * cell + c] = MIDDLE[c] + share * (end[c] - MIDDLE[c]);
    image.data[4 * cell + 3] = 255;
  }
  pen.putImageData(image, 0, 0);
  return scratch;
};

// The line where the logits change their sign: in each square of four neighbouring cells, from edge to edge.
const drawBoundary = (pen, logits, scale) => {
  const at = (i, j) => logits[j * CELLS + i];
  pen.strokeStyle = INK;
  pen.lineWidth = 2;
  pen.beginPath();
  for (let j = 0; j < CELLS - 1; j++)
    for (let i = 0; i < CELLS - 1; i++) {
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
      const crossings = corners.flatMap(([a, b], k) => {
        const [c, d] = corners[(k + 1) % 4], one = at(a, b), other = at(c, d);
        if (one > 0 === other > 0) return [];
        const t = one / (one - other);
        return [[(a + t * (c - a) + 0.5) * scale, (b + t * (d - b) + 0.5) * scale]];
      });
      crossings.forEach((point, k) => (k % 2 ? pen.lineTo(...point) : pen.moveTo(...point)));
    }
  pen.stroke();
};

// A mark: class 0 is a disc, class 1 a cross; of validation points they are small and thin.
const drawMark = (pen, x, y, kind, small) => {
  const r = small ? 2.5 : 4;
  const shape = () => {
    pen.beginPath();
    if (kind) {
      pen.moveTo(x - r, y - r);
      pen.lineTo(x + r, y + r);
      pen.moveTo(x - r, y + r);
      pen.lineTo(x + r, y - r);
    } else pen.arc(x, y, r, 0, 2 * Math.PI);
    pen.stroke();
  };
  pen.strokeStyle = PAPER;
  pen.lineWidth = small ? 2.5 : 5;
  shape();
  pen.strokeStyle = pen.fillStyle = kind ? "#a34700" : "#005a8e";
  pen.lineWidth = small ? 1 : 2.5;
  shape();
  if (!kind && !small) pen.fill();
};

const drawSurface = (canvas, logits, { training, validation }, reach) => {
  const pen = canvas.getContext("2d"), { wide } = canvas;
  pen.drawImage(imageOf((cell) => 2 / (1 + Math.exp(-logits[cell])) - 1, 0.55), 0, 0, wide, wide);
  drawBoundary(pen, logits, wide / CELLS);
  const place = (value) => ((1 + value / reach) / 2) * wide;
  for (const { x, y, small } of [{ ...validation, small: true }, training])
    y.forEach((kind, k) => drawMark(pen, place(x[2 * k]), wide - place(x[2 * k + 1]), kind, small));
};

// The losses against the epoch, on a logarithmic scale, each curve with its name and last value at its end.
const CURVES = { training: { color: COLORS[2], width: 2.5 }, validation: { color: COLORS[3], width: 2, dash: [6, 3] } };
const drawCurves = (canvas, history) => {
  const pen = canvas.getContext("2d"), { wide, tall } = canvas;
  const [left, right, top, bottom] = [46, wide - 8, 26, tall - 24];
  const losses = history.flatMap(({ training, validation }) => [training.loss, validation.loss]).filter(Number.isFinite);
  const least = losses.reduce((a, b) => Math.min(a, b), 0.2), most = losses.reduce((a, b) => Math.max(a, b), 1);
  const low = Math.max(-6, Math.floor(Math.log10(least))), high = Math.min(12, Math.ceil(Math.log10(most)));
  const last = history.length - 1, longest = Math.max(10, last);
  const x = (epoch) => left + (epoch / longest) * (right - left);
  const y = (loss) => bottom - ((Math.log10(Math.max(10 ** low, loss)) - low) / (high - low)) * (bottom - top);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, wide, tall);
  write(pen, "loss (log scale)", 4, 15);
  for (let e = low; e <= high; e += Math.ceil((high - low) / 6)) {
    line(pen, [[left, y(10 ** e)], [right, y(10 ** e)]], { color: GRID });
    write(pen, Math.abs(e) > 3 ? power(10 ** e) : String(10 ** e), left - 5, y(10 ** e) + 4, { align: "right" });
  }
  write(pen, "epoch", (left + right) / 2, tall - 6, { align: "center" });
  write(pen, "0", left, tall - 6);
  write(pen, String(longest), right, tall - 6, { align: "right" });
  const stride = Math.ceil(history.length / wide);
  for (const [part, look] of Object.entries(CURVES)) {
    const some = history.map((entry, k) => [x(k), y(entry[part].loss)]);
    line(pen, some.filter((point, k) => Number.isFinite(point[1]) && (k % stride === 0 || k === last)), look);
  }
  const [under, over] = Object.keys(CURVES).sort((a, b) => history[last][a].loss - history[last][b].loss);
  for (const [part, shift] of [[under, 18], [over, -8]]) {
    const { loss } = history[last][part], { color } = CURVES[part];
    const height = Math.max(top + 10, Math.min(bottom - 5, (y(loss) || top) + shift));
    const align = last > longest / 2 ? "right" : "left";
    write(pen, `${part} ${short(loss)}`, x(last), height, { align, color, weight: "600", halo: true });
  }
};

// How large the network's picture is: a column for each layer, a square for each neuron.
const sizeOfDiagram = (sizes, wide) => {
  const column = wide / sizes.length;
  const side = Math.floor(Math.max(18, Math.min(46, column * 0.66, 300 / Math.max(...sizes) - 6)));
  const rows = Math.max(...sizes) * (side + 6);
  return { column, side, rows, tall: rows + 120 };
};

// The network: each neuron's output over the plane, the weights as lines, and each layer's ‖∂L/∂W‖ as a bar.
const drawDiagram = (canvas, network, plane, outputs, lengths) => {
  const pen = canvas.getContext("2d"), { wide, tall } = canvas, { sizes } = network;
  const { column, side, rows } = sizeOfDiagram(sizes, wide);
  const place = (l, j) => [(l + 0.5) * column, 24 + ((j + 0.5) * rows) / sizes[l]];
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, wide, tall);
  network.layers.forEach(({ n, m, weight }, l) => {
    for (let j = 0; j < m; j++)
      for (let i = 0; i < n; i++) {
        const w = network.theta[weight + j * n + i], [a, b] = [place(l, i), place(l + 1, j)];
        const look = { color: COLORS[w < 0 ? 0 : 1], width: Math.min(8, 1.5 * Math.abs(w)), dash: w < 0 ? [4, 3] : [] };
        if (look.width > 0.02) line(pen, [[a[0] + side / 2, a[1]], [b[0] - side / 2, b[1]]], look);
      }
  });
  sizes.forEach((m, l) => {
    const values = l ? outputs[l - 1].a : plane;
    const shade = l === 0 ? Math.tanh : l === sizes.length - 1 ? (a) => Math.tanh(a / 2) : network.shade;
    for (let j = 0; j < m; j++) {
      const [x, y] = place(l, j).map((middle) => middle - side / 2);
      pen.drawImage(imageOf((cell) => shade(values[cell * m + j]), 1), x, y, side, side);
      pen.strokeStyle = INK;
      pen.lineWidth = 1;
      pen.strokeRect(x, y, side, side);
    }
    const name = l === 0 ? "inputs" : l === sizes.length - 1 ? "output" : column > 60 ? `layer ${l}` : String(l);
    write(pen, name, place(l, 0)[0], 15, { align: "center" });
  });
  drawLengths(pen, lengths, (l) => (l + 1.5) * column, rows + 24, Math.min(column * 0.5, 36));
};

// Bars from 1e−8 to 1, on a logarithmic scale.
const drawLengths = (pen, lengths, middle, top, width) => {
  write(pen, "‖∂L/∂W‖ of each layer (bars: log scale, 1e−8 to 1)", 4, top + 24);
  const foot = top + 78;
  lengths.forEach((length, l) => {
    const share = Math.max(0, Math.min(1, 1 + Math.log10(length) / 8)) || 0;
    pen.fillStyle = COLORS[5];
    pen.fillRect(middle(l) - width / 2, foot - 44 * share, width, 44 * share + 1);
    write(pen, Number.isFinite(length) ? power(length) : "–", middle(l), foot + 14, { align: "center" });
  });
};
