import type { ArrivalHistory } from "../../../../src/ports/policy.js";
import { hold, make, play, same, type Timeline, timeline } from "../timeline.js";

const stage = { ready: 10 };

const HOUR = 3_600_000;
/** A Monday at 10:00. */
const epochMs = Date.UTC(2026, 0, 5, 10);

/**
 * A past of `hours`: 10 arrivals per five minutes, `noon` of them from 12:00 to 13:00, and `older`
 * at any time more than 14 days ago.
 */
function past(hours: number, noon: number, older = 10): { -readonly [K in keyof ArrivalHistory]: ArrivalHistory[K] } {
  const binMs = 300_000;
  const originMs = -hours * HOUR;
  const length = (hours * HOUR) / binMs;
  const at = (_: number, bin: number): number => {
    const wallMs = epochMs + originMs + bin * binMs;
    if (epochMs - wallMs > 14 * 24 * HOUR) return older;
    return Math.floor(wallMs / HOUR) % 24 === 12 ? noon : 10;
  };
  return { binMs, originMs, epochMs, length, at };
}

const aheadOnly = { dynamic: "none" };

export const awsTimelines: readonly Timeline[] = [
  timeline(
    "acts on three datapoints, and within the cooldown only on a larger step",
    "aws-target-tracking",
    {},
    stage,
    [
      { at: 0, open: 90, want: 10, why: "missing-data" },
      { at: 60, want: 10, why: "no-alarm" },
      { at: 120, want: 10, why: "no-alarm" },
      { at: 180, want: 13, why: "high-alarm" },
      { at: 240, want: 13, why: "scale-out-cooldown" },
      // 150/130 counts from the ten that stood there before.
      { at: 300, open: 150, want: 17, why: "high-alarm" },
      ...hold(300, 540, 60, { ready: 17, open: 161, want: 17, why: "scale-out-cooldown" }),
      { at: 600, ready: 17, open: 161, want: 23, why: "high-alarm" },
    ],
  ),
  timeline("scales in after fifteen datapoints 10 % below, and not again for 300 s", "aws-target-tracking", {}, stage, [
    { at: 0, open: 60 },
    ...hold(0, 840, 60, { want: 10, why: "no-alarm" }),
    { at: 900, want: 9, why: "low-alarm" },
    ...hold(900, 1140, 60, { open: 40, want: 9, why: "scale-in-cooldown" }),
    { at: 1200, want: 6, why: "low-alarm" },
  ]),
  timeline("is not above its target at its target", "aws-target-tracking", {}, stage, [
    { at: 0, open: 70 },
    ...hold(0, 300, 60, { want: 10, why: "no-alarm" }),
  ]),
  timeline("does nothing on missing data", "aws-target-tracking", {}, stage, [
    { at: 0, open: 90 },
    { at: 60 },
    { at: 120, observedReady: 0, want: 10, why: "missing-data" },
    { at: 180, want: 10, why: "no-alarm" },
    { at: 240, want: 10, why: "no-alarm" },
    { at: 300, want: 13, why: "high-alarm" },
  ]),
  timeline("stands at its bounds", "aws-target-tracking", {}, { ...stage, min: 10, max: 10 }, [
    { at: 0, open: 90 },
    ...hold(0, 180, 60, { open: 90, want: 10, why: "at-max" }),
    ...hold(180, 1080, 60, { open: 20, want: 10, why: "at-min" }),
  ]),
  timeline("leaves draining instances out", "aws-target-tracking", {}, stage, [
    { at: 0, open: 69, openDraining: 30 },
    ...hold(0, 180, 60, { open: 69, openDraining: 30, want: 10, why: "no-alarm" }),
  ]),
  timeline(
    "lets a scale-out end the scale-in cooldown",
    "aws-target-tracking",
    { scaleInDatapoints: 1, scaleOutDatapoints: 1, scaleInCooldown: 3_600_000 },
    stage,
    [
      { at: 0, open: 40 },
      { at: 60, want: 6, why: "low-alarm" },
      { at: 120, ready: 6, open: 60, want: 7, why: "high-alarm" },
      { at: 180, ready: 7, open: 20, want: 4, why: "low-alarm" },
    ],
  ),
  timeline("adds by band, a larger band within the cooldown only the difference", "aws-step", {}, stage, [
    { at: 0, open: 75, want: 10, why: "missing-data" },
    { at: 60, want: 11, why: "step-out" },
    { at: 120, ready: 11, open: 90, want: 13, why: "step-out" },
    { at: 180, ready: 13, open: 90, want: 13, why: "warming-up" },
    { at: 240, ready: 13, open: 50, want: 13, why: "warming-up" },
    { at: 300, ready: 13, open: 95, want: 13, why: "warming-up" },
    ...hold(300, 360, 60, { ready: 13, open: 95, want: 13 }),
    { at: 420, ready: 13, open: 95, want: 14, why: "step-out" },
  ]),
  timeline("takes away by band, with a cooldown", "aws-step", {}, stage, [
    { at: 0, open: 45 },
    { at: 60, want: 9, why: "step-in" },
    { at: 120, open: 30, want: 9, why: "scale-in-cooldown" },
    ...hold(120, 300, 60, { open: 30, want: 9, why: "scale-in-cooldown" }),
    { at: 360, open: 30, want: 7, why: "step-in" },
  ]),
  timeline("puts a boundary into the larger step", "aws-step", {}, stage, [
    { at: 0, open: 40 },
    { at: 60, want: 7, why: "step-in" },
    { at: 120, ready: 10, desired: 10, observedReady: 10, open: 80, want: 13, why: "step-out" },
  ]),
  timeline("does nothing between its alarms", "aws-step", {}, stage, [
    { at: 0, open: 60 },
    { at: 60, open: 51, want: 10, why: "no-alarm" },
    { at: 120, open: 69, want: 10, why: "no-alarm" },
    { at: 180, open: 70, want: 11, why: "step-out" },
  ]),
  timeline("scales in at exactly its threshold", "aws-step", {}, stage, [
    { at: 0, open: 50 },
    { at: 60, want: 9, why: "step-in" },
  ]),
  timeline("scales out between bands of ten points", "aws-step", {}, stage, [
    { at: 0, open: 82 },
    { at: 60, want: 13, why: "step-out" },
  ]),
  timeline("scales in between bands of ten points", "aws-step", {}, stage, [
    { at: 0, open: 38 },
    { at: 60, want: 7, why: "step-in" },
  ]),
  {
    sentence: "aws-step adjusts and rounds as AWS documents it",
    check: (lib) => {
      const percent = (capacity: number, adjustment: number, least = 1): number =>
        lib.adjustedCapacity(capacity, adjustment, "PercentChangeInCapacity", least);
      same(percent(4, 25), 5, "25 % of 4 is 1");
      same(percent(4, 25, 2), 6, "at least 2");
      same(percent(4, -25, 2), 2, "at least 2 down");
      same(percent(100, 12.7), 112, "12.7 → 12");
      same(percent(1, 67), 2, "0.67 → 1");
      same(percent(1, -58), 0, "−0.58 → −1");
      same(percent(100, -6.67), 94, "−6.67 → −6");
      same(percent(10, 0), 10, "0 % is nothing");
      same(lib.adjustedCapacity(4, 3, "ChangeInCapacity", 9), 7, "by 3");
      same(lib.adjustedCapacity(4, 3, "ExactCapacity", 9), 3, "to 3");
      const steps = [{ lower: 0, upper: 0.1, adjustment: 1 }];
      same(lib.bandOf(steps, 0.7, 0.7, true)?.adjustment, 1, "above: the lower bound belongs to it");
      same(lib.bandOf(steps, 0.8, 0.7, true), undefined, "above: the upper one does not");
      same(lib.bandOf(steps, 0.7, 0.7, false), undefined, "below: the lower one does not");
      same(lib.bandOf(steps, 0.8, 0.7, false)?.adjustment, 1, "below: the upper one does");
    },
  },
  timeline(
    "brings capacity 300 s before the hour that is to need it, and takes none away",
    "aws-predictive",
    aheadOnly,
    { epochMs, history: past(30, 100), slots: 10, ready: 1 },
    [
      // 120 arrivals an hour of 10 min: 20 streams on 7 each; at noon 1200: 200 streams.
      { at: 0, want: 3, why: "stand-in forecast (hour of week)" },
      { at: 6840, want: 3, why: "stand-in forecast is lower: no change" },
      { at: 6900, want: 29, why: "stand-in forecast (hour of week)" },
      { at: 10_500, want: 29 },
      { at: 10_800, want: 29, why: "stand-in forecast is lower: no change" },
    ],
  ),
  timeline("holds its floor for the whole hour", "aws-predictive", aheadOnly, { epochMs, history: past(30, 100) }, [
    { at: 10_740, desired: 1, want: 29 },
    { at: 10_800, desired: 1, want: 3 },
  ]),
  timeline("honours the maximum", "aws-predictive", aheadOnly, { epochMs, history: past(30, 100), max: 20 }, [
    { at: 7200, want: 20 },
  ]),
  timeline("needs 24 h of history", "aws-predictive", aheadOnly, { epochMs, history: past(23, 100) }, [
    { at: 7200, want: 1, why: "stand-in forecast lacks history: no change" },
  ]),
  timeline(
    "forecasts from exactly 24 h of history on",
    "aws-predictive",
    aheadOnly,
    { epochMs, history: past(24, 10) },
    [{ at: 0, want: 3 }],
  ),
  timeline(
    "forecasts from the time of each forecast on",
    "aws-predictive",
    { ...aheadOnly, forecastHorizon: 86_400_000, refresh: 86_400_000 },
    { epochMs, history: past(30, 10) },
    [
      { at: 0, want: 3 },
      { at: 86_400, desired: 1, want: 3 },
    ],
  ),
  timeline("looks back 14 days at most", "aws-predictive", aheadOnly, { epochMs, history: past(24 * 28, 10, 1000) }, [
    { at: 0, want: 3 },
  ]),
  timeline("looks back 14 days at least", "aws-predictive", aheadOnly, { epochMs, history: past(24 * 14, 10, 1000) }, [
    { at: 0, want: 3 },
  ]),
  timeline(
    "uses the second week, too",
    "aws-predictive",
    aheadOnly,
    { epochMs, history: { ...past(24 * 14, 10), at: (_, bin) => (bin < 2016 ? 30 : 10) } },
    [
      // The mean of both weeks: 20 arrivals per five minutes, 40 streams.
      { at: 0, want: 6 },
    ],
  ),
  timeline(
    "forecasts 48 h",
    "aws-predictive",
    { ...aheadOnly, refresh: 400_000_000 },
    { epochMs, history: past(30, 100) },
    [
      { at: 0, want: 3 },
      { at: 47.5 * 3600, desired: 1, want: 3 },
      { at: 49 * 3600, desired: 1, want: 1 },
    ],
  ),
  {
    sentence: "aws-predictive forecasts again every 6 h",
    check: (lib) => {
      const history = past(23, 10);
      const policy = make(lib, "aws-predictive", aheadOnly);
      play(policy, { epochMs, history }, [{ at: 0, want: 1 }]);
      history.length += 12 * 6;
      play(policy, { epochMs, history }, [
        { at: 21_540, want: 1 },
        { at: 21_600, want: 3 },
      ]);
    },
  },
  timeline(
    "is combined with target tracking by maximum",
    "aws-predictive",
    {},
    { ...stage, epochMs, history: past(1, 10) },
    [
      { at: 0, open: 90 },
      ...hold(0, 120, 60, { want: 10, why: "stand-in forecast lacks history: no-alarm" }),
      { at: 180, want: 13, why: "stand-in forecast lacks history: high-alarm" },
    ],
  ),
  timeline(
    "fills an hour's unknown bins by its known ones",
    "aws-predictive",
    aheadOnly,
    { epochMs, history: { ...past(30, 10), at: (_, bin) => (bin % 12 < 6 ? Number.NaN : 10) } },
    [{ at: 0, want: 3 }],
  ),
];
