import type { FleetObservation, Policy, PoolObservation } from "../../../../src/ports/policy.js";
import { make, play, same, type Timeline, timeline } from "../timeline.js";

const stage = { ready: 10 };
/** A Monday at midnight. */
const monday = Date.UTC(2026, 0, 5);

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
        const cron = lib.parseCron(text, "vixie");
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
        same(typeof lib.parseCron(wrong, "vixie"), "string", `"${wrong}" is refused`);
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
