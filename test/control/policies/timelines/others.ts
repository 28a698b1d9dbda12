import type { FleetObservation, Policy, PoolObservation } from "../../../../src/ports/policy.js";
import { hold, make, play, same, type Timeline, timeline } from "../timeline.js";

const stage = { ready: 10 };
const demand = { metrics: [{ type: "external", metric: "demand", averageValue: 10 }], tolerance: 0 };
/** A Monday at midnight. */
const monday = Date.UTC(2026, 0, 5);

const replicas = [20, 24, 31, 28, 22, 19, 21, 26, 33, 29, 24, 20, 22, 25, 34, 31, 24, 21, 24, 27, 37, 33, 25, 22, 26];
const wanted: Readonly<Record<number, { readonly want: number }>> = {
  16: { want: 24 },
  17: { want: 29 },
  19: { want: 40 },
  21: { want: 33 },
  24: { want: 37 },
};

export const phpaTimelines: readonly Timeline[] = [
  timeline(
    "reads a line through its past proposals 10 s ahead, and takes the largest",
    "phpa",
    demand,
    { ...stage, ready: 40 },
    [
      { at: 0, open: 400, want: 40, why: "as-calculated" },
      { at: 15, open: 420, want: 44, why: "model-above-hpa" },
      { at: 30, open: 440, want: 46 },
      { at: 45, open: 460, want: 48 },
      { at: 60, open: 480, want: 50 },
      { at: 75, open: 500, want: 52 },
      // Six that were kept and this one: the line through 40, 42, 44, 46, 48, 50, 50 is at 52.7 in 10 s.
      { at: 90, open: 500, want: 53 },
      { at: 105, open: 500, want: 53, why: "model-above-hpa" },
    ],
  ),
  timeline("keeps six proposals", "phpa", { ...demand, scaleDown: { stabilisationWindow: 0 } }, stage, [
    { at: 0, open: 10, want: 1 },
    { at: 15, open: 500 },
    ...hold(15, 90, 15, { open: 500 }),
    { at: 105, open: 500, want: 50 },
  ]),
  timeline(
    "counts a CPU sample 30 s after the start",
    "phpa",
    { models: [{ type: "linear", historySize: 1, lookAhead: 0 }] },
    { lag: 15, ready: 10 },
    [
      { at: 0, open: 100, want: 10, why: "no-metrics" },
      { at: 15, want: 15 },
      { at: 30, observedReady: 10, want: 15 },
      { at: 45, open: 150, want: 22 },
    ],
  ),
  timeline(
    "runs a model at each of its periods, the first sync among them",
    "phpa",
    { ...demand, models: [{ type: "linear", perSyncPeriod: 2 }] },
    { ...stage, ready: 40 },
    [
      { at: 0, open: 400, want: 40 },
      { at: 15, open: 420, want: 42 },
      { at: 30, open: 440, want: 46, why: "model-above-hpa" },
    ],
  ),
  timeline(
    "forecasts a season of replicas",
    "phpa",
    {
      ...demand,
      models: [{ type: "holt-winters", seasonalPeriods: 4, alpha: 0.5, beta: 0.1 }],
      scaleDown: { stabilisationWindow: 0 },
    },
    stage,
    [
      ...[100, 100, 100, 200, 100, 100, 100, 200, 100, 100, 100, 200, 100, 100].map((open, i) => ({
        at: 15 * i,
        open,
        desired: open / 10,
      })),
      // The next is a peak.
      { at: 210, desired: 10, open: 100, want: 20, why: "model-above-hpa" },
      { at: 225, desired: 20, open: 200, want: 20 },
      { at: 240, desired: 20, open: 100, want: 10 },
    ],
  ),
  timeline(
    "has the Holt–Winters of upstream's example unless told otherwise",
    "phpa",
    { ...demand, models: [{ type: "holt-winters" }], scaleDown: { stabilisationWindow: 0 } },
    stage,
    // What it wants was computed apart from this code. So large a smoothing of the trend overshoots.
    replicas.map((count, i) => ({ at: 15 * i, open: 10 * count, desired: count, ...wanted[i] })),
  ),
  timeline("holds without metrics, and learns nothing from it", "phpa", demand, stage, [
    { at: 0, observedAt: Number.NEGATIVE_INFINITY, want: 10, why: "no-metrics" },
  ]),
  timeline("has the behaviour of an HPA", "phpa", demand, stage, [
    { at: 0, open: 900, want: 20, why: "rate-limited" },
    { at: 15, open: 10, want: 20, why: "stabilised" },
  ]),
  {
    sentence: "phpa's linear model gives upstream's test results",
    check: (lib) => {
      const past = [1, 2, 3, 4].map((replicas, i) => ({ replicas, atMs: 33_000 + 10_000 * i }));
      const at = (aheadMs: number): number => lib.linearPrediction(past, 72_000 + aheadMs);
      same([at(0), at(10_000), at(15_000)], [5, 6, 7], "now, in 10 s, in 15 s");
      same(lib.linearPrediction([{ replicas: 3, atMs: 0 }], 9000), 3, "a single point");
      same(
        lib.linearPrediction(
          [0.1, 0.2, 0.3].map((x, i) => ({ replicas: 10 * x, atMs: i })),
          3,
        ),
        4,
        "4, not 4.0000000001",
      );
    },
  },
  {
    sentence: "phpa's Holt–Winters gives upstream's test result and needs its number of values",
    check: (lib) => {
      const spec = { alpha: 0.9, beta: 0.9, gamma: 0.3, seasonalPeriods: 3, seasonal: "additive" } as const;
      same(lib.holtWintersPrediction([1, 3, 1, 1, 3, 1, 1, 3, 1, 1, 3, 1, 1], spec), 3, "13 observations");
      same(lib.holtWintersPrediction([1, 3, 1, 1, 3, 1, 1, 3, 1, 1, 3], spec), undefined, "11 of 12 observations");
      same(lib.holtWintersPrediction([1, 3, 1, 1, 3, 1, 1, 3, 1, 1, 3, 1], spec), 1, "12 observations");
      const multiplicative = { ...spec, seasonal: "multiplicative" } as const;
      same(lib.holtWintersPrediction([2, 4, 2, 2, 4, 2, 2, 4, 2, 2, 4, 2, 2], multiplicative), 4, "by factors");
      const growing = Array.from({ length: 24 }, (_, i) => 10 + i + (i % 4 === 3 ? 8 : 0));
      same(lib.holtWintersPrediction(growing, { ...spec, seasonalPeriods: 4 }), 34, "trend and season");
      const peaks = Array.from({ length: 40 }, (_, i) => 10 + (i % 4 === 3 ? 2 + 2 * Math.floor(i / 4) : 0));
      const slow = { ...spec, alpha: 0.1, beta: 0.1, gamma: 0.1, seasonalPeriods: 4 };
      same(lib.holtWintersPrediction(peaks, slow), 14, "the initial seasons are those of the first five");
    },
  },
  {
    sentence: "phpa chooses maximum, minimum, mean or median",
    check: (lib) => {
      same(lib.chosen([3, 9, 4], "maximum"), 9, "maximum");
      same(lib.chosen([3, 9, 4], "minimum"), 3, "minimum");
      same(lib.chosen([3, 10, 4], "mean"), 6, "mean 5.67");
      same(lib.chosen([3, 9, 4], "median"), 4, "median of three");
      same(lib.chosen([3, 9, 4, 6], "median"), 5, "median of four");
    },
  },
];

