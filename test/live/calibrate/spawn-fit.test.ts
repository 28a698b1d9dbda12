import { describe, expect, it } from "vitest";
import { burstsOf } from "../../../src/live/calibrate/burst-model.js";
import { burdensOf, contentionOf, fitCrowding, fitOutside, fitSharing } from "../../../src/live/calibrate/spawn-fit.js";
import { plainLine as line } from "./plain-line.js";

describe("the model of starts", () => {
  it("measures in pairs by how much starts lengthen each other", () => {
    // Both of a pair take 20·(1 + s): a mean of 24 is s = 0.2; if only the second were longer, by
    // 0.4.
    const singlesMs = Float64Array.of(20);
    expect(fitSharing(singlesMs, line, [[20, 28]])).toBeCloseTo(0.2, 9);
    expect(contentionOf({ ...line, sharing: 0.2 }, 20)).toBeCloseTo(0.4, 9);
    // Of 20 ms only 15 are lengthened.
    expect(contentionOf({ ...line, sharing: 0.2, outsideMs: 5 }, 20)).toBeCloseTo(0.3, 9);
    expect(fitSharing(singlesMs, line, [[18, 20]])).toBe(0);
    expect(fitSharing(singlesMs, { ...line, startsAtOnce: 1 }, [[20, 40]])).toBe(0);
  });

  it("takes from starts among streams by how much each stream adds to that", () => {
    // Two starts at once beside five streams: 20·(1 + 0.2 + 5·0.04) = 28 each; alone, 20.
    const at = (fromMs: number, tookMs: number) => ({ fromMs, toMs: fromMs + tookMs, open: 5 });
    const model = { singlesMs: Float64Array.of(20), line: { ...line, sharing: 0.2 } };
    const pairs = (tookMs: number) => [1000, 2000, 3000].flatMap((fromMs) => [at(fromMs, tookMs), at(fromMs, tookMs)]);
    expect(fitCrowding(model, [at(50, 20), ...pairs(28)])).toBeCloseTo(0.04, 9);
    expect(fitCrowding(model, [at(50, 20), ...pairs(24)])).toBe(0);
    // Starts that overlapped none, or two others, are not used.
    expect(fitCrowding(model, [at(50, 900), ...pairs(28)])).toBeCloseTo(0.04, 9);
    expect(fitCrowding(model, pairs(28).slice(0, 2))).toBe(0);
    expect(fitCrowding(model, [])).toBe(0);
  });

  it("measures in waves of bursts which part of a start lies outside the queue", () => {
    const singlesMs = Float64Array.of(10);
    const truth = { ...line, outsideMs: 3, sharing: 0.5 };
    const of = (size: number) => burstsOf({ singlesMs, line: truth }, size);
    // 7 ms in the queue, 10.5 beside another start: a pair is ready at 13.5, the fourth pair at 3
    // + 4·10.5.
    expect(of(2)[0]).toEqual([13.5, 13.5]);
    expect(of(8)[0].at(-1)).toBeCloseTo(45, 9);
    const fitted = fitOutside({ singlesMs, pairs: of(2), waves: of(8), churned: [] }, line);
    expect(fitted).toEqual(truth);
  });
});

/** Starts one second apart, each of `tookMs`, beside this many open streams. */
const apart = (tookMs: readonly number[], open: number) =>
  tookMs.map((took, i) => ({ fromMs: 1000 * i, toMs: 1000 * i + took, open }));
const alike = (count: number, tookMs: number) => Array.from({ length: count }, () => tookMs);
const none = { perStream: 0, delayChance: 0, delayMs: 0 };

describe("starts among streams that come and go", () => {
  const singlesMs = Float64Array.of(100);

  it("say by which share each open stream lengthens a start", () => {
    expect(burdensOf(apart(alike(10, 130), 6), singlesMs, 0)).toEqual({ ...none, perStream: 0.05 });
    // Of the 60 ms in the line: 30 is half, not three tenths.
    expect(burdensOf(apart(alike(10, 130), 5), singlesMs, 40)).toEqual({ ...none, perStream: 0.1 });
  });

  it("say how many are held up, beyond the tenth that always takes longest, and for how long in the mean", () => {
    // 28 % took longer: (0.28 − 0.1) ÷ 0.9 = 0.2, beside four streams. The mean is 11.2 ms too
    // long: 11.2 ÷ 0.2.
    const took = [...alike(72, 100), ...alike(28, 140)];
    expect(burdensOf(apart(took, 4), singlesMs, 0)).toEqual({ perStream: 0, delayChance: 0.05, delayMs: 56 });
    expect(burdensOf(apart([...alike(90, 100), ...alike(10, 140)], 4), singlesMs, 0)).toEqual(none);
  });

  it("leave those aside that met another start", () => {
    const met = [
      { fromMs: 20_000, toMs: 20_900, open: 1 },
      { fromMs: 20_100, toMs: 21_000, open: 1 },
    ];
    expect(burdensOf([...apart(alike(10, 130), 6), ...met], singlesMs, 0)).toEqual({ ...none, perStream: 0.05 });
  });

  it("give no figure where they are no slower, too few, or hardly a stream was open", () => {
    expect(burdensOf(apart(alike(10, 90), 6), singlesMs, 0)).toEqual(none);
    expect(burdensOf(apart(alike(4, 130), 6), singlesMs, 0)).toEqual(none);
    expect(burdensOf(apart(alike(10, 130), 0), singlesMs, 0)).toEqual(none);
    // Half of them delayed beside 0.2 streams would need a probability above 1.
    const seldom = apart([...alike(10, 100), ...alike(10, 200)], 0).map((one, i) => ({
      ...one,
      open: i % 5 === 0 ? 1 : 0,
    }));
    expect(burdensOf(seldom, singlesMs, 0)).toEqual(none);
  });
});
