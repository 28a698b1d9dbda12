import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../base/errors.js";
import { formatTraceCsv } from "../../traffic/trace-writer.js";
import { stringify } from "../../traffic/yaml.js";
import { expectedArrivals } from "../../world/history.js";
import type { RunResult } from "../../world/run-result.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { type JobPoolOptions, type JobSpec, runJobs } from "../job-pool.js";
import { parseScenario } from "../scenario-file.js";
import { type AttackWorld, writtenWorld } from "./attack-world.js";
import { featuresOf } from "./coverage.js";
import { figuresOfRun, type RunFigures, type TrialFigures } from "./goal.js";
import { type WorldRefusal, worldRefusal } from "./world-refusal.js";

/** A world with the results of its runs so far. */
export interface Trial {
  readonly world: AttackWorld;
  readonly scenario: Scenario;
  readonly figures: TrialFigures;
  /** The events reached: see featuresOf. */
  readonly features: ReadonlySet<string>;
  /** Replication 0 of the policy and of the baseline. */
  readonly first: readonly RunResult[];
  /** Expected first attempts. */
  readonly requests: number;
}

/** A world that was read, whether it is run or refused. */
interface Read {
  readonly scenario?: Scenario;
  readonly requests: number;
  readonly refusal?: WorldRefusal;
}

interface Kept {
  readonly scenario: Scenario;
  readonly requests: number;
  readonly features: Set<string>;
  readonly runs: RunFigures[][];
  readonly first: RunResult[];
}

/**
 * Reads worlds through the scenario's parser, runs them and keeps their figures. No run is
 * repeated.
 */
export class TrialRunner {
  /** Simulations so far, and worlds that were refused before any. */
  runs = 0;
  refused = 0;
  /** Why the first refused world was refused; undefined if none was. */
  firstRefusal: WorldRefusal | undefined;
  private readonly kept = new Map<string, Kept | undefined>();

  /** `file` is the name in messages; `folder` holds the traces of worlds while they are read. */
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
   * Runs every world up to this many replications. Results are in the order of the worlds;
   * undefined for a refused one.
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

  /** The key of a world that was read, now or earlier. */
  private async read(world: AttackWorld, seed: number): Promise<string> {
    const traceFile = join(this.folder, "attack.csv");
    const { document, trace } = writtenWorld(world, traceFile);
    const key = JSON.stringify([seed, document, trace === undefined ? "" : [...trace.values[0]]]);
    if (this.kept.has(key)) return key;
    const read = await this.parsed(stringify({ ...document, seed }), trace && [traceFile, formatTraceCsv(trace)]);
    this.kept.set(key, this.admitted(read));
    return key;
  }

  private admitted({ scenario, requests, refusal }: Read): Kept | undefined {
    if (scenario !== undefined && refusal === undefined)
      return { scenario, requests, features: new Set(), runs: scenario.policies.map(() => []), first: [] };
    this.refused++;
    this.firstRefusal ??= refusal;
    return undefined;
  }

  /** A world that the scenario's checks refuse is not run. */
  private async parsed(text: string, trace: readonly [string, string] | undefined): Promise<Read> {
    try {
      if (trace !== undefined) await writeFile(trace[0], trace[1]);
      const scenario = await parseScenario(this.file, text);
      const requests = expectedArrivals(scenario.traffic.source, 0, scenario.durationMs);
      const refusal = worldRefusal(scenario, requests);
      return { scenario, requests, ...(refusal === undefined ? {} : { refusal }) };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { requests: 0, refusal: { got: error.message, expected: "a scenario that can be read" } };
    } finally {
      if (trace !== undefined) await rm(trace[0], { force: true });
    }
  }
}
