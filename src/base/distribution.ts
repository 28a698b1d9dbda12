import { normalCdf, normalQuantile } from "./normal.js";
import type { RandomStream } from "./random.js";

/**
 * The distribution of a non-negative quantity, as plain data that crosses threads and is printed in
 * results. Times are in ms. `lognormal` has the parameters of the underlying normal distribution,
 * `empirical` its sorted sample.
 */
export type Law =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "exponential"; readonly mean: number }
  | { readonly kind: "lognormal"; readonly mu: number; readonly sigma: number }
  | { readonly kind: "pareto"; readonly scale: number; readonly shape: number }
  | { readonly kind: "empirical"; readonly sorted: Float64Array };

/** A distribution to draw from. `survival(t)` = P(X > t). */
export interface Distribution {
  readonly law: Law;
  readonly mean: number;
  sample(random: RandomStream): number;
  survival(t: number): number;
  quantile(probability: number): number;
}

export function constantLaw(value: number): Law {
  return { kind: "constant", value };
}

export function exponentialLaw(mean: number): Law {
  return { kind: "exponential", mean };
}

/** Lognormal with this mean and coefficient of variation: σ² = ln(1 + cv²), µ = ln mean − σ²/2. */
export function lognormalByMean(mean: number, cv: number): Law {
  const variance = Math.log(1 + cv * cv);
  return { kind: "lognormal", mu: Math.log(mean) - variance / 2, sigma: Math.sqrt(variance) };
}

/** Lognormal through its median and 99 % quantile. */
export function lognormalByMedian(median: number, p99: number): Law {
  return { kind: "lognormal", mu: Math.log(median), sigma: Math.log(p99 / median) / 2.3263478740408408 };
}

/** Pareto (type I) with this mean; shape > 1: scale = mean·(shape − 1)/shape. */
export function paretoLaw(mean: number, shape: number): Law {
  return { kind: "pareto", scale: (mean * (shape - 1)) / shape, shape };
}

/** The values themselves, each with the same probability. */
export function empiricalLaw(values: Float64Array): Law {
  return { kind: "empirical", sorted: values.slice().sort() };
}

/** Makes a sampler of a distribution. */
export function distributionOf(law: Law): Distribution {
  switch (law.kind) {
    case "constant":
      return new Constant(law);
    case "exponential":
      return new Exponential(law);
    case "lognormal":
      return new Lognormal(law);
    case "pareto":
      return new Pareto(law);
    case "empirical":
      return new Empirical(law);
  }
}

type LawOf<K extends Law["kind"]> = Extract<Law, { kind: K }>;

class Constant implements Distribution {
  readonly mean: number;
  constructor(readonly law: LawOf<"constant">) {
    this.mean = law.value;
  }
  sample(): number {
    return this.law.value;
  }
  survival(t: number): number {
    return t < this.law.value ? 1 : 0;
  }
  quantile(): number {
    return this.law.value;
  }
}

class Exponential implements Distribution {
  readonly mean: number;
  constructor(readonly law: LawOf<"exponential">) {
    this.mean = law.mean;
  }
  sample(random: RandomStream): number {
    return this.mean * random.exponential();
  }
  survival(t: number): number {
    return t <= 0 ? 1 : Math.exp(-t / this.mean);
  }
  quantile(probability: number): number {
    return -this.mean * Math.log(1 - probability);
  }
}

class Lognormal implements Distribution {
  readonly mean: number;
  constructor(readonly law: LawOf<"lognormal">) {
    this.mean = Math.exp(law.mu + (law.sigma * law.sigma) / 2);
  }
  sample(random: RandomStream): number {
    return Math.exp(this.law.mu + this.law.sigma * random.normal());
  }
  survival(t: number): number {
    if (t <= 0) return 1;
    if (this.law.sigma === 0) return t < this.mean ? 1 : 0;
    return normalCdf((this.law.mu - Math.log(t)) / this.law.sigma);
  }
  quantile(probability: number): number {
    // 0 · ∞ at the ends of a distribution without spread.
    if (this.law.sigma === 0) return this.mean;
    return Math.exp(this.law.mu + this.law.sigma * normalQuantile(probability));
  }
}

class Pareto implements Distribution {
  readonly mean: number;
  constructor(readonly law: LawOf<"pareto">) {
    this.mean = (law.scale * law.shape) / (law.shape - 1);
  }
  sample(random: RandomStream): number {
    return this.law.scale * Math.exp(random.exponential() / this.law.shape);
  }
  survival(t: number): number {
    return t <= this.law.scale ? 1 : Math.exp(-this.law.shape * Math.log(t / this.law.scale));
  }
  quantile(probability: number): number {
    return this.law.scale * Math.exp(-Math.log(1 - probability) / this.law.shape);
  }
}

class Empirical implements Distribution {
  readonly mean: number;
  constructor(readonly law: LawOf<"empirical">) {
    let sum = 0;
    for (const value of law.sorted) sum += value;
    this.mean = sum / law.sorted.length;
  }
  sample(random: RandomStream): number {
    return this.law.sorted[random.integerBelow(this.law.sorted.length)];
  }
  survival(t: number): number {
    const { sorted } = this.law;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] <= t) low = middle + 1;
      else high = middle;
    }
    return (sorted.length - low) / sorted.length;
  }
  quantile(probability: number): number {
    const { sorted } = this.law;
    return sorted[Math.min(sorted.length - 1, Math.floor(probability * sorted.length))];
  }
}
