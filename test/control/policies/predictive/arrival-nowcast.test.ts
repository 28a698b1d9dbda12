import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../../src/base/random.js";
import { ArrivalNowcast } from "../../../../src/control/policies/predictive/arrival-nowcast.js";
import { CountScatter } from "../../../../src/control/policies/predictive/count-scatter.js";
import { LeastSquares } from "../../../../src/control/policies/predictive/least-squares.js";

const TICK_MS = 5_000;
const SPAN_MS = 35_000;
const RATE = 3.3 / 1000;

interface Issued {
  readonly now: number;
  readonly ahead: number;
}

/**
 * Root mean square of expected − actual over `ticks` after a day of learning, in units of √mean
 * count.
 */
function errorOf(rateAt: (tick: number) => number, issued: (tick: number) => Issued, seed = "nowcast"): number {
  const random = new RandomStream(seed);
  const nowcast = new ArrivalNowcast(RATE);
  const learning = 17_280;
  const totals: number[] = [0];
  const expected: number[] = [];
  for (let tick = 0; tick < 2 * learning; tick++) {
    nowcast.observe(tick * TICK_MS, totals[tick]);
    const { now, ahead } = issued(tick);
    expected.push(nowcast.expect(SPAN_MS, now, ahead));
    totals.push(totals[tick] + random.poisson(rateAt(tick) * TICK_MS));
  }
  let sum = 0;
  let count = 0;
  for (let tick = learning; tick + 7 < 2 * learning; tick++) {
    const error = expected[tick] - (totals[tick + 7] - totals[tick]);
    sum += (error * error) / (RATE * SPAN_MS);
    count++;
  }
  return Math.sqrt(sum / count);
}

/**
 * The nowcast by its definition: all predictions in a list, one object each, and every rate by
 * its own formula.
 */
class PlainNowcast {
  private readonly learner = new LeastSquares([0, 0.5, 0, 0], 30);
  private readonly scatter = new CountScatter();
  private pending: {
    readonly fromMs: number;
    readonly spanMs: number;
    readonly arrivals: number;
    readonly base: number;
    readonly expected: number;
    readonly variance: number;
    readonly features: readonly number[];
  }[] = [];
  private rates: readonly number[];
  private last: { readonly atMs: number; readonly arrivals: number } | undefined;
  private notedFromMs = Number.NEGATIVE_INFINITY;
  private judgedFromMs = Number.NEGATIVE_INFINITY;

  constructor(ratePerMs: number) {
    this.rates = [ratePerMs, ratePerMs, ratePerMs];
  }

  observe(atMs: number, arrivals: number): void {
    const { last } = this;
    this.last = { atMs, arrivals };
    if (last === undefined) return;
    const spanMs = atMs - last.atMs;
    const rate = (arrivals - last.arrivals) / spanMs;
    this.rates = [20_000, 90_000, 600_000].map(
      (constantMs, i) => this.rates[i] + (1 - Math.exp(-spanMs / constantMs)) * (rate - this.rates[i]),
    );
    // In the order in which they were made: a later one that is due waits for those before it.
    while (this.pending.length > 0 && this.pending[0].fromMs + this.pending[0].spanMs <= atMs) {
      const [one] = this.pending.splice(0, 1);
      const count = ((arrivals - one.arrivals) * one.spanMs) / (atMs - one.fromMs);
      const deviation = Math.sqrt(Math.max(1, this.scatter.variance(one.expected)));
      const predicted = this.learner.predict(one.features);
      const most = 5 * Math.sqrt(one.variance);
      const surprise = Math.max(-most, Math.min(most, count - one.base - predicted));
      const apartMs = Math.min(one.spanMs, one.fromMs - this.judgedFromMs);
      this.judgedFromMs = one.fromMs;
      const keep = 0.5 ** (apartMs / (6 * 3_600_000));
      this.learner.learn(one.features, predicted + surprise, deviation, keep);
      const weight = apartMs / one.spanMs;
      this.scatter.learn(Math.max(one.base, one.expected), count - one.expected, keep, weight, one.variance);
    }
  }

  expect(spanMs: number, now: number, ahead: number): number {
    const { atMs, arrivals } = this.last as { readonly atMs: number; readonly arrivals: number };
    const expected = this.peek(spanMs, now, ahead);
    const base = this.rates[2] * spanMs;
    const variance = Math.max(1, this.scatter.variance(Math.max(base, expected)));
    const features = this.features(spanMs, now, ahead);
    // A quarter of a span apart, or more.
    if (4 * (atMs - this.notedFromMs) < spanMs) return expected;
    this.notedFromMs = atMs;
    this.pending.push({ fromMs: atMs, spanMs, arrivals, base, expected, variance, features });
    return expected;
  }

