import { createHash } from "node:crypto";
import { InputError } from "../../base/errors.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { FailureNotes } from "../failure-notes.js";
import type { JobPoolOptions } from "../job-pool.js";
import { packageVersion } from "../version.js";
import { bestOf, effectsOf, figuresOf, settingsOf } from "./analyse.js";
import { FolderLock } from "./folder-lock.js";
import type { EngineJob, EngineOutcome, JobEngine } from "./job-engine.js";
import { RunFolder, type RunRecord, recordText } from "./run-file.js";
import { ofShard, type Shard } from "./shard.js";
import type { SweepDocument } from "./sweep-document.js";
import type { SweepPlan } from "./sweep-plan.js";

export interface SweepOptions extends Pick<JobPoolOptions, "signal" | "onProgress"> {
  readonly engine: Pick<JobEngine, "run">;
  readonly shard: Shard | undefined;
  /**
   * If true, failed runs are counted and the others continue; else the first fault ends the
   * sweep.
   */
  readonly keepGoing: boolean;
}

export interface SweepOutcome {
  readonly document: SweepDocument;
  /** In the order of their keys. */
  readonly records: readonly RunRecord[];
  /** The faults of failed runs, by key. */
  readonly failures: ReadonlyMap<string, string>;
}

/**
 * Executes the missing runs of a sweep and summarises all. Each run is a file in the folder,
 * named by its content, so a sweep that was stopped, or begun by another engine or shard, is
 * resumed.
 */
export async function runSweep(plan: SweepPlan, folder: string, options: SweepOptions): Promise<SweepOutcome> {
  const { shard } = options;
  const lock = await FolderLock.take(folder, shard === undefined ? "sweep" : `sweep-${shard.index}-of-${shard.of}`);
  const runs = new RunFolder(folder);
  const failures = new Map<string, string>();
  try {
    const open = await missing(plan, runs, shard);
    await options.engine.run(
      open,
      async (outcome) => {
        if (outcome.kind === "done") await runs.add(outcome.record);
        else await failed(runs, outcome, failures, options.keepGoing);
      },
      options,
    );
  } finally {
    await lock.release();
  }
  return { ...(await summarise(plan, runs, failures)), failures };
}

async function failed(
  runs: RunFolder,
  outcome: Extract<EngineOutcome, { kind: "failed" }>,
  failures: Map<string, string>,
  keepGoing: boolean,
): Promise<void> {
  await runs.fail(outcome.key, outcome.message);
  failures.set(outcome.key, outcome.message);
  if (keepGoing) return;
  throw new InputError({
    code: "HR1708",
    got: `a run that failed (${outcome.message.split("\n")[0]})`,
    expected: "runs that end",
    remedy: "Mend it, or go on without it: --keep-going. Finished runs are kept",
  });
}

/** The runs that are neither done nor another shard's, each key once. */
async function missing(plan: SweepPlan, runs: RunFolder, shard: Shard | undefined): Promise<EngineJob[]> {
  const done = await runs.done();
  const own = new Set(ofShard([...new Set(plan.runs.map((run) => run.key))], shard));
  const alone = new Map<string, Scenario>();
  const jobs: EngineJob[] = [];
  for (const { key, variant, policy, replication } of plan.runs) {
    if (done.has(key) || !own.delete(key)) continue;
    const id = `${variant}/${policy}`;
    const { scenario } = plan.variants[variant];
    // A run gets only its own policy: a module that cannot be loaded must not fail the others.
    const one = alone.get(id) ?? { ...scenario, policies: [scenario.policies[policy]] };
    alone.set(id, one);
    jobs.push({ key, scenario: one, policy: 0, replication });
  }
  return jobs;
}

/** The failures of policies in all finished runs, including those of earlier commands. */
export function failureNotes(records: readonly RunRecord[]): FailureNotes {
  const notes = new FailureNotes();
  for (const { policy, failures } of records) if (failures !== undefined) notes.addSummary(policy, failures);
  return notes;
}

function currencyOf({ variants }: SweepPlan): Pick<SweepDocument, "currency"> {
  const [currency, ...others] = new Set(variants.map(({ scenario }) => scenario.cost?.currency));
  return currency === undefined || others.length > 0 ? {} : { currency };
}

/** The figures of the finished runs; also of a folder that several shards filled. */
export async function summarise(
  plan: SweepPlan,
  runs: RunFolder,
  failures: ReadonlyMap<string, string>,
): Promise<Pick<SweepOutcome, "document" | "records">> {
  const records = new Map<string, RunRecord>();
  for (const { key } of plan.runs) {
    const record = records.has(key) ? undefined : await runs.read(key);
    if (record !== undefined) records.set(key, record);
  }
  const settings = settingsOf(plan, records);
  const sorted = [...records.keys()].sort().flatMap((key) => records.get(key) ?? []);
  const hash = createHash("sha256");
  for (const record of sorted) hash.update(recordText(record));
  const document: SweepDocument = {
    runs: new Set(plan.runs.map((run) => run.key)).size,
    done: records.size,
    failed: failures.size,
    hash: hash.digest("hex"),
    best: bestOf(settings),
    settings: figuresOf(settings),
    effects: effectsOf(settings),
    ...currencyOf(plan),
    scenario: { name: plan.variants[0]?.scenario.name ?? "" },
    version: packageVersion(),
  };
  return { document, records: sorted };
}
