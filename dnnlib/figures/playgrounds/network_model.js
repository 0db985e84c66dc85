// A small network of dense layers: forward, loss and backpropagation, as dnnlib has them.

const ACTIVATIONS = {
  // name: [a(z), its derivative by z, from z and a, what a picture shows of a: −1 … 1]
  Identity: [(z) => z, () => 1, Math.tanh],
  Sigmoid: [(z) => 1 / (1 + Math.exp(-z)), (z, a) => a * (1 - a), (a) => 2 * a - 1],
  Tanh: [Math.tanh, (z, a) => 1 - a * a, (a) => a],
  ReLU: [(z) => Math.max(0, z), (z) => (z > 0 ? 1 : 0), Math.tanh],
  LeakyReLU: [(z) => (z > 0 ? z : 0.01 * z), (z) => (z > 0 ? 1 : 0.01), Math.tanh],
  ELU: [(z) => (z > 0 ? z : Math.expm1(z)), (z, a) => (z > 0 ? 1 : a + 1), Math.tanh],
};
const STARTS = {
  // name: the standard deviation of a weight between n inputs and m outputs
  zeros: () => 0,
  "N(0, 0.01²)": () => 0.01,
  Xavier: (n, m) => Math.sqrt(2 / (n + m)),
  He: (n) => Math.sqrt(2 / n),
};
const PENALTIES = { none: () => 0, L1: Math.sign, L2: (w) => w }; // their derivatives by a weight, for λ = 1

// Numbers in [0, 1) that a seed repeats (mulberry32), and normal ones from them (Box and Muller).
const randomFrom = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const normalFrom = (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

// Dense layers with one output, a logit. θ is one vector, layer by layer W (out, in) row by row and then b, as dnnlib's.
// Inputs x are the numbers of all examples, one example after the other.
class SmallNetwork {
  constructor(hidden, activation, start, random) {
    this.sizes = [2, ...hidden, 1];
    [this.function, this.derivative, this.shade] = ACTIVATIONS[activation];
    this.layers = [];
    let offset = 0;
    for (let l = 1; l < this.sizes.length; l++) {
      const [n, m] = [this.sizes[l - 1], this.sizes[l]];
      this.layers.push({ n, m, weight: offset, bias: offset + n * m });
      offset += (n + 1) * m;
    }
    this.theta = new Float64Array(offset);
    for (const { n, m, weight, bias } of this.layers)
      for (let k = weight; k < bias; k++) this.theta[k] = STARTS[start](n, m) * normalFrom(random);
  }

  // The sums z and the outputs a of every layer, for all examples; the last outputs are the logits themselves.
  forward(x) {
    const count = x.length / 2, { theta } = this;
    let before = x;
    return this.layers.map(({ n, m, weight, bias }, l) => {
      const z = new Float64Array(count * m);
      for (let k = 0; k < count; k++)
        for (let j = 0; j < m; j++) {
          let sum = theta[bias + j];
          for (let i = 0; i < n; i++) sum += theta[weight + j * n + i] * before[k * n + i];
          z[k * m + j] = sum;
        }
      before = l === this.layers.length - 1 ? z : z.map((value) => this.function(value));
      return { z, a: before };
    });
  }

  // The binary cross-entropy of some examples, and the share that is answered right.
  evaluate({ x, y }) {
    const logits = this.forward(x).at(-1).a;
    let loss = 0, right = 0;
    y.forEach((answer, k) => {
      loss += Math.max(0, logits[k]) - logits[k] * answer + Math.log1p(Math.exp(-Math.abs(logits[k])));
      right += logits[k] > 0 === answer > 0.5;
    });
    return { loss: loss / y.length, accuracy: right / y.length };
  }

  // ∇L(θ) of some examples by backpropagation, with the price λ times the penalty's derivative for each weight.
  gradient({ x, y }, penalty = "none", price = 0) {
    const states = this.forward(x), grad = new Float64Array(this.theta.length);
    let delta = states.at(-1).a.map((logit, k) => (1 / (1 + Math.exp(-logit)) - y[k]) / y.length);
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const back = this.layerGradient(this.layers[l], delta, l ? states[l - 1].a : x, grad);
      if (l) delta = back.map((value, i) => value * this.derivative(states[l - 1].z[i], states[l - 1].a[i]));
    }
    for (const { weight, bias } of this.layers)
      for (let k = weight; k < bias; k++) grad[k] += price * PENALTIES[penalty](this.theta[k]);
    return grad;
  }

  // Of δ = ∂L/∂z: adds ∂L/∂W = δᵀ a and ∂L/∂b = Σ δ to `grad`, and returns ∂L/∂a = δ W, of the layer's inputs a.
  layerGradient({ n, m, weight, bias }, delta, inputs, grad) {
    const back = new Float64Array(inputs.length), { theta } = this;
    for (let k = 0; k < delta.length / m; k++)
      for (let j = 0; j < m; j++) {
        const d = delta[k * m + j];
        grad[bias + j] += d;
        for (let i = 0; i < n; i++) {
          grad[weight + j * n + i] += d * inputs[k * n + i];
          back[k * n + i] += d * theta[weight + j * n + i];
        }
      }
    return back;
  }

  // ‖∂L/∂W‖ of every layer.
  gradientLengths(examples) {
    const grad = this.gradient(examples);
    return this.layers.map(({ weight, bias }) => Math.hypot(...grad.subarray(weight, bias)));
  }
}
