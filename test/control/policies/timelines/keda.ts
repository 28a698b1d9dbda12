import { hold, type Timeline, timeline } from "../timeline.js";

const fromZero = { min: 0, ready: 0 };

export const kedaTimelines: readonly Timeline[] = [
  timeline(
    "comes up from zero at the poll that finds a trigger active, and goes back after the cooldown",
    "keda",
    {},
    fromZero,
    [
      { at: 0, open: 0, want: 0, why: "inactive-at-zero" },
      { at: 15, waiting: 1, want: 0, why: "waiting-for-poll" },
      { at: 30, waiting: 1, want: 1, why: "scale-from-zero" },
      { at: 45, waiting: 0, open: 20, want: 3, why: "above-target" },
      { at: 60, open: 20, want: 3, why: "within-tolerance" },
      ...hold(60, 345, 15, { open: 0, want: 3 }),
      { at: 360, want: 1 },
      { at: 375, want: 1 },
      { at: 390, want: 0, why: "cooled-down" },
    ],
  ),
  timeline("takes down at once what never was active", "keda", {}, { min: 0, ready: 3 }, [
    { at: 0, open: 0, want: 3 },
    { at: 15, want: 3 },
    { at: 30, want: 0, why: "cooled-down" },
  ]),
  timeline(
    "waits for the initial cooldown with that",
    "keda",
    { initialCooldownPeriod: 60_000 },
    { min: 0, ready: 3 },
    [...hold(-15, 75, 15, { open: 0, want: 3 }), { at: 90, want: 0, why: "cooled-down" }],
  ),
  timeline("leaves all scaling down to the HPA where there is a minimum", "keda", {}, { min: 2, ready: 3 }, [
    ...hold(-15, 285, 15, { open: 0, want: 3, why: "stabilised" }),
    { at: 300, want: 2, why: "at-min" },
    ...hold(300, 900, 15, { open: 0, want: 2 }),
  ]),
  timeline(
    "swings between idleReplicaCount and the minimum, since the HPA scales whatever has a replica (KEDA #2314)",
    "keda",
    { idleReplicaCount: 1 },
    { min: 3, floor: 1, ready: 3 },
    [
      { at: 0, open: 0 },
      { at: 15, want: 3 },
      { at: 30, want: 1, why: "cooled-down" },
      { at: 45, want: 3, why: "below-min" },
      { at: 60, want: 1, why: "cooled-down" },
      { at: 75, want: 3 },
    ],
  ),
  timeline(
    "scales on the formula's one composite metric: ceil((124 + 10 · 306) / 25) = 128",
    "keda",
    {
      triggers: [
        { name: "a", metric: "open-streams", threshold: 10 },
        { name: "b", metric: "waiting-requests", threshold: 10 },
      ],
      scalingModifiers: { formula: "a + 10*b", target: 25 },
    },
    { ...fromZero, max: 200 },
    [
      { at: 0, open: 0, want: 0, why: "inactive-at-zero" },
      { at: 30, open: 124, waiting: 306, want: 1, why: "scale-from-zero" },
      { at: 45, desired: 80 },
      { at: 60, desired: 80 },
      { at: 75, desired: 80, want: 128, why: "above-target" },
    ],
  ),
  timeline(
    "is active by the formula above its activation target only, and by no trigger's own threshold",
    "keda",
    {
      triggers: [{ name: "a", metric: "demand", threshold: 1 }],
      scalingModifiers: { formula: "a > 20 ? a : 0", target: 10, activationTarget: 25 },
    },
    fromZero,
    [
      { at: 0, waiting: 15, want: 0, why: "inactive-at-zero" },
      { at: 30, waiting: 25, want: 0, why: "inactive-at-zero" },
      { at: 60, waiting: 26, want: 1, why: "scale-from-zero" },
    ],
  ),
  timeline(
    "takes cpu for open streams per slot, and never goes to zero with cpu alone",
    "keda",
    { triggers: [{ type: "resource", targetUtilisation: 0.5 }], scaleDown: { stabilisationWindow: 0 } },
    fromZero,
    [
      { at: 0, open: 0, want: 1, why: "scale-from-zero" },
      ...hold(0, 300, 15, { open: 0, want: 1 }),
      { at: 315, open: 10, want: 2, why: "above-target" },
      ...hold(315, 900, 15, { open: 0, want: 1 }),
    ],
  ),
  timeline(
    "takes 1 from a cron trigger outside its time, as a formula sees",
    "keda",
    {
      triggers: [
        { type: "cron", name: "c", timezone: "UTC", start: "0 9 * * *", end: "0 17 * * *", desiredReplicas: 10 },
      ],
      scalingModifiers: { formula: "2 + 3 * c", target: 1 },
    },
    { ...fromZero, epochMs: Date.UTC(2026, 0, 5, 8) },
    [
      { at: 0, want: 1, why: "scale-from-zero" },
      { at: 15, want: 4, why: "up-rate-limited" },
      { at: 30, want: 5, why: "above-target" },
      { at: 3615, want: 10, why: "up-rate-limited" },
      { at: 3630, want: 20 },
      { at: 3645, want: 32 },
    ],
  ),
  timeline(
    "follows a cron trigger from its start to its end, in its zone",
    "keda",
    {
      triggers: [
        {
          type: "cron",
          timezone: "Europe/Berlin",
          start: "0 9 * * mon-fri",
          end: "0 17 * * mon-fri",
          desiredReplicas: 10,
        },
      ],
      cooldownPeriod: 0,
    },
    // Monday, 5 January 2026, 07:59 UTC: a minute to nine in Berlin.
    { ...fromZero, epochMs: Date.UTC(2026, 0, 5, 7, 59) },
    [
      { at: 0, open: 0, want: 0, why: "inactive-at-zero" },
      { at: 30, want: 0 },
      { at: 60, want: 1, why: "scale-from-zero" },
      { at: 75, want: 4 },
      { at: 90, want: 8 },
      { at: 105, want: 10 },
      { at: 8 * 3600 + 45, want: 10 },
      { at: 8 * 3600 + 75, want: 0, why: "cooled-down" },
    ],
  ),
  timeline(
    "is active above its activation threshold only",
    "keda",
    { triggers: [{ metric: "demand", activationThreshold: 5 }] },
    fromZero,
    [
      { at: 0, waiting: 5, want: 0, why: "inactive-at-zero" },
      { at: 30, waiting: 6, want: 1, why: "scale-from-zero" },
    ],
  ),
  timeline(
    "combines triggers by maximum",
    "keda",
    {
      triggers: [
        { metric: "open-streams", threshold: 5 },
        { metric: "waiting-requests", threshold: 1 },
      ],
    },
    { min: 0, ready: 4 },
    [{ at: 0, open: 20, waiting: 7, want: 7, why: "above-target" }],
  ),
  timeline(
    "takes a metric as a whole with Value",
    "keda",
    { triggers: [{ metric: "demand", threshold: 40, metricType: "Value" }] },
    { min: 0, ready: 4 },
    [{ at: 0, open: 60, want: 6 }],
  ),
  timeline(
    "measures rates over a minute",
    "keda",
    { triggers: [{ metric: "arrivals-per-second", threshold: 1 }], scaleDown: { stabilisationWindow: 0 } },
    { min: 1, ready: 1 },
    [
      { at: 0, arrivals: 0, want: 1, why: "no-metrics" },
      { at: 15, arrivals: 150, want: 5, why: "up-rate-limited" },
      { at: 30, want: 5 },
      { at: 45 },
      { at: 60, want: 3 },
      { at: 75, arrivals: 210, want: 1 },
    ],
  ),
  timeline("knows nothing before the first scrape", "keda", {}, fromZero, [
    { at: 0, observedAt: Number.NEGATIVE_INFINITY, want: 0, why: "no-metrics" },
  ]),
];
