import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../../src/base/random.js";
import { ArrivalNowcast } from "../../../../src/control/policies/predictive/arrival-nowcast.js";

const TICK_MS = 5_000;
const SPAN_MS = 35_000;
const RATE = 3.3 / 1000;

interface Told {
  readonly now: number;
  readonly ahead: number;
}

/**
 * Root mean square of expected − came over `ticks` after a day of learning, in units of √mean
 * count.
 */
function errorOf(rateAt: (tick: number) => number, told: (tick: number) => Told, seed = "nowcast"): number {
  const random = new RandomStream(seed);
  const nowcast = new ArrivalNowcast(RATE);
  const learning = 17_280;
  const totals: number[] = [0];
  const said: number[] = [];
  for (let tick = 0; tick < 2 * learning; tick++) {
    nowcast.observe(tick * TICK_MS, totals[tick]);
    const { now, ahead } = told(tick);
    said.push(nowcast.expect(SPAN_MS, now, ahead));
    totals.push(totals[tick] + random.poisson(rateAt(tick) * TICK_MS));
  }
  let sum = 0;
  let count = 0;
  for (let tick = learning; tick + 7 < 2 * learning; tick++) {
    const error = said[tick] - (totals[tick + 7] - totals[tick]);
    sum += (error * error) / (RATE * SPAN_MS);
    count++;
  }
  return Math.sqrt(sum / count);
}

const flat = (): number => RATE;
const silent = (): Told => ({ now: Number.NaN, ahead: Number.NaN });

describe("the nowcast of arrivals", () => {
  it("errs by Poisson noise and little more on white noise", () => {
    expect(errorOf(flat, silent)).toBeLessThan(1.08);
  });

  it("is hardly worse with a forecaster that talks nonsense, however wild", () => {
    const random = new RandomStream("garbage");
    const garbage = (): Told => ({ now: RATE * 100 * random.uniform(), ahead: RATE * 100 * random.uniform() });
    expect(errorOf(flat, garbage)).toBeLessThan(1.03 * errorOf(flat, silent));
    const broken = (): Told => ({ now: Number.NEGATIVE_INFINITY, ahead: Number.POSITIVE_INFINITY });
    expect(errorOf(flat, broken)).toBeLessThan(1.03 * errorOf(flat, silent));
  });

  it("follows a forecast of a change that the last minutes do not show", () => {
    // The rate jumps every ten minutes between 1 and 2; only the forecast knows when.
    const jumping = (tick: number): number => RATE * (Math.floor(tick / 120) % 2 === 0 ? 0.67 : 1.33);
    const knows = (tick: number): Told => ({ now: jumping(tick), ahead: jumping(tick + 3.5) });
    expect(errorOf(jumping, knows)).toBeLessThan(0.9 * errorOf(jumping, silent));
  });

  it("answers within bounds before it has seen a request", () => {
    const nowcast = new ArrivalNowcast(0);
    nowcast.observe(0, 0);
    expect(nowcast.expect(SPAN_MS, Number.NaN, Number.NaN)).toBe(0);
    expect(nowcast.expect(SPAN_MS, 1, 1e300)).toBe(0);
  });

  it("counts the arrivals between two observations of the same instant once", () => {
    const nowcast = new ArrivalNowcast(0);
    nowcast.observe(0, 0);
    nowcast.observe(60_000, 60);
    nowcast.observe(60_000, 60);
    const once = new ArrivalNowcast(0);
    once.observe(0, 0);
    once.observe(60_000, 60);
    const span = [SPAN_MS, Number.NaN, Number.NaN] as const;
    expect(nowcast.expect(...span)).toBe(once.expect(...span));
  });
});
