import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { distributionOf } from "../../base/distribution.js";
import { InputError } from "../../base/errors.js";
import { formatTraceCsv } from "../../traffic/trace-writer.js";
import { expectedArrivals } from "../../world/history.js";
import type { RunResult } from "../../world/run-result.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { type JobPoolOptions, type JobSpec, runJobs } from "../job-pool.js";
import { parseScenario } from "../scenario-file.js";
import { type AttackWorld, writtenWorld } from "./attack-world.js";
import { featuresOf } from "./coverage.js";
import { figuresOfRun, type RunFigures, type TrialFigures } from "./goal.js";

/** More first attempts than this in one run are too many for a search: about a second each. */
const MOST_REQUESTS = 100_000;
/** Peaks above this share of all slots would be missed by any policy. */
const MOST_PEAK_LOAD = 0.8;

/** A world with the results of its runs so far. */
export interface Trial {
  readonly world: AttackWorld;
  readonly scenario: Scenario;
  readonly figures: TrialFigures;
  /** What was reached: see featuresOf. */
  readonly features: ReadonlySet<string>;
  /** Replication 0 of the policy and of the baseline. */
  readonly first: readonly RunResult[];
  /** Expected first attempts. */
  readonly requests: number;
}

interface Kept {
  readonly scenario: Scenario;
  readonly requests: number;
  readonly features: Set<string>;
  readonly runs: RunFigures[][];
  readonly first: RunResult[];
}

/**
 * Reads worlds through the scenario's own parser, runs them and keeps their figures; each run is
 * done once.
 */
export class TrialRunner {
  /** Simulations so far, and worlds that were refused before any. */
  runs = 0;
  refused = 0;
  private readonly kept = new Map<string, Kept | undefined>();

  /** `file` is what messages name; `folder` takes the traces of worlds while they are read. */
  constructor(
    private readonly file: string,
    private readonly folder: string,
    private readonly pool: JobPoolOptions,
  ) {}

  /** Distinct worlds that were run. */
  get worlds(): number {
    return [...this.kept.values()].filter((one) => one !== undefined).length;
  }

  /**
   * Brings every world to this many replications; undefined for one that is refused. In the order
   * of the worlds.
   */
  async trials(worlds: readonly AttackWorld[], replications: number, seed: number): Promise<(Trial | undefined)[]> {
    const keys: string[] = [];
    for (const world of worlds) keys.push(await this.read(world, seed));
    const jobs: { readonly kept: Kept; readonly spec: JobSpec }[] = [];
    for (const key of new Set(keys)) {
      const kept = this.kept.get(key);
      if (kept === undefined) continue;
      for (const [policy, runs] of kept.runs.entries())
        for (let replication = runs.length; replication < replications; replication++)
          jobs.push({ kept, spec: { scenario: kept.scenario, policy, replication } });
    }
    const specs = jobs.map(({ spec }) => spec);
    await runJobs(specs, this.pool, (job, { result }) => this.keep(jobs[job].kept, jobs[job].spec, result));
    return keys.map((key, i) => this.trialOf(worlds[i], this.kept.get(key), replications));
  }

  private keep(kept: Kept, { policy, replication }: JobSpec, result: RunResult): void {
    this.runs++;
    kept.runs[policy][replication] = figuresOfRun(result, kept.scenario);
    if (replication !== 0) return;
    kept.first[policy] = result;
    for (const feature of featuresOf(policy, result)) kept.features.add(feature);
  }

  private trialOf(world: AttackWorld, kept: Kept | undefined, replications: number): Trial | undefined {
    if (kept === undefined) return undefined;
    const { scenario, features, first, requests } = kept;
    const [policy, against] = kept.runs.map((runs) => runs.slice(0, replications));
    return { world, scenario, figures: { policy, against }, features, first, requests };
  }

  /** The key of a world that was read, now or before. */
  private async read(world: AttackWorld, seed: number): Promise<string> {
    const traceFile = join(this.folder, "attack.csv");
    const { document, trace } = writtenWorld(world, traceFile);
    const key = JSON.stringify([seed, document, trace === undefined ? "" : [...trace.values[0]]]);
    if (this.kept.has(key)) return key;
    const scenario = await this.parsed(stringify({ ...document, seed }), trace && [traceFile, formatTraceCsv(trace)]);
    const requests = scenario === undefined ? 0 : requestsOf(scenario);
    const fits = scenario !== undefined && requests <= MOST_REQUESTS && hasRoom(scenario);
    if (!fits) this.refused++;
    const runs = scenario?.policies.map((): RunFigures[] => []) ?? [];
    this.kept.set(key, fits ? { scenario, requests, features: new Set(), runs, first: [] } : undefined);
    return key;
  }

  /** Undefined where the scenario is refused: a change that makes no sense is no world. */
  private async parsed(text: string, trace: readonly [string, string] | undefined): Promise<Scenario | undefined> {
    try {
      if (trace !== undefined) await writeFile(trace[0], trace[1]);
      return await parseScenario(this.file, text);
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    } finally {
      if (trace !== undefined) await rm(trace[0], { force: true });
    }
  }
}

function requestsOf({ traffic, durationMs }: Scenario): number {
  return expectedArrivals(traffic.source, 0, durationMs);
}

/** Whether all slots together could serve the busiest minute's offered load with room to spare. */
function hasRoom({ traffic, durationMs, fleet, streams }: Scenario): boolean {
  const slots = Math.max(...fleet.classes.map((one) => one.slots)) * fleet.max;
  if (!Number.isFinite(slots)) return true;
  const stepMs = Math.max(60_000, durationMs / 1440);
  const meanHoldingMs = Math.min(distributionOf(streams.holding).mean, durationMs);
  for (let fromMs = 0; fromMs < durationMs; fromMs += stepMs) {
    const perMs = expectedArrivals(traffic.source, fromMs, fromMs + stepMs) / stepMs;
    if (perMs * meanHoldingMs > MOST_PEAK_LOAD * slots) return false;
  }
  return true;
}
