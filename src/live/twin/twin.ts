import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { empiricalLaw } from "../../base/distribution.js";
import { InputError } from "../../base/errors.js";
import { loadUserModules } from "../../experiment/module-file.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { SpawnProfile } from "../../world/scenario/resources.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { SimulatedRun } from "../../world/simulate.js";
import { CpuPressure } from "../calibrate/cpu-pressure.js";
import { RunLog } from "../log/run-log.js";
import { WriteFaults } from "../log/write-faults.js";
import type { Runtime } from "../machine/launch-command.js";
import { runSession } from "../session/session.js";
import { figuresOfLog, meanReady, type RunFigures, readyDistance, waitQuantile } from "./log-figures.js";

/**
 * Largest allowed error of simulated against live, or twice the error of live against live if that
 * is larger.
 */
const ALLOWED = 0.1;
/** Most streamlets at once. */
const ROOM = 500;

/**
 * One row of the table. Errors are relative to the first live run; null if the base is 0 or
 * unknown.
 */
export interface TwinRow {
  readonly metric: string;
  readonly unit: string;
  readonly live: number;
  readonly simulated: number;
  readonly again: number;
  /** Simulated against live, and the second live run against the first. */
  readonly error: number | null;
  readonly repeatError: number | null;
  /** Null where the live or the simulated run has no such figure: then nothing can be said. */
  readonly within: boolean | null;
}

export interface Twin {
  readonly rows: readonly TwinRow[];
  /**
   * Share of time in which a process waited for a core during each live run; null if the kernel
   * does not measure it.
   */
  readonly cpuPressure: readonly (number | null)[];
  readonly logs: readonly string[];
}

interface MeasuredRun {
  readonly figures: RunFigures;
  readonly interrupted: number;
  readonly served: number;
}

/**
 * Runs the scenario twice with real processes, and once simulated with the machine's spawn times.
 * All three have the same arrivals, holding times and streamlet lifetimes, drawn from the same
 * random streams. The run logs stay in the folder.
 */
export async function twin(
  scenario: Scenario,
  profile: SpawnProfile,
  runtime: Runtime,
  folder: string,
  signal: AbortSignal,
  notice: (line: string) => void,
): Promise<Twin> {
  const policy = scenario.policies[0];
  const logs = ["live-1.jsonl", "live-2.jsonl"].map((name) => join(folder, name));
  const live: MeasuredRun[] = [];
  const cpuPressure: (number | null)[] = [];
  for (const [i, logFile] of logs.entries()) {
    notice(`live run ${i + 1} of 2`);
    const pressure = new CpuPressure();
    live.push(await runLive(scenario, policy, runtime, logFile, signal));
    cpuPressure.push(pressure.share());
  }
  const simulated = await simulateTwin(scenario, policy, profile);
  return { rows: rowsOf(live[0], simulated, live[1], scenario.durationMs), cpuPressure, logs };
}

async function runLive(
  scenario: Scenario,
  policy: PolicySpec,
  runtime: Runtime,
  logFile: string,
  signal: AbortSignal,
): Promise<MeasuredRun> {
  const place = { address: "127.0.0.1", port: 0, managerPort: 0, token: undefined, upstreams: [] };
  const writes = new WriteFaults();
  const rules = { requireLimits: false, requireIsolation: false };
  const how = { serve: false, withFaults: true, writes, ...rules, speed: 1, room: ROOM, runtime, logFile };
  const { result } = await runSession({ scenario, policy, ...place, ...how }, signal, () => undefined);
  signal.throwIfAborted();
  if (result === undefined) {
    throw new InputError({
      code: "HR1514",
      where: scenario.name,
      got: "a live run that ended within its warm-up",
      expected: "a longer duration",
    });
  }
  const lines = (await readFile(logFile, "utf8")).trimEnd().split("\n").slice(1);
  const { interrupted, completed, open } = result.counts;
  return { figures: figuresOfLog(lines), interrupted, served: completed + interrupted + open };
}

/**
 * The simulated counterpart: the first streamlets start cold, starts queue for the cores, and
 * there is one machine.
 */
async function simulateTwin(scenario: Scenario, policy: PolicySpec, profile: SpawnProfile): Promise<MeasuredRun> {
  const { valuesMs, contention, queue } = profile;
  const spawn = { law: empiricalLaw(valuesMs), contention, ...(queue === undefined ? {} : { queue }) };
  const { fleet } = scenario;
  const onMachine: Scenario = {
    ...scenario,
    fleet: {
      ...fleet,
      max: Math.min(fleet.max, ROOM),
      regions: fleet.regions.map((region) => ({ ...region, hosts: undefined })),
      classes: fleet.classes.map((one) => ({ ...one, spawn })),
    },
  };
  const lines: string[] = [];
  const modules = await loadUserModules(scenario);
  const watch = (clock: { nowMs(): number }): RunLog =>
    new RunLog(
      (text) => lines.push(text),
      () => clock.nowMs(),
    );
  const run = new SimulatedRun(onMachine, policy, modules, { watch, coldStart: true });
  run.advance(scenario.durationMs);
  const { interrupted, completed, open } = run.result().counts;
  return { figures: figuresOfLog(lines), interrupted, served: completed + interrupted + open };
}

function rowsOf(live: MeasuredRun, simulated: MeasuredRun, again: MeasuredRun, untilMs: number): TwinRow[] {
  const row = (metric: string, unit: string, of: (run: MeasuredRun) => number): TwinRow => {
    const values = { live: of(live), simulated: of(simulated), again: of(again) };
    return verdict({
      ...{ metric, unit, ...values },
      error: relative(values.simulated, values.live),
      repeatError: relative(values.again, values.live),
    });
  };
  const mean = meanReady(live.figures, untilMs);
  const { burst } = live.figures;
  const apart = (run: MeasuredRun): number | null =>
    mean === 0 ? null : readyDistance(live.figures, run.figures, untilMs) / mean;
  return [
    row("start latency, p50", "ms", (run) => waitQuantile(run.figures, 0.5)),
    row("start latency, p90", "ms", (run) => waitQuantile(run.figures, 0.9)),
    // Means may agree while the curves differ: the error is the mean distance of the two curves.
    verdict({
      metric: "ready streamlets over time",
      unit: "",
      live: mean,
      simulated: meanReady(simulated.figures, untilMs),
      again: meanReady(again.figures, untilMs),
      error: apart(simulated),
      repeatError: apart(again),
    }),
    row(`burst of ${burst.size} spawns, last ready`, "ms", ({ figures }) => burstMs(figures, burst.size)),
    row("spawns", "", (run) => run.figures.spawns),
    row("streams served", "", (run) => run.served),
    row("interrupted streams", "", (run) => run.interrupted),
  ];
}

export function verdict(row: Omit<TwinRow, "within">): TwinRow {
  const allowed = Math.max(ALLOWED, 2 * Math.abs(row.repeatError ?? 0));
  if (Number.isNaN(row.live) || Number.isNaN(row.simulated)) return { ...row, within: null };
  return { ...row, within: row.error !== null && Math.abs(row.error) <= allowed };
}

/**
 * How long the largest burst took; unknown where it was of another size, which takes another time.
 */
function burstMs({ burst }: RunFigures, size: number): number {
  return burst.size === size ? burst.makespanMs : Number.NaN;
}

/** (value − base) / base; 0 if both are 0, null if only the base is, or a value is unknown. */
function relative(value: number, base: number): number | null {
  if (value === base) return 0;
  const share = (value - base) / base;
  return Number.isFinite(share) ? share : null;
}
