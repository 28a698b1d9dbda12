import { hold, type Timeline, timeline } from "../timeline.js";

const stage = { ready: 10 };

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
