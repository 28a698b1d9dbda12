import { cpus } from "node:os";
import { basename, join } from "node:path";
import { InputError } from "../base/errors.js";
import { formatDuration } from "../base/units.js";
import { FailureNotes } from "../experiment/failure-notes.js";
import { runJobs } from "../experiment/job-pool.js";
import type { JobRunner } from "../experiment/job-runner.js";
import { checkFolder, writeFileAtomically } from "../experiment/output.js";
import { JobEngine } from "../experiment/sweep/job-engine.js";
import { writeResultTables } from "../experiment/sweep/result-table.js";
import { RunFolder } from "../experiment/sweep/run-file.js";
import { shardOf } from "../experiment/sweep/shard.js";
import { failureNotes, runSweep, type SweepOutcome, summarise } from "../experiment/sweep/sweep.js";
import { readSweep } from "../experiment/sweep/sweep-file.js";
import { planSweep, type SweepPlan } from "../experiment/sweep/sweep-plan.js";
import { checkEngine, openQueue } from "./engine-run.js";
import { ExitCode, interruptSignal } from "./outcome.js";
import { ProgressBar } from "./progress-bar.js";
import { ProgressLines } from "./progress-lines.js";
import type { MergeArguments, SweepArguments } from "./sweep.js";

/** `headrace sweep`: does what is missing, and writes tables and page. */
export async function runSweepCommand(argv: SweepArguments): Promise<void> {
  refuseContradictions(argv);
  const shard = shardOf(argv.shard, argv.shards, process.env);
  const plan = await planSweep(await readSweep(argv.file), argv.seed);
  const folder = argv.out ?? join("reports", basename(argv.file).replace(/\.ya?ml$/i, ""));
  if (argv.dryRun) {
    await dryRun(plan, folder, argv);
    return;
  }
  await checkFolder(folder);
  const interrupt = interruptSignal();
  const label = shard === undefined ? "sweeping" : `sweeping ${shard.index}/${shard.of}`;
  const bar = argv.progress === "json" ? new ProgressLines(argv.quiet) : new ProgressBar(label, argv.quiet);
  // Those of this command's runs, until those of all runs are known.
  let notes = new FailureNotes();
  let runner: JobRunner | undefined;
  try {
    if (argv.redis !== undefined) runner = await openQueue(argv.redis, argv.quiet);
    const engine = engineOf(runner, argv, notes);
    const options = { engine, shard, keepGoing: argv.keepGoing, signal: interrupt.signal, onProgress: bar.show };
    const outcome = await runSweep(plan, folder, options);
    bar.clear();
    notes = failureNotes(outcome.records);
    await report(plan, outcome, folder, argv);
    if (outcome.failures.size > 0) process.exitCode = ExitCode.no;
  } catch (error) {
    if (interrupt.signal.aborted && !argv.quiet)
      process.stderr.write(`finished runs are kept in ${folder}: the same command goes on from there\n`);
    throw error;
  } finally {
    bar.clear();
    process.stderr.write(notes.text);
    interrupt.dispose();
    await runner?.close();
  }
}

function refuseContradictions(argv: SweepArguments): void {
  checkEngine(argv);
  if (argv.redis !== undefined && argv.memory !== undefined)
    throw new InputError({
      code: "HR1006",
      where: "--memory",
      got: "memory for a queue",
      expected: "it where headrace worker starts",
    });
}

/** Threads are opened where there is something to run. */
function engineOf(
  runner: JobRunner | undefined,
  { threads, memory }: SweepArguments,
  { add: onPolicyFailed }: FailureNotes,
): JobEngine {
  if (runner !== undefined) return new JobEngine({ open: runner, onPolicyFailed });
  const bounds = memory === undefined ? {} : { memoryBytes: memory };
  return new JobEngine({ onPolicyFailed, ...(threads === undefined ? {} : { threads }), ...bounds });
}

/**
 * The number of runs, and their estimated time, from one run of each policy at the middle point.
 */
async function dryRun(plan: SweepPlan, folder: string, argv: SweepArguments): Promise<void> {
  const keys = new Set(plan.runs.map((run) => run.key));
  const done = [...(await new RunFolder(folder).done())].filter((key) => keys.has(key)).length;
  const { scenario } = plan.variants[Math.floor(plan.variants.length / 2)];
  let wallMs = 0;
  const probes = scenario.policies.map((_, policy) => ({ scenario, policy, replication: 0 }));
  await runJobs(probes, { threads: 1 }, (_, run) => {
    wallMs += run.wallMs;
  });
  const threads = argv.threads ?? cpus().length;
  const left = keys.size - done;
  const estimateMs = Math.round((left * wallMs) / scenario.policies.length / threads);
  if (argv.json) {
    process.stdout.write(
      `${JSON.stringify({ runs: keys.size, done, points: plan.variants.length, threads, estimateMs })}\n`,
    );
    return;
  }
  process.stdout.write(
    `${keys.size} runs (${plan.variants.length} points), ${done} done; the rest takes about ` +
      `${formatDuration(Math.max(1000, Math.round(estimateMs / 1000) * 1000))} on ${threads} threads\n`,
  );
}

async function report(
  plan: SweepPlan,
  { document, records, failures }: SweepOutcome,
  folder: string,
  argv: Pick<SweepArguments, "json" | "quiet">,
): Promise<void> {
  const { sweepPage } = await import("../report/sweep/sweep-page.js");
  await writeResultTables(plan, records, folder);
  await writeFileAtomically(join(folder, "sweep.json"), `${JSON.stringify(document, null, 2)}\n`);
  await writeFileAtomically(join(folder, "index.html"), await sweepPage(document));
  if (argv.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  if (argv.quiet) return;
  const { sweepText } = await import("../report/sweep/sweep-text.js");
  const stream = argv.json ? process.stderr : process.stdout;
  for (const message of new Set(failures.values())) process.stderr.write(`failed: ${message.split("\n")[0]}\n`);
  stream.write(`${sweepText(document)}\n\nReport: ${join(folder, "index.html")}\n`);
}

/** `headrace sweep merge`: collects every record of the sweep, from all folders, into one. */
export async function mergeSweeps(argv: MergeArguments): Promise<void> {
  const plan = await planSweep(await readSweep(argv.file), argv.seed);
  await checkFolder(argv.out);
  const into = new RunFolder(argv.out);
  const known = await into.done();
  const wanted = new Set(plan.runs.map((run) => run.key));
  let found = 0;
  for (const folder of argv.folders) {
    const from = new RunFolder(folder);
    const keys = [...(await from.done())].filter((key) => wanted.has(key));
    found += keys.length;
    for (const key of keys) {
      const record = known.has(key) ? undefined : await from.read(key);
      if (record === undefined) continue;
      await into.add(record);
      known.add(key);
    }
  }
  if (found === 0 && known.size === 0) {
    throw new InputError({
      code: "HR1709",
      where: argv.folders.join(", "),
      got: "no run of this sweep",
      expected: "folders that headrace sweep --shard wrote with this file, scenario, seed and version",
    });
  }
  const merged = await summarise(plan, into, new Map());
  await report(plan, { ...merged, failures: new Map() }, argv.out, argv);
  process.stderr.write(failureNotes(merged.records).text);
}