export const jitsiTimelines: readonly Timeline[] = [
  timeline("adds one when each of two periods breached, then waits for the grace period", "jitsi", {}, stage, [
    { at: 0, open: 80, want: 10, why: "no-metrics" },
    { at: 60, want: 10, why: "stress-between" },
    { at: 120, want: 11, why: "stress-high" },
    ...hold(120, 540, 60, { open: 110, want: 11, why: "grace-period" }),
    { at: 600, want: 12, why: "stress-high" },
  ]),
  timeline("takes one away when each of four periods breached", "jitsi", {}, stage, [
    { at: 0, open: 29 },
    ...hold(0, 180, 60, { want: 10, why: "stress-between" }),
    { at: 240, want: 9, why: "stress-low" },
  ]),
  timeline("does nothing at exactly the lower threshold", "jitsi", {}, stage, [
    { at: 0, open: 30 },
    ...hold(0, 240, 60, { want: 10, why: "stress-between" }),
  ]),
  timeline("does nothing when one period did not breach", "jitsi", {}, stage, [
    { at: 0, open: 90 },
    { at: 60 },
    { at: 120, open: 79, want: 10, why: "stress-between" },
    { at: 180, open: 90, want: 10, why: "stress-between" },
    { at: 240, want: 11, why: "stress-high" },
  ]),
  timeline("waits for launches, and gives them up after 900 s", "jitsi", {}, stage, [
    { at: 0, open: 85 },
    { at: 60 },
    { at: 120, want: 11, why: "stress-high" },
    ...hold(120, 1020, 60, { ready: 10, spawning: 1, open: 75, want: 11, why: "stress-between" }),
    { at: 1080, ready: 10, spawning: 1, want: 12, why: "waiting-for-launches" },
  ]),
  timeline("adds what is missing to its minimum", "jitsi", {}, { min: 3, ready: 2 }, [
    { at: 0, open: 10, desired: 2 },
    { at: 60, desired: 2, want: 3, why: "below-min" },
  ]),
  timeline("stands at its bounds", "jitsi", {}, { min: 10, max: 10, ready: 10 }, [
    { at: 0, open: 90 },
    ...hold(0, 300, 60, { open: 90, want: 10, why: "stress-between" }),
    ...hold(300, 900, 60, { open: 10, want: 10, why: "stress-between" }),
  ]),
];

