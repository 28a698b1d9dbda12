import { describe, expect, it } from "vitest";
import { OpenCohorts } from "../../../src/control/monitor/open-cohorts.js";

const MINUTE = 60_000;
/** Of those of an age, half are left each minute. */
const halving = Float64Array.from({ length: 20 }, (_, age) => 0.5 ** age);

describe("the open streams of all pools", () => {
  it("know the oldest minute in which one of them started, and infinity where there is none", () => {
    const cohorts = new OpenCohorts(2);
    const oldest: number[] = [cohorts.oldest];
    for (const [pool, minute] of [
      [1, 5],
      [0, 3],
      [1, 0],
    ]) {
      cohorts.start(pool, minute, 1);
      oldest.push(cohorts.oldest);
    }
    cohorts.end(1, 0);
    oldest.push(cohorts.oldest);
    expect(oldest).toEqual([Number.POSITIVE_INFINITY, 5, 3, 0, 3]);
  });

  it("have survivors by pool, and so has a copy that later streams do not change", () => {
    const cohorts = new OpenCohorts(3);
    cohorts.read(halving);
    cohorts.start(0, 2, 8);
    cohorts.start(2, 3, 4);
    cohorts.start(2, 1, 1);
    const kept = cohorts.keep();
    expect([...kept.pairs]).toEqual([2, 8, 1, 1, 3, 4]);
    const survivors = (from: typeof kept | OpenCohorts) =>
      [0, 1, 2].map((pool) => from.survivors(pool, 4.5 * MINUTE, 2 * MINUTE));
    expect([survivors(kept), survivors(cohorts)]).toEqual([
      [2, 0, 1.25],
      [2, 0, 1.25],
    ]);
    cohorts.start(1, 4, 1);
    expect(survivors(kept)).toEqual([2, 0, 1.25]);
    expect(survivors(cohorts)[1]).toBe(0.25);
  });

  it("have old and young streams apart in each pool, and so has a copy", () => {
    const cohorts = new OpenCohorts(3);
    cohorts.read(Float64Array.from({ length: 60 }, (_, age) => 0.5 ** age));
    // At 40 min those of the first minutes are old, whichever pool comes next.
    for (const [pool, minute, count] of [
      [0, 1, 8],
      [0, 30, 4],
      [1, 2, 16],
      [2, 3, 2],
      [2, 38, 1],
    ])
      cohorts.start(pool, minute, count);
    for (const from of [cohorts, cohorts.keep()])
      expect([0, 1, 2].map((pool) => from.survivors(pool, 40.5 * MINUTE, MINUTE))).toEqual([6, 8, 1.5]);
  });
});