  peek(spanMs: number, now: number, ahead: number): number {
    const [short, , long] = this.rates;
    const sum = long * spanMs + this.learner.predict(this.features(spanMs, now, ahead));
    return Math.min(Math.max(sum, 0.2 * short * spanMs), this.most(spanMs));
  }

  most(spanMs: number): number {
    return 4 * Math.max(...this.rates) * spanMs;
  }

  variance(expected: number, spanMs: number): number {
    return this.scatter.variance(Math.max(expected, this.rates[2] * spanMs));
  }

  private features(spanMs: number, now: number, ahead: number): number[] {
    const [short, middle, long] = this.rates;
    const bounded = ahead >= 0 ? Math.min(ahead, 4 * Math.max(...this.rates)) : long;
    const slope = now > 0 && ahead >= 0 ? Math.min(ahead / now - 1, 1) : 0;
    return [short - long, middle - long, bounded - long, middle * slope].map((rate) => rate * spanMs);
  }
}

const flat = (): number => RATE;
const silent = (): Issued => ({ now: Number.NaN, ahead: Number.NaN });

describe("the nowcast of arrivals", () => {
  it("errs by Poisson noise and little more on white noise", () => {
    expect(errorOf(flat, silent)).toBeLessThan(1.08);
  });

  it("is hardly worse with a forecaster that talks nonsense, however wild", () => {
    const random = new RandomStream("garbage");
    const garbage = (): Issued => ({ now: RATE * 100 * random.uniform(), ahead: RATE * 100 * random.uniform() });
    expect(errorOf(flat, garbage)).toBeLessThan(1.03 * errorOf(flat, silent));
    const broken = (): Issued => ({ now: Number.NEGATIVE_INFINITY, ahead: Number.POSITIVE_INFINITY });
    expect(errorOf(flat, broken)).toBeLessThan(1.03 * errorOf(flat, silent));
  });

  it("follows a forecast of a change that the last minutes do not show", () => {
    // The rate jumps every ten minutes between 1 and 2; only the forecast knows when.
    const jumping = (tick: number): number => RATE * (Math.floor(tick / 120) % 2 === 0 ? 0.67 : 1.33);
    const knows = (tick: number): Issued => ({ now: jumping(tick), ahead: jumping(tick + 3.5) });
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

  it("reads a change at first as halfway between its middle and its slow rate", () => {
    const nowcast = new ArrivalNowcast(0.01);
    nowcast.observe(1000, 0);
    nowcast.observe(11_000, 500);
    const rate = (constantMs: number): number => 0.01 + (1 - Math.exp(-10_000 / constantMs)) * (0.05 - 0.01);
    const expected = SPAN_MS * (rate(600_000) + 0.5 * (rate(90_000) - rate(600_000)));
    expect(nowcast.peek(SPAN_MS, Number.NaN, Number.NaN)).toBeCloseTo(expected, 9);
    expect(nowcast.expect(SPAN_MS, 1, 2)).toBeCloseTo(expected, 9);
    // The spread is that of the prior, at the usual level at least.
    const usual = rate(600_000) * SPAN_MS;
    expect(nowcast.variance(1, SPAN_MS)).toBeCloseTo(usual + 0.01 * usual * usual, 9);
    expect(nowcast.variance(1e4, SPAN_MS)).toBeCloseTo(1e4 + 0.01 * 1e8, 3);
  });

  it("expects at least a fifth of what the last seconds brought", () => {
    const nowcast = new ArrivalNowcast(0);
    nowcast.observe(0, 0);
    nowcast.observe(2000, 200);
    const short = (1 - Math.exp(-2000 / 20_000)) * 0.1;
    expect(nowcast.peek(SPAN_MS, Number.NaN, Number.NaN)).toBeCloseTo(0.2 * short * SPAN_MS, 9);
  });

  it("takes no time that goes back, and no second look at an instant", () => {
    const [nowcast, plain] = [new ArrivalNowcast(0.01), new ArrivalNowcast(0.01)];
    for (const one of [nowcast, plain]) one.observe(5000, 10);
    nowcast.observe(5000, 99);
    nowcast.observe(4000, 99);
    for (const one of [nowcast, plain]) one.observe(10_000, 80);
    expect(nowcast.peek(SPAN_MS, 1, 1)).toBe(plain.peek(SPAN_MS, 1, 1));
  });

  it("learns as the plain algorithm does, at uneven ticks, with and without a forecast", () => {
    const random = new RandomStream("plain");
    const [nowcast, plain] = [new ArrivalNowcast(0.01), new PlainNowcast(0.01)];
    let [atMs, arrivals] = [0, 0];
    for (let tick = 0; tick < 600; tick++) {
      for (const one of [nowcast, plain]) one.observe(atMs, arrivals);
      const level = 0.01 * (1 + 0.8 * Math.sin(tick / 20));
      const now = tick % 50 < 5 ? Number.NaN : tick % 13 === 0 ? 0 : level * (0.5 + random.uniform());
      const wild = tick % 90 === 0 ? 900 : tick % 17 === 0 ? 0 : 0.5 + random.uniform();
      const ahead = tick % 70 < 5 ? Number.NaN : level * wild;
      const spanMs = 20_000 + 5000 * (tick % 3);
      expect(nowcast.peek(spanMs, now, ahead)).toBeCloseTo(plain.peek(spanMs, now, ahead), 6);
      expect(nowcast.expect(spanMs, now, ahead)).toBeCloseTo(plain.expect(spanMs, now, ahead), 6);
      expect(nowcast.variance(3, spanMs)).toBeCloseTo(plain.variance(3, spanMs), 6);
      const passedMs = tick % 7 === 0 ? 3000 : 5000;
      atMs += passedMs;
      // A crowd of a minute comes once in a while.
      arrivals += random.poisson(level * passedMs * (tick % 200 < 12 ? 30 : 1));
    }
  });

  it("expects at most four times what its rates show, however right a forecast of more has been", () => {
    const [nowcast, plain] = [new ArrivalNowcast(0.01), new PlainNowcast(0.01)];
    let arrivals = 0;
    for (let tick = 0; tick < 1199; tick++) {
      // Every thirtieth span brings ten times as much, where twice as much was forecast.
      const announced = tick % 30 === 29;
      for (const one of [nowcast, plain]) {
        one.observe(tick * SPAN_MS, arrivals);
        one.expect(SPAN_MS, 0.01, announced ? 0.02 : 0.01);
      }
      arrivals += announced ? 3500 : 350;
    }
    for (const one of [nowcast, plain]) one.observe(1199 * SPAN_MS, arrivals);
    expect(nowcast.peek(SPAN_MS, 0.01, 1)).toBeCloseTo(plain.most(SPAN_MS), 6);
    expect(nowcast.peek(SPAN_MS, 0.01, 0.01)).toBeLessThan(0.9 * plain.most(SPAN_MS));
  });

  it("judges predictions that are a quarter of their span apart, and none between", () => {
    const [each, some, fewer] = [new ArrivalNowcast(0.01), new ArrivalNowcast(0.01), new ArrivalNowcast(0.01)];
    for (let tick = 0; tick < 100; tick++) {
      for (const one of [each, some, fewer]) one.observe(5000 * tick, 30 * tick ** 1.5);
      // Each tick, each third tick (15 s apart), each fourth: a quarter of 60 s.
      each.expect(60_000, 0.01, 0.02);
      if (tick % 3 === 0) some.expect(60_000, 0.01, 0.02);
      if (tick % 4 === 0) fewer.expect(60_000, 0.01, 0.02);
    }
    const peek = (one: ArrivalNowcast): number => one.peek(60_000, 0.01, 0.02);
    expect(peek(each)).toBe(peek(some));
    expect(peek(each)).not.toBe(peek(fewer));
  });

  it("answers on when 4,096 predictions are under way, and judges those", () => {
    const [many, most] = [new ArrivalNowcast(0.01), new ArrivalNowcast(0.01)];
    // The first one holds up the others.
    for (const one of [many, most]) {
      one.observe(0, 0);
      one.expect(1e8, 0.01, 0.02);
    }
    for (let i = 1; i <= 5000; i++) {
      for (const one of [many, most]) one.observe(1000 * i, 20 * i);
      const expected = many.expect(4000, 0.01, 0.02);
      if (i < 4096) expect(most.expect(4000, 0.01, 0.02)).toBe(expected);
    }
    for (const one of [many, most]) one.observe(1e8, 4e6);
    expect(many.peek(4000, 0.01, 0.02)).toBe(most.peek(4000, 0.01, 0.02));
  });
});