export const ownTimelines: readonly Timeline[] = [
  timeline("staffs what is open and waits, and two root-open more", "square-root", {}, stage, [
    { at: 0, open: 100, want: 12, why: "more-open" },
    { at: 5, want: 12, why: "as-open" },
    { at: 10, waiting: 5, want: 13, why: "more-open" },
    { at: 15, waiting: 0, open: 60, openDraining: 40, want: 12, why: "fewer-open" },
    { at: 20, open: 0, want: 1, why: "fewer-open" },
    { at: 25, open: 5000, want: 100 },
    { at: 30, observedAt: Number.NEGATIVE_INFINITY, want: 100, why: "no-metrics" },
  ]),
  timeline("stands still", "static", { count: 7 }, stage, [{ at: 0, want: 7, why: "fixed-count" }]),
  timeline(
    "has in force what fired last",
    "schedule",
    {
      entries: [
        { cron: "0 8 * * mon-fri", count: 20 },
        { cron: "30 22 * * *", count: 4 },
        { cron: "0 8 * * sat,sun", count: 12 },
      ],
      otherwise: 9,
    },
    { epochMs: monday },
    [
      { at: 0, want: 4, why: "scheduled" },
      { at: 8 * 3600 - 1, want: 4 },
      { at: 8 * 3600, want: 20 },
      { at: 22.5 * 3600, want: 4 },
      { at: 5 * 86_400 + 9 * 3600, want: 12 },
    ],
  ),
  timeline(
    "takes the later in the list of two that fire together",
    "schedule",
    {
      entries: [
        { cron: "0 * * * *", count: 20 },
        { cron: "0 * * * *", count: 30 },
      ],
    },
    { epochMs: monday },
    [{ at: 0, want: 30 }],
  ),
  timeline(
    "has its time zone",
    "schedule",
    {
      entries: [
        { cron: "0 8 * * *", count: 20 },
        { cron: "0 9 * * *", count: 30 },
      ],
      utcOffset: 7_200_000,
    },
    { epochMs: monday },
    [
      { at: 6 * 3600, want: 20 },
      { at: 7 * 3600, want: 30 },
    ],
  ),
  timeline(
    "is in UTC unless told otherwise",
    "schedule",
    {
      entries: [
        { cron: "0 0 * * *", count: 20 },
        { cron: "1 0 * * *", count: 30 },
      ],
    },
    { epochMs: monday },
    [
      { at: 0, want: 20 },
      { at: 60, want: 30 },
    ],
  ),
  timeline(
    "has its minimum before anything fired, and its bounds",
    "schedule",
    { entries: [{ cron: "0 0 30 2 *", count: 20 }] },
    { min: 3 },
    [{ at: 0, want: 3, why: "before-first-entry" }],
  ),
  {
    sentence: "schedule reads cron as Vixie cron does",
    check: (lib) => {
      const last = (text: string, at: string): string | undefined => {
        const cron = lib.parseCron(text);
        if (typeof cron === "string") return cron;
        const atMs = lib.lastFiring(cron, Date.parse(at));
        return atMs === undefined ? "never" : new Date(atMs).toISOString().slice(0, 16);
      };
      same(last("*/20 * * * *", "2026-01-05T10:45:10Z"), "2026-01-05T10:40", "steps");
      same(last("5/20 * * * *", "2026-01-05T10:45:10Z"), "2026-01-05T10:45", "steps from a start");
      same(last("0 9-17/4 * * *", "2026-01-05T18:00:00Z"), "2026-01-05T17:00", "steps in a range");
      same(last("59 23 * * *", "2026-01-05T10:00:00Z"), "2026-01-04T23:59", "yesterday");
      same(last("0 0 * * 7", "2026-01-05T10:00:00Z"), "2026-01-04T00:00", "7 is Sunday");
      same(last("0 0 * * SUN", "2026-01-05T10:00:00Z"), "2026-01-04T00:00", "names");
      same(last("0 0 1 jan,jul *", "2026-03-05T10:00:00Z"), "2026-01-01T00:00", "months");
      same(last("0 0 13 * fri", "2026-01-15T10:00:00Z"), "2026-01-13T00:00", "either day");
      same(last("0 0 13 * fri", "2026-01-10T10:00:00Z"), "2026-01-09T00:00", "either day");
      same(last("0 0 */10 * fri", "2026-01-30T10:00:00Z"), "2025-11-21T00:00", "a step from * restricts both");
      same(last("0 0 29 2 *", "1903-06-01T00:00:00Z"), "1896-02-29T00:00", "eight years back");
      same(last("0 0 30 2 *", "2026-01-30T10:00:00Z"), "never", "never");
      for (const wrong of [
        "* * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 8",
        "5-3 * * * *",
        "*/0 * * * *",
        "a * * * *",
        "*-5 * * * *",
        "",
      ])
        same(typeof lib.parseCron(wrong), "string", `"${wrong}" is refused`);
    },
  },
  {
    sentence: "on-demand spawns for what waits, and cancels surplus",
    check: (lib) => {
      play(make(lib, "on-demand", {}), { min: 0 }, [
        { at: 1, ready: 2, waiting: 11, trigger: "no-free-slot", want: 4, why: "no-free-slot" },
        { at: 2, ready: 2, spawning: 2, waiting: 11, want: 4, why: "enough" },
        { at: 3, ready: 2, spawning: 2, waiting: 1, want: 3, why: "surplus-spawn" },
      ]);
      play(make(lib, "on-demand", { cancelSurplus: false }), { min: 0 }, [
        { at: 1, ready: 2, spawning: 2, waiting: 1, want: 4, why: "enough" },
      ]);
      play(make(lib, "on-demand", { spawnsAtOnce: 1 }), { min: 0 }, [{ at: 1, ready: 2, waiting: 99, want: 3 }]);
      const timeout = (idleTimeout: object | undefined): number | undefined =>
        make(lib, "on-demand", { idleTimeout }).idleTimeoutMs?.();
      same(timeout(undefined), undefined, "never");
      same(timeout({ kind: "constant", value: 5000 }), 5000, "fixed");
      same((timeout({ kind: "exponential", mean: 5000 }) ?? 0) > 0, true, "drawn");
    },
  },
  {
    sentence: "streamlets come into service in the order of their launch",
    check: (lib) => {
      const cohorts = new lib.ReplicaCohorts(600_000);
      const seen = (ready: number, spawning: number, nowMs: number): void =>
        cohorts.update({ ready, spawning, observedReady: ready, observedAtMs: nowMs } as PoolObservation, nowMs);
      seen(0, 2, 10_000);
      seen(0, 3, 20_000);
      seen(2, 1, 30_000);
      same(
        cohorts.all.map(({ count, startedAtMs }) => [count, startedAtMs]),
        [
          [2, 0],
          [1, 10_000],
        ],
        "two of the first launch are ready",
      );
      same(cohorts.spawningSince(10_001), 1, "one launched by then");
      seen(1, 0, 40_000);
      same(cohorts.all.length, 1, "one is left");
      seen(1, 0, 700_000);
      same(cohorts.all[0].count, 1, "and stays");
    },
  },
  {
    sentence: "hybrid takes the larger of floor and reaction, each with its own tick and its own age of metrics",
    check: checkHybrid,
  },
];

