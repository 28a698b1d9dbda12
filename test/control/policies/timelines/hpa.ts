import { hold, type Timeline, timeline } from "../timeline.js";

const stage = { lag: 15, ready: 10 };
const never = Number.NEGATIVE_INFINITY;
const demand = { metrics: [{ type: "external", metric: "demand", averageValue: 10 }] };

export const hpaTimelines: readonly Timeline[] = [
  timeline(
    "holds until a sample's window lies behind readiness, then goes up at once by ceil(ratio · ready)",
    "hpa",
    {},
    stage,
    [
      { at: 0, open: 100, want: 10, why: "no-metrics" },
      { at: 15, want: 15, why: "above-target" },
      // The five new ones have no sample: as idle they bring 100 % down to 66 %.
      { at: 30, observedReady: 10, want: 15, why: "within-tolerance" },
      // Now they have one, whose window began before they were ready: ignored, as idle again.
      { at: 45, open: 150, want: 15, why: "within-tolerance" },
      { at: 60, want: 22, why: "above-target" },
    ],
  ),
  timeline("keeps what lies within a tenth of the target", "hpa", {}, stage, [
    { at: 0 },
    { at: 15, open: 77, want: 10, why: "within-tolerance" },
    { at: 30, open: 63, want: 10, why: "within-tolerance" },
    { at: 45, open: 78, want: 12, why: "above-target" },
  ]),
  timeline(
    "truncates utilisation to whole per cent",
    "hpa",
    { targetUtilisation: 0.5, tolerance: 0 },
    { ...stage, ready: 3, slots: 7 },
    [
      { at: 0 },
      // 10.6/21 = 50.47 %.
      { at: 15, open: 10.6, want: 3, why: "within-tolerance" },
      { at: 30, open: 10.72, want: 4 },
    ],
  ),
  timeline("goes down only when 300 s of recommendations agree", "hpa", {}, stage, [
    { at: 0 },
    { at: 15, open: 70, want: 10 },
    { at: 30, open: 20, want: 10, why: "stabilised" },
    ...hold(30, 300, 15, { want: 10, why: "stabilised" }),
    { at: 315, want: 3, why: "below-target" },
  ]),
  timeline("goes down when 62 % are below 63 %", "hpa", { scaleDown: { stabilisationWindow: 0 } }, stage, [
    { at: 0 },
    { at: 15, open: 62, want: 9, why: "below-target" },
  ]),
  timeline(
    "has a tolerance for each direction",
    "hpa",
    { scaleDown: { tolerance: 0.5, stabilisationWindow: 0 } },
    stage,
    [{ at: 0 }, { at: 15, open: 40, want: 10, why: "within-tolerance" }, { at: 30, open: 30, want: 5 }],
  ),
  timeline(
    "remembers what it changed within a policy's period",
    "hpa",
    {
      ...demand,
      scaleUp: { policies: [{ type: "Pods", value: 4, period: 60_000 }] },
      scaleDown: { stabilisationWindow: 0, policies: [{ type: "Pods", value: 3, period: 60_000 }] },
    },
    stage,
    [
      { at: 0, open: 1000, want: 14, why: "up-rate-limited" },
      { at: 15, want: 14, why: "up-rate-limited" },
      ...hold(15, 45, 15, { want: 14 }),
      { at: 60, want: 18, why: "up-rate-limited" },
      // Four were added within the minute: the period began with 14, and three fewer are 11.
      { at: 75, open: 10, want: 11, why: "down-rate-limited" },
      { at: 90, want: 11, why: "down-rate-limited" },
    ],
  ),
  timeline("doubles at most every 15 s", "hpa", demand, stage, [
    { at: 0, open: 1000 },
    { at: 15, want: 40, why: "up-rate-limited" },
    { at: 30, want: 80, why: "up-rate-limited" },
    { at: 45, want: 100, why: "above-target" },
  ]),
  timeline(
    "with a behaviour adds four where that is more than double",
    "hpa",
    { ...demand, scaleUp: { stabilisationWindow: 0 } },
    { ...stage, ready: 2 },
    [{ at: 0, open: 1000, want: 6, why: "up-rate-limited" }],
  ),
  timeline(
    "without a behaviour goes to four, then doubles at each sync",
    "hpa",
    { metrics: [{ type: "external", metric: "demand", averageValue: 1 }] },
    { ...stage, ready: 1 },
    [
      { at: 0, open: 90, want: 4, why: "up-rate-limited" },
      { at: 15, want: 8, why: "up-rate-limited" },
      { at: 30, want: 16, why: "up-rate-limited" },
    ],
  ),
  timeline(
    "without a behaviour goes on up to the largest recommendation of the last 300 s",
    "hpa",
    demand,
    { ...stage, ready: 4 },
    [
      { at: 0, open: 200, want: 8, why: "up-rate-limited" },
      // 120 streams want 12; the 20 of before are still within the window.
      { at: 15, open: 120, want: 16, why: "up-rate-limited" },
      { at: 30, want: 20, why: "stabilised" },
      { at: 300, want: 12, why: "below-target" },
    ],
  ),
  timeline("stops at its maximum and comes back from above it", "hpa", demand, { ...stage, max: 12 }, [
    { at: 0, open: 1000, want: 12, why: "at-max" },
    { at: 15, desired: 20, want: 12, why: "above-max" },
  ]),
  timeline(
    "stops at its maximum with a behaviour, too",
    "hpa",
    { ...demand, scaleUp: { stabilisationWindow: 0 } },
    { ...stage, max: 12 },
    [{ at: 0, open: 1000, want: 12, why: "at-max" }],
  ),
  timeline("stops at its minimum", "hpa", { ...demand, scaleDown: { stabilisationWindow: 0 } }, { ...stage, min: 4 }, [
    { at: 0, open: 5, want: 4, why: "at-min" },
    { at: 15, desired: 2, want: 4, why: "below-min" },
  ]),
  timeline("holds without any ready replica, and before the first scrape", "hpa", {}, stage, [
    { at: 0, observedAt: never, observedReady: 0, want: 10, why: "no-metrics" },
    { at: 15, ready: 0, spawning: 10, observedReady: 0, want: 10, why: "no-metrics" },
  ]),
  timeline("counts replicas that it asked for and could not get as pending", "hpa", {}, stage, [
    { at: 0 },
    { at: 15, open: 50 },
    // Half of ten are there, at 100 %; with the other half idle it is 50 %, on the other side of
    // the target.
    { at: 30, ready: 5, desired: 10, want: 10, why: "within-tolerance" },
  ]),
  timeline(
    "takes the largest of several metrics",
    "hpa",
    { metrics: [{ type: "resource", targetUtilisation: 0.7 }, ...demand.metrics] },
    stage,
    [
      { at: 0, observedAt: never, open: 100, waiting: 60 },
      { at: 15, want: 16, why: "above-target" },
    ],
  ),
  timeline(
    "holds when a metric failed and the rest say down, but goes up",
    "hpa",
    {
      metrics: [
        { type: "resource", targetUtilisation: 0.7 },
        { type: "external", metric: "arrivals-per-second", averageValue: 1 },
      ],
      scaleDown: { stabilisationWindow: 0 },
    },
    stage,
    [
      { at: 0, observedAt: never, want: 10, why: "no-metrics" },
      { at: 15, open: 20, want: 10, why: "no-metrics" },
    ],
  ),
  timeline(
    "goes up by the metric that it has",
    "hpa",
    {
      metrics: [
        { type: "resource", targetUtilisation: 0.7 },
        { type: "external", metric: "arrivals-per-second", averageValue: 1 },
      ],
    },
    stage,
    [
      { at: 0, observedAt: never, want: 10, why: "no-metrics" },
      { at: 15, open: 100, want: 15, why: "above-target" },
    ],
  ),
  timeline("scales on mean open streams as a pods metric", "hpa", { targetOpenStreams: 6 }, stage, [
    { at: 0, observedAt: never },
    { at: 15, open: 90, want: 15 },
  ]),
  timeline("counts in whole thousandths", "hpa", { targetOpenStreams: 1 }, { ready: 2 }, [
    { at: 0, observedAt: never },
    // 1.1005 is 1.1, which is within the tolerance.
    { at: 15, open: 2.201, want: 2, why: "within-tolerance" },
    { at: 30, open: 2.203, want: 3 },
  ]),
  timeline(
    "scales on an external Value by ready replicas",
    "hpa",
    { metrics: [{ type: "external", metric: "demand", value: 50 }] },
    stage,
    [{ at: 0, open: 65, want: 13 }],
  ),
];
