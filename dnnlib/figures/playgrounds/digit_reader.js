// What the digit playground computes: an image from strokes, as the course's digits were made, and the answer to it.

const SIDE = 8, BLOCK = 4, GRID_SIDE = SIDE * BLOCK; // 32×32 dots, counted in blocks of 4×4
const PEN = 4.8, NARROWEST = 10, WIDEST = 20; // in dots: so drawings get the ink and the width of the course's digits
const STEEPEST = 0.7;

// Points one unit apart along each stroke: so they count ink, and not how fast the hand was.
const inkOf = (strokes) =>
  strokes.flatMap((stroke) =>
    stroke.flatMap(([x, y], i) => {
      if (i === 0) return [[x, y]];
      const [a, b] = stroke[i - 1], count = Math.ceil(Math.hypot(x - a, y - b));
      const shares = Array.from({ length: count }, (_, k) => (k + 1) / count);
      return shares.map((share) => [a + share * (x - a), b + share * (y - b)]);
    }),
  );

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// Upright: a slanted line is a row's middle that moves with the height, and its slope is what least squares says.
const upright = (points) => {
  const middleX = mean(points.map(([x]) => x)), middleY = mean(points.map(([, y]) => y));
  const tilt = mean(points.map(([x, y]) => (x - middleX) * (y - middleY)));
  const height = mean(points.map(([, y]) => (y - middleY) ** 2));
  const slope = Math.max(-STEEPEST, Math.min(STEEPEST, tilt / (height || 1)));
  return points.map(([x, y]) => [x - slope * (y - middleY), y]);
};

const extent = (points, axis) => {
  const values = points.map((point) => point[axis]);
  return [Math.min(...values), Math.max(...values)];
};

// The 8×8 image of some strokes, 0 … 1: upright, as high as the image, from 10 to 20 dots wide, centred, drawn with a
// pen of one width on 32×32 dots, and counted. A lying line keeps its shape: it is not blown up to the whole height.
const imageOf = (strokes) => {
  const points = upright(inkOf(strokes));
  const [[left, right], [top, bottom]] = [extent(points, 0), extent(points, 1)];
  const scale = (GRID_SIDE - PEN) / Math.max(bottom - top, 0.4 * (right - left), 1);
  const squeeze = Math.min(1, (WIDEST - PEN) / (scale * (right - left) || 1));
  const stretch = Math.max(1, NARROWEST / (scale * squeeze * (right - left) + PEN)); // of the pen too, as of a bitmap
  const reach = PEN * stretch, dots = new Uint8Array(GRID_SIDE * GRID_SIDE);
  for (const [x, y] of points) {
    const i = (x - (left + right) / 2) * scale * squeeze * stretch + GRID_SIDE / 2;
    const j = (y - (top + bottom) / 2) * scale + GRID_SIDE / 2;
    for (let row = Math.max(0, Math.floor(j - reach)); row < Math.min(GRID_SIDE, j + reach); row++)
      for (let column = Math.max(0, Math.floor(i - reach)); column < Math.min(GRID_SIDE, i + reach); column++)
        if (Math.hypot((column + 0.5 - i) / stretch, row + 0.5 - j) <= PEN / 2) dots[row * GRID_SIDE + column] = 1;
  }
  const image = new Float64Array(SIDE * SIDE);
  dots.forEach((dot, k) => {
    const row = Math.floor(k / GRID_SIDE / BLOCK), column = Math.floor((k % GRID_SIDE) / BLOCK);
    image[row * SIDE + column] += dot / BLOCK ** 2;
  });
  return image;
};

const ACTIVATIONS = {
  ReLU: (z) => Math.max(0, z),
  Sigmoid: (z) => 1 / (1 + Math.exp(-z)),
  Tanh: Math.tanh,
};

const softmax = (z) => {
  const most = Math.max(...z), powers = z.map((value) => Math.exp(value - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((value) => value / sum);
};

// Base64, after the comma of a data address, as numbers.
const decoded = (address, Kind) =>
  new Kind(Uint8Array.from(atob(address.split(",")[1]), (letter) => letter.charCodeAt(0)).buffer);

// A network that was trained elsewhere. θ is one vector, layer by layer W (out, in) row by row and then b, as dnnlib's.
class Reader {
  constructor({ layers, theta }) {
    this.layers = layers;
    this.theta = decoded(theta, Float32Array);
  }

  // The outputs of every layer for one image; those of the last are the logits.
  forward(image) {
    let a = image, offset = 0;
    return this.layers.map(({ inputs, outputs, activation }) => {
      const bias = offset + inputs * outputs, z = new Float64Array(outputs);
      for (let j = 0; j < outputs; j++) {
        z[j] = this.theta[bias + j];
        for (let i = 0; i < inputs; i++) z[j] += this.theta[offset + j * inputs + i] * a[i];
      }
      offset = bias + outputs;
      return (a = activation ? z.map(ACTIVATIONS[activation]) : z);
    });
  }

  // The hidden layers' activations, the ten probabilities, and the digits from the likeliest to the least likely.
  read(image) {
    const outputs = this.forward(image), probabilities = softmax(outputs.at(-1));
    const ranking = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
    return { hidden: outputs.slice(0, -1), probabilities, ranking };
  }
}