function checkHybrid(lib: Parameters<Timeline["check"]>[0]): void {
  const seen: { at: number; observedAt: number; open: number; min: number }[] = [];
  const floors: Readonly<Record<number, number>> = { 0: 3, 5: 5, 15: 2, 30: 9 };
  let floor = 0;
  const predictive: Policy = {
    decide: (_, nowMs) => {
      floor = floors[nowMs / 1000] ?? floor;
      return [{ desired: floor, reason: "as-forecast" }];
    },
  };
  const reactive: Policy = {
    wakeOn: ["no-free-slot"],
    decide: ({ pools: [pool] }: FleetObservation, nowMs) => {
      seen.push({ at: nowMs / 1000, observedAt: pool.observedAtMs / 1000, open: pool.open, min: pool.min });
      return [{ desired: pool.open, reason: "open" }];
    },
  };
  const hybrid = lib.createHybrid(predictive, { policy: reactive, tickMs: 15_000, scrapeLagMs: 10_000 });
  same(hybrid.wakeOn, ["no-free-slot"], "wakes as its reactive part does");
  play(hybrid, { ready: 1 }, [
    { at: 0, open: 8, want: 3, why: "floor: as-forecast" },
    { at: 5, open: 7, want: 5, why: "floor: as-forecast" },
    { at: 10, open: 6, want: 5 },
    { at: 15, open: 1, want: 7, why: "reactive: open" },
    { at: 20, open: 1, want: 7, why: "reactive: open" },
    { at: 25, open: 4, want: 7 },
    { at: 30, open: 1, want: 9, why: "floor: as-forecast" },
    { at: 35, open: 1, trigger: "no-free-slot", want: 9 },
  ]);
  same(
    seen.map(({ at, open, min }) => [at, open, min]),
    [
      [0, 0, 3],
      [15, 7, 2],
      [30, 1, 9],
      [35, 4, 9],
    ],
    "what the reactive part saw, and the floor as its minimum",
  );
  same(seen[1].observedAt, 5, "ten seconds old");
}
