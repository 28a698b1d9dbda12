import { describe, it } from "vitest";
import { holds } from "./holds.js";
import { hold, type Step } from "./timeline.js";

const stage = { min: 0, ready: 10 };
const demand = { triggers: [{ metric: "demand", threshold: 10 }] };

describe("the HPA of a ScaledObject", () => {
  it("has the tolerance that is written, or 10 %", () => {
    const above: Step[] = [{ at: 0, open: 104 }];
    holds("keda", demand, stage, [{ ...above[0], want: 10, why: "within-tolerance" }]);
    holds("keda", { ...demand, tolerance: 0 }, stage, [{ ...above[0], want: 11, why: "above-target" }]);
  });

  it("has the limits on adding and removing that are written", () => {
    const policies = [{ type: "Pods", value: 1, period: 60_000 }];
    holds("keda", { ...demand, scaleUp: { policies } }, stage, [
      { at: 0, open: 400, want: 11, why: "up-rate-limited" },
    ]);
    holds("keda", { ...demand, scaleDown: { policies, stabilisationWindow: 0 } }, stage, [
      { at: 0, open: 20, want: 9, why: "down-rate-limited" },
    ]);
  });
});

describe("the cooldown of a ScaledObject", () => {
  it("is the reason at a poll where the HPA changes nothing, and not where it does", () => {
    const idle: Step[] = [
      { at: 0, open: 100 },
      { at: 15, open: 0 },
    ];
    holds("keda", demand, stage, [...idle, { at: 30, want: 10, why: "cooling-down" }, { at: 45, why: "stabilised" }]);
    // The HPA looks at its last sync alone, of 100 streams, and then goes down to one.
    const swift = { ...demand, scaleDown: { stabilisationWindow: 0 } };
    holds("keda", swift, stage, [
      { at: 0, open: 100 },
      { at: 30, open: 0, want: 1, why: "at-min" },
    ]);
  });
});

describe("a cron trigger", () => {
  const midnight = { ...stage, epochMs: Date.UTC(2026, 0, 5), ready: 1 };
  const never = "0 0 30 2 *";
  const cron = (start: string, end: string) => ({
    triggers: [{ type: "cron", timezone: "UTC", start, end, desiredReplicas: 7 }],
    cooldownPeriod: 0,
  });
  const hour: Step[] = hold(0, 3600, 30, {});

  it("that began and never ends is active", () => {
    holds("keda", cron("0 0 * * *", never), midnight, [
      { at: 0, want: 4, why: "up-rate-limited" },
      { at: 15, want: 7 },
    ]);
  });

  it("has times by KEDA's rules, in which ? is every day", () => {
    const steps = [
      { at: 0, want: 4 },
      { at: 15, want: 7 },
    ];
    holds("keda", cron("0 0 ? * *", never), midnight, steps);
  });

  it("that never begins is not active, whether it ends or not", () => {
    for (const end of [never, "0 0 * * *"])
      holds("keda", cron(never, end), midnight, [{ at: 0, want: 1 }, ...hour, { at: 3630, want: 0 }]);
  });

  it("that begins at the minute in which it ends is active", () => {
    holds("keda", cron("0 0 * * *", "0 0 * * mon"), midnight, [
      { at: 0, want: 4 },
      { at: 15, want: 7 },
    ]);
  });
});
