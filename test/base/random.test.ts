import { describe, expect, it } from "vitest";
import { RandomStream, RandomStreams } from "../../src/base/random.js";

const N = 100_000;
const Z = 4;

function draw(name: string, n = N): Float64Array {
  const random = new RandomStream(name);
  return Float64Array.from({ length: n }, () => random.uniform());
}

describe("named random streams", () => {
  it("repeat themselves to the last bit, and differ by seed, replication and name", () => {
    const of = (seed: number | string, replication: number, name: string): string =>
      Float64Array.from({ length: 50 }, streamOf(seed, replication, name)).join();
    expect(of(1, 0, "arrivals")).toBe(of(1, 0, "arrivals"));
    const others = [
      of(1, 0, "arrivals"),
      of(2, 0, "arrivals"),
      of(1, 1, "arrivals"),
      of(1, 0, "holding"),
      of("1x", 0, "arrivals"),
    ];
    expect(new Set(others).size).toBe(5);
  });

  it("are bound to these numbers: a change would change every published result", () => {
    const random = new RandomStreams(42, 0).named("arrivals");
    expect([random.uint32(), random.uint32(), random.uint32()]).toMatchInlineSnapshot(`
      [
        2456644837,
        3591518615,
        3160266739,
      ]
    `);
  });

  it("do not move when another stream is drawn from: another policy never moves an arrival", () => {
    const streams = new RandomStreams(1, 0);
    const alone = streams.named("arrivals");
    const wanted = Array.from({ length: 100 }, () => alone.uniform());
    const arrivals = streams.named("arrivals");
    const balancer = streams.named("balancer");
    const found = Array.from({ length: 100 }, (_, i) => {
      for (let n = 0; n < i % 5; n++) balancer.normal();
      return arrivals.uniform();
    });
    expect(found).toEqual(wanted);
  });

  it("are not correlated: arrivals with holding, one replication with the next", () => {
    const names = ["1/0/arrivals", "1/0/holding", "1/1/arrivals", "2/0/arrivals"];
    const draws = names.map((name) => draw(name));
    for (let a = 0; a < names.length; a++) {
      for (let b = 0; b < a; b++) {
        let sum = 0;
        for (let i = 0; i < N; i++) sum += (draws[a][i] - 0.5) * (draws[b][i] - 0.5);
        // The correlation of n independent pairs has a standard error of 1/√n.
        expect(Math.abs((12 * sum) / N)).toBeLessThan(Z / Math.sqrt(N));
      }
    }
  });
});

describe("the laws of a stream", () => {
  it("are uniform: mean, variance, every 64th part, and never 0 or 1", () => {
    const draws = draw("uniform");
    const parts = new Array<number>(64).fill(0);
    let sum = 0;
    for (const u of draws) {
      if (!(u > 0 && u < 1)) expect.fail(`drew ${u}`);
      parts[Math.floor(u * 64)]++;
      sum += u;
    }
    expect(Math.abs(sum / N - 0.5)).toBeLessThan(Z * Math.sqrt(1 / 12 / N));
    const chiSquare = parts.reduce((total, n) => total + ((n - N / 64) * (n - N / 64)) / (N / 64), 0);
    // χ² with 63 degrees of freedom: standard deviation √126 = 11.2.
    expect(Math.abs(chiSquare - 63)).toBeLessThan(Z * 11.2);
  });

  it("are exponential with mean 1 and normal with mean 0 and variance 1", () => {
    const random = new RandomStream("moments");
    let [exponential, exponentialSquare, normal, normalSquare, normalFourth] = [0, 0, 0, 0, 0];
    for (let i = 0; i < N; i++) {
      const e = random.exponential();
      const z = random.normal();
      exponential += e;
      exponentialSquare += e * e;
      normal += z;
      normalSquare += z * z;
      normalFourth += z * z * z * z;
    }
    const near = (found: number, wanted: number, deviation: number): void =>
      expect(Math.abs(found / N - wanted)).toBeLessThan((Z * deviation) / Math.sqrt(N));
    near(exponential, 1, 1);
    near(exponentialSquare, 2, Math.sqrt(20));
    near(normal, 0, 1);
    near(normalSquare, 1, Math.sqrt(2));
    near(normalFourth, 3, Math.sqrt(96));
  });

  it.each([0.3, 5, 29.9, 30.1, 200, 1e5])("are Poisson with mean %d, by products and by rejection", (mean) => {
    const random = new RandomStream(`poisson ${mean}`);
    const n = 20_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const count = random.poisson(mean);
      if (!Number.isInteger(count) || count < 0) expect.fail(`drew ${count}`);
      sum += count - mean;
      squares += (count - mean) * (count - mean);
    }
    expect(Math.abs(sum / n)).toBeLessThan(Z * Math.sqrt(mean / n));
    // Var of (X − λ)² is λ + 2λ².
    expect(Math.abs(squares / n - mean)).toBeLessThan(Z * Math.sqrt((mean + 2 * mean * mean) / n));
  });

  it("count nothing for a mean of 0, and stay below the bound of whole numbers", () => {
    const random = new RandomStream("bounds");
    expect([random.poisson(0), random.poisson(Number.NaN)]).toEqual([0, 0]);
    const seen = new Set(Array.from({ length: 2000 }, () => random.integerBelow(7)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(random.integerBelow(1)).toBe(0);
  });
});

function streamOf(seed: number | string, replication: number, name: string): () => number {
  const random = new RandomStreams(seed, replication).named(name);
  return () => random.uniform();
}
