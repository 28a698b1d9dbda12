import { hold, make, play, same, type Timeline, timeline } from "../timeline.js";

const stage = { ready: 10, max: 5000 };

export const kpaTimelines: readonly Timeline[] = [
  timeline("has no decision without data, then holds the target of 70 % of its slots", "kpa", {}, stage, [
    { at: 0, open: 70, want: 10, why: "no-data" },
    ...hold(0, 60, 2, { ready: 10, want: 10, why: "panic" }),
  ]),
  timeline("starts in panic with more than one ready, and leaves it after the stable window", "kpa", {}, stage, [
    { at: 0, open: 35 },
    ...hold(0, 60, 2, { want: 10, why: "panic-holds" }),
    { at: 62, want: 5, why: "below-target" },
  ]),
  timeline("counts what waits as concurrency", "kpa", {}, { ...stage, ready: 1, min: 1 }, [
    { at: 0, open: 5, waiting: 4 },
    { at: 2, want: 2 },
  ]),
  timeline(
    "does not count streams on draining pods, which no scrape finds",
    "kpa",
    {},
    { ...stage, ready: 1, min: 1 },
    [
      { at: 0, open: 5, openDraining: 30 },
      { at: 2, open: 5, openDraining: 30, want: 1 },
    ],
  ),
  timeline("panics at twice what is ready, never goes down in panic, and then by half at most", "kpa", {}, stage, [
    { at: 0, open: 70 },
    ...hold(0, 62, 2, { open: 70, want: 10, why: "on-target" }),
    // The last six seconds: 93, 117, 140 streams, which want 14, 17 and 20.
    { at: 64, ready: 10, open: 140, want: 11, why: "above-target" },
    { at: 66, ready: 10, open: 140, want: 11 },
    { at: 68, ready: 10, open: 140, want: 20, why: "panic" },
    { at: 70, open: 0, want: 20, why: "panic-holds" },
    ...hold(70, 128, 2, { open: 0, want: 20, why: "panic-holds" }),
    { at: 130, open: 0, want: 10, why: "down-rate-limited" },
  ]),
  timeline("grows at most a thousandfold", "kpa", {}, { ...stage, ready: 1 }, [
    { at: 0, open: 8000 },
    { at: 2, want: 1000, why: "panic" },
  ]),
  timeline("stands at its bounds", "kpa", {}, { ready: 1, min: 1, max: 3 }, [
    { at: 0, open: 80 },
    { at: 2, want: 3, why: "at-max" },
  ]),
  timeline("goes to zero after the stable window and the grace period", "kpa", {}, { min: 0, ready: 1 }, [
    { at: 0, open: 0, want: 1, why: "no-data" },
    { at: 2, want: 1, why: "idle" },
    ...hold(2, 58, 2, { want: 1, why: "idle" }),
    ...hold(58, 88, 2, { want: 1, why: "inactive" }),
    { at: 90, want: 0, why: "scale-to-zero" },
    { at: 91, trigger: "no-free-slot", want: 1, why: "activated" },
    { at: 91, trigger: "no-free-slot", want: "nothing" },
  ]),
  timeline("keeps a replica while it is young, at most one", "kpa", { maxScaleDownRate: 1000 }, { min: 0, ready: 1 }, [
    { at: 0, open: 7 },
    { at: 2, want: 1 },
    ...hold(2, 56, 2, { open: 0, want: 1 }),
    { at: 58, desired: 5, ready: 1, open: 0, want: 1 },
  ]),
  timeline("delays going down", "kpa", { scaleDownDelay: 60_000 }, { ...stage, ready: 1 }, [
    { at: 0, open: 70 },
    { at: 2, want: 10 },
    ...hold(2, 120, 2, { open: 7, want: 10, why: "scale-down-delayed" }),
    { at: 122, want: 5, why: "down-rate-limited" },
  ]),
  timeline("has a least target of 0.01", "kpa", { concurrencyTarget: 0.01 }, { ...stage, ready: 1 }, [
    { at: 0, open: 1 },
    { at: 2, want: 100 },
  ]),
  timeline("starts with its activation scale", "kpa", { activationScale: 3 }, { min: 0, ready: 0 }, [
    { at: 0, open: 0, desired: 0 },
    { at: 1, trigger: "no-free-slot", want: 3, why: "activated" },
    { at: 4, waiting: 1, want: 3 },
  ]),
  {
    sentence: "kpa notes the excess burst capacity",
    check: (lib) => {
      const policy = make(lib, "kpa", {}, stage);
      play(policy, stage, [{ at: 0, open: 70 }]);
      const noted: unknown[] = [];
      const spy = {
        decide: (...of: Parameters<typeof policy.decide>) => {
          const decision = policy.decide(...of);
          noted.push(decision[0]?.details?.excessBurstCapacity);
          return decision;
        },
      };
      play(spy, stage, [{ at: 10, open: 70 }]);
      // 10 streamlets of 10 slots, 211 wanted in reserve, 70 open.
      same(noted, [-181], "100 − 211 − 70");
    },
  },
  {
    sentence: "kpa counts in buckets of a second",
    check: (lib) => {
      const buckets = new lib.ConcurrencyBuckets(4000);
      same(buckets.average(1000), undefined, "no data");
      buckets.record(1000, 5000);
      buckets.record(2000, 6000);
      buckets.record(3000, 9000);
      same(buckets.average(1000), 3, "the last second");
      same(buckets.average(2000), 2, "the last two");
      same(buckets.average(60_000), 3, "all that is known");
      buckets.record(3500, 10_000);
      same(buckets.average(1000), 2, "a bucket that has only begun");
      buckets.record(8000, 10_000);
      same(buckets.average(4000), 0, "what is older than the window is gone");
    },
  },
  {
    sentence: "kpa's scaler has upstream's rules one by one",
    check: (lib) => {
      const spec = {
        targetValue: 1,
        totalValue: 1,
        maxScaleUpRate: 10,
        maxScaleDownRate: 2,
        panicThreshold: 2,
        stableWindowMs: 60_000,
        scaleDownDelayMs: 0,
        activationScale: 1,
        targetBurstCapacity: 211,
        reachable: true,
      };
      const once = (more: object, ready: number, stable: number, panic: number): number =>
        new lib.KpaScaler({ ...spec, ...more }, 0, 0).scale(stable, panic, ready, 0).desired;
      same(once({}, 5, 0, 0), 2, "down to floor(5/2)");
      same(once({ reachable: false }, 5, 0, 0), 0, "nothing leads there: down at any rate");
      same(once({ maxScaleUpRate: 1.1 }, 2, 3, 3.1), 3, "at least one more");
      same(once({}, 0, 30, 30), 10, "none ready counts as one");
      same(once({}, 5, 12, 10), 12, "in panic the larger of both windows");
      same(once({ panicThreshold: 20 }, 5, 40, 99), 40, "below the threshold the panic window does not count");
      same(
        once({ panicThreshold: 19, maxScaleUpRate: 10 }, 5, 1, 99),
        50,
        "the raw proposal crosses a threshold that the clamped one could not",
      );
      same(once({ activationScale: 4 }, 1, 0, 0), 0, "activation scale: not without a proposal");
      same(once({ activationScale: 4 }, 1, 1, 0), 4, "activation scale");
      const restarted = new lib.KpaScaler(spec, 5, 0);
      same(restarted.scale(0, 0, 5, 1000).desired, 5, "restarted with 5: holds them");
      same(new lib.KpaScaler(spec, 1, 0).scale(0, 0, 1, 1000).desired, 0, "restarted with 1: does not");
      const surge = new lib.KpaScaler(spec, 1, 0);
      surge.scale(1, 9, 1, 0);
      surge.scale(1, 9, 1, 30_000);
      same(surge.scale(1, 1, 9, 90_000).desired, 9, "a surge extends the panic, to its last ms");
      same(surge.scale(1, 1, 9, 90_001).desired, 4, "then it is over");
      const again = new lib.KpaScaler(spec, 1, 0);
      again.scale(1, 9, 1, 0);
      again.scale(1, 1, 1, 60_001);
      same(again.scale(1, 3, 1, 70_000).desired, 3, "the next panic starts anew");
      const outcome = new lib.KpaScaler({ ...spec, targetBurstCapacity: -1 }, 1, 0).scale(1, 1, 1, 0);
      same(outcome.excessBurstCapacity, -1, "always in the path");
      same(
        new lib.KpaScaler({ ...spec, targetBurstCapacity: 0 }, 1, 0).scale(1, 1, 1, 0).excessBurstCapacity,
        0,
        "never",
      );
    },
  },
];
