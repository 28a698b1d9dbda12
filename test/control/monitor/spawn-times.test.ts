import { describe, expect, it } from "vitest";
import { SpawnTimes } from "../../../src/control/monitor/spawn-times.js";

describe("the measured spawn times", () => {
  it("are unknown before the first, and each pool's are its own", () => {
    const times = new SpawnTimes(2);
    times.record(1, 40);
    expect([times.quantileMs(0, 0.5), times.quantileMs(1, 0.5)]).toEqual([Number.NaN, 40]);
  });

  it("give the quantile as the value at that share of the sorted ones, and the largest for 1", () => {
    const times = new SpawnTimes(1);
    for (const ms of [50, 10, 40, 20, 30]) times.record(0, ms);
    expect([0, 0.19, 0.2, 0.5, 0.99, 1].map((p) => times.quantileMs(0, p))).toEqual([10, 10, 20, 30, 50, 50]);
  });

  it("are the newest 256", () => {
    const times = new SpawnTimes(1);
    for (let ms = 1; ms <= 300; ms++) times.record(0, ms);
    expect([times.quantileMs(0, 0), times.quantileMs(0, 1)]).toEqual([45, 300]);
  });
});
