// The optimizers of chapter 08 on arrays of numbers, with dnnlib's names, equations and defaults.
// An optimizer is {defaults, memory, update}: `update(theta, grad, memory, options, t)` moves theta in place at step t.

const descend = (theta, grad, velocity, { lr, momentum, nesterov }) => {
  for (let i = 0; i < theta.length; i++) {
    velocity[i] = momentum * velocity[i] + grad[i];
    theta[i] -= lr * (nesterov ? grad[i] + momentum * velocity[i] : velocity[i]);
  }
};

const adam = (theta, grad, [m, s], { lr, beta1, beta2, eps, weightDecay = 0 }, t) => {
  for (let i = 0; i < theta.length; i++) {
    theta[i] *= 1 - lr * weightDecay;
    m[i] = beta1 * m[i] + (1 - beta1) * grad[i];
    s[i] = beta2 * s[i] + (1 - beta2) * grad[i] ** 2;
    theta[i] -= (lr * m[i]) / (1 - beta1 ** t) / (Math.sqrt(s[i] / (1 - beta2 ** t)) + eps);
  }
};

const BETAS = { beta1: 0.9, beta2: 0.999, eps: 1e-8 };

const OPTIMIZERS = {
  SGD: {
    memory: 1,
    defaults: { momentum: 0 },
    update: (theta, grad, [v], options) => descend(theta, grad, v, options),
  },
  Momentum: {
    memory: 1,
    defaults: { momentum: 0.9 },
    update: (theta, grad, [v], options) => descend(theta, grad, v, options),
  },
  Nesterov: {
    memory: 1,
    defaults: { momentum: 0.9, nesterov: true },
    update: (theta, grad, [v], options) => descend(theta, grad, v, options),
  },
  Adagrad: {
    memory: 1,
    defaults: { eps: 1e-10 },
    update(theta, grad, [sum], { lr, eps }) {
      for (let i = 0; i < theta.length; i++) {
        sum[i] += grad[i] ** 2;
        theta[i] -= (lr * grad[i]) / (Math.sqrt(sum[i]) + eps);
      }
    },
  },
  RMSprop: {
    memory: 1,
    defaults: { alpha: 0.99, eps: 1e-8 },
    update(theta, grad, [mean], { lr, alpha, eps }) {
      for (let i = 0; i < theta.length; i++) {
        mean[i] = alpha * mean[i] + (1 - alpha) * grad[i] ** 2;
        theta[i] -= (lr * grad[i]) / (Math.sqrt(mean[i]) + eps);
      }
    },
  },
  Adadelta: {
    memory: 2,
    defaults: { rho: 0.9, eps: 1e-6 },
    update(theta, grad, [mean, steps], { lr, rho, eps }) {
      for (let i = 0; i < theta.length; i++) {
        mean[i] = rho * mean[i] + (1 - rho) * grad[i] ** 2;
        const step = Math.sqrt((steps[i] + eps) / (mean[i] + eps)) * grad[i];
        steps[i] = rho * steps[i] + (1 - rho) * step ** 2;
        theta[i] -= lr * step;
      }
    },
  },
  Adam: { memory: 2, defaults: BETAS, update: adam },
  AdamW: { memory: 2, defaults: { ...BETAS, weightDecay: 0.01 }, update: adam },
  NAdam: {
    memory: 2,
    defaults: { ...BETAS, momentumDecay: 4e-3 },
    update(theta, grad, [m, s], { lr, beta1, beta2, eps, momentumDecay }, t) {
      const mu = (k) => beta1 * (1 - 0.5 * 0.96 ** (k * momentumDecay));
      let product = 1;
      for (let k = 1; k <= t; k++) product *= mu(k);
      for (let i = 0; i < theta.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * grad[i];
        s[i] = beta2 * s[i] + (1 - beta2) * grad[i] ** 2;
        const step = ((1 - mu(t)) * grad[i]) / (1 - product) + (mu(t + 1) * m[i]) / (1 - product * mu(t + 1));
        theta[i] -= (lr * step) / (Math.sqrt(s[i] / (1 - beta2 ** t)) + eps);
      }
    },
  },
};

// A stepper with a memory of its own: stepper("Adam")(theta, grad, {lr: 0.1}) is one step; the options may change.
const stepper = (name) => {
  const { memory, defaults, update } = OPTIMIZERS[name];
  let vectors, t = 0;
  return (theta, grad, options) => {
    vectors ??= Array.from({ length: memory }, () => new Float64Array(theta.length));
    update(theta, grad, vectors, { ...defaults, ...options }, ++t);
  };
};
