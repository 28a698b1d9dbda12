import { fail } from "../base/assert.js";
import type { SimFleet } from "../model/sim-fleet.js";
import { Level } from "./recorder/levels.js";
import { Recorder } from "./recorder/recorder.js";
import type { Conservation } from "./run-result.js";

/**
 * Integrals and sums of up to 1e9 terms may differ by rounding. A lost stream makes a far larger
 * difference.
 */
const RELATIVE = 1e-6;

/**
 * Asserts what must hold at the end of every run: no request is lost, L = λW (Little 1961; exact
 * here, since both sides end at the same instant), and streamlet-time is the sum of lifetimes.
 */
export function checkInvariants(recorder: Recorder, fleet: SimFleet, nowMs: number): Conservation {
  const counts = conservation(recorder);
  const { completed, interrupted, rejected, abandoned, waiting, open } = counts;
  const accounted = completed + interrupted + rejected + abandoned + waiting + open;
  if (accounted !== counts.arrived) fail(`${counts.arrived} requests arrived, ${accounted} are accounted for`);
  if (fleet.open !== open) fail(`the fleet carries ${fleet.open} streams, the control plane counts ${open}`);
  checkLittle(recorder, fleet, nowMs);
  const levels = [Level.spawning, Level.ready, Level.draining, Level.parked];
  let streamletMs = 0;
  for (const level of levels) streamletMs += recorder.levels.integral(level, nowMs);
  near("streamlet-time", streamletMs, fleet.lifetimesMs(nowMs), nowMs);
  return counts;
}

/** All requests so far, and how each of them ended or where it is. */
export function conservation(recorder: Recorder): Conservation {
  const tally = Recorder.tally;
  return {
    arrived: recorder.count(tally.arrived),
    completed: recorder.count(tally.completed),
    interrupted: recorder.count(tally.interrupted),
    rejected: recorder.count(tally.rejected),
    abandoned: recorder.count(tally.abandoned),
    waiting: recorder.levels.value(Level.waiting),
    open: recorder.levels.value(Level.open),
  };
}

function checkLittle(recorder: Recorder, fleet: SimFleet, nowMs: number): void {
  let heldMs = recorder.count(Recorder.tally.servedMs);
  fleet.leases.forEachOpen((lease) => {
    heldMs += nowMs - fleet.leases.startedAtMs(lease);
  });
  near("Little's law: time in service", recorder.levels.integral(Level.open, nowMs), heldMs, nowMs);
}

function near(what: string, integral: number, sum: number, nowMs: number): void {
  const tolerance = RELATIVE * Math.max(integral, sum, nowMs, 1);
  if (!(Math.abs(integral - sum) <= tolerance)) fail(`${what}: the integral is ${integral} ms, the sum is ${sum} ms`);
}
