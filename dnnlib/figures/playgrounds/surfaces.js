// The losses of dnnlib.surfaces, by their names there. The part that is drawn and the minima come with the data.

const quadratic = (steep) => ({
  formula: `½(θ₁² + ${steep}θ₂²)`,
  loss: (a, b) => 0.5 * (a ** 2 + steep * b ** 2),
  gradient: (a, b) => [a, steep * b],
});

const SURFACES = {
  bowl: quadratic(4),
  valley: quadratic(25),
  saddle: {
    formula: "½(θ₁² − θ₂²) + ¼θ₂⁴",
    loss: (a, b) => 0.5 * (a ** 2 - b ** 2) + 0.25 * b ** 4,
    gradient: (a, b) => [a, b ** 3 - b],
  },
  "Beale's function": {
    loss: (a, b) => (1.5 - a + a * b) ** 2 + (2.25 - a + a * b ** 2) ** 2 + (2.625 - a + a * b ** 3) ** 2,
    gradient: (a, b) => {
      const r1 = 1.5 - a + a * b, r2 = 2.25 - a + a * b ** 2, r3 = 2.625 - a + a * b ** 3;
      return [
        2 * (r1 * (b - 1) + r2 * (b ** 2 - 1) + r3 * (b ** 3 - 1)),
        2 * a * (r1 + 2 * r2 * b + 3 * r3 * b ** 2),
      ];
    },
  },
};

// θ⁰, θ¹, …: up to the last finite point, as dnnlib.surfaces.Surface.descend.
const descentPath = (surface, optimizer, options, start, steps) => {
  const { gradient } = SURFACES[surface], step = stepper(optimizer);
  const theta = Float64Array.from(start), path = [[...theta]];
  for (let k = 0; k < steps; k++) {
    step(theta, gradient(...theta), options);
    if (!theta.every(Number.isFinite)) break;
    path.push([...theta]);
  }
  return path;
};
