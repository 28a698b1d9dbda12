import { describe, expect, it } from "vitest";
import { constantLaw, distributionOf, exponentialLaw } from "../../src/base/distribution.js";
import { RandomStream } from "../../src/base/random.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { RequestStock, type SimRequest } from "../../src/model/request.js";
import { SeriesMix } from "../../src/model/series-mix.js";
import { TrafficSource, type TrafficSpec } from "../../src/model/traffic-source.js";

const Z = 4;
const noBins = { originMs: 0, binMs: 1 };
const constant = (value: number) => distributionOf(constantLaw(value));

/** How often each series occurs in this many draws at an instant. */
function drawn(mix: SeriesMix, seriesCount: number, draws: number, atMs = 0): number[] {
  const counts = new Array<number>(seriesCount).fill(0);
  for (let i = 0; i < draws; i++) counts[mix.draw(atMs)]++;
  return counts;
}

describe("a mix of series", () => {
  it("draws each series as often as its weight described, and one of weight 0 never", () => {
    const weights = [2, 0, 5, 3];
    const mix = new SeriesMix(4, Float64Array.from(weights), noBins, new RandomStream("mix"));
    const counts = drawn(mix, 4, 20_000);
    counts.forEach((count, s) => {
      const p = weights[s] / 10;
      expect(Math.abs(count - 20_000 * p)).toBeLessThanOrEqual(Z * Math.sqrt(20_000 * p * (1 - p)));
    });
  });

  it("takes the weights of the bin of the instant, and those of the last bin after its end", () => {
    const weights = Float64Array.from([0, 0, 1, 0, 1, 0, 1, 0, 0]);
    const mix = new SeriesMix(3, weights, { originMs: 1000, binMs: 100 }, new RandomStream("bins"));
    expect([1000, 1099, 1100, 1199, 1200, 9999].map((atMs) => mix.draw(atMs))).toEqual([2, 2, 1, 1, 0, 0]);
  });

  it("has the same weights at any instant where there is one bin of them", () => {
    const mix = new SeriesMix(2, Float64Array.of(1, 0), { originMs: 1000, binMs: 100 }, new RandomStream("one bin"));
    expect([-5000, 0, 1050, 9e9].map((atMs) => mix.draw(atMs))).toEqual([0, 0, 0, 0]);
  });

  it("draws no number where there is one series", () => {
    const [used, fresh] = [new RandomStream("one"), new RandomStream("one")];
    expect(new SeriesMix(1, Float64Array.of(3), noBins, used).draw(0)).toBe(0);
    expect(used.uniform()).toBe(fresh.uniform());
  });
});

/** The requests that come until `untilMs`: one every 100 ms. */
function requests(
  more: Partial<TrafficSpec["laws"]>,
  untilMs: number,
  { stock = new RequestStock(), kernel = new Kernel() } = {},
): SimRequest[] {
  const sent: SimRequest[] = [];
  const spec: TrafficSpec = {
    process: { nextAfter: (nowMs) => (nowMs + 100 > 1000 ? Number.POSITIVE_INFINITY : nowMs + 100) },
    mix: new SeriesMix(2, Float64Array.of(0, 1), noBins, new RandomStream("series")),
    seriesRegion: Int32Array.of(3, 4),
    seriesFormat: Int32Array.of(5, 6),
    laws: {
      ...{ holding: distributionOf(exponentialLaw(1000)), patience: undefined, cpu: undefined },
      ...{ memoryBytes: undefined, bitsPerSecond: undefined, ...more },
    },
    streams: {
      holding: new RandomStream("holding"),
      patience: new RandomStream("patience"),
      load: new RandomStream("load"),
    },
  };
  new TrafficSource(spec, kernel, stock, (request) => sent.push(request)).start();
  kernel.run(untilMs);
  return sent;
}

describe("the source of traffic", () => {
  it("sends a first attempt at each arrival, with its series' region and format, and ends with the process", () => {
    const kernel = new Kernel();
    const sent = requests({}, 1e6, { kernel });
    expect(kernel.pending).toBe(0);
    expect(sent.map(({ arrivedAtMs }) => arrivedAtMs)).toEqual(Array.from({ length: 10 }, (_, i) => 100 * (i + 1)));
    expect(sent.map(({ id }) => id)).toEqual(sent.map((_, i) => i + 1));
    expect(sent[6]).toMatchObject({ series: 1, region: 4, format: 6, attempt: 0, source: 7 });
  });

  it("leaves patience infinite and loads at 0 where the scenario has no law for them", () => {
    const [request] = requests({}, 100);
    expect(request).toMatchObject({ patienceMs: Infinity, cpu: 0, memoryBytes: 0, bitsPerSecond: 0 });
    const all = { patience: constant(11), cpu: constant(12), memoryBytes: constant(13), bitsPerSecond: constant(14) };
    expect(requests(all, 100)[0]).toMatchObject({ patienceMs: 11, cpu: 12, memoryBytes: 13, bitsPerSecond: 14 });
  });

  it("draws the same holding times whatever else is drawn", () => {
    const holding = (more: Partial<TrafficSpec["laws"]>): number[] =>
      requests(more, 1e6).map(({ holdingMs }) => holdingMs);
    const patience = distributionOf(exponentialLaw(5));
    expect(holding({ patience, cpu: patience })).toEqual(holding({}));
    expect(new Set(holding({})).size).toBe(10);
  });

  it("sends a request that was used before as a new one", () => {
    const stock = new RequestStock();
    const used = stock.take();
    Object.assign(used, { attempt: 3, startedAtMs: 5, pool: 2 });
    stock.giveBack(used);
    const [request] = requests({}, 100, { stock });
    expect(request).toBe(used);
    expect(request).toMatchObject({ attempt: 0, startedAtMs: Number.NaN, pool: -1 });
  });
});
