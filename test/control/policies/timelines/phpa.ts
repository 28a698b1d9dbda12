import { hold, same, type Timeline, timeline } from "../timeline.js";

const stage = { ready: 10 };
const demand = { metrics: [{ type: "external", metric: "demand", averageValue: 10 }], tolerance: 0 };
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
      // Six that were kept and this one: the line through 40, 42, 44, 46, 48, 50, 50 is at 52.7 in
      // 10 s.
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
    // The expected value was computed apart from this code. So large a smoothing of the trend
    // overshoots.
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
