import { InputError } from "../base/errors.js";
import { formatDuration } from "../base/units.js";
import { loadUserModules } from "../experiment/module-file.js";
import { packageVersion } from "../experiment/version.js";
import { type LoggedRun, parseRunLog } from "../live/log/run-log-reader.js";
import { replayRun } from "../live/replay/replay.js";
import { readTextFile } from "../traffic/text-file.js";
import type { UserModules } from "../world/user-modules.js";
import { ExitCode } from "./outcome.js";
import type { ReplayArguments } from "./replay.js";

/** A log of a day at 100 requests per second has about this size. */
const MAX_LOG_BYTES = 2_000_000_000;

interface FirstDifference {
  readonly line: number;
  /** Null where one of the two ends. */
  readonly logged: string | null;
  readonly replayed: string | null;
}

/**
 * `headrace replay LOG`: exit code 1 when (without --policy) a replayed line differs from the log.
 */
export async function replayLog(argv: ReplayArguments): Promise<void> {
  if (argv.scenario !== undefined && argv.policy === undefined)
    throw new InputError({
      code: "HR1007",
      where: "--scenario",
      got: "no --policy beside it",
      expected: "the policy to take from that scenario",
    });
  const text = await readTextFile(argv.log, "a run log (JSONL)", MAX_LOG_BYTES);
  const run = parseRunLog(text, argv.log, packageVersion());
  const { scenario } = run.header;
  if (!argv.quiet) process.stderr.write(`${argv.log}: ${scenario.name}, seed ${scenario.seed}\n`);
  if (argv.policy !== undefined) {
    const { replayOther } = await import("./counterfactual-run.js");
    await replayOther(run, argv.policy, argv);
    return;
  }
  const modules = await loadUserModules({ ...scenario, policies: [run.header.policy] });
  const difference = firstDifference(run, modules);
  if (argv.json) process.stdout.write(`${JSON.stringify(documentOf(run, difference), null, 2)}\n`);
  else if (!argv.quiet || difference !== undefined) process.stdout.write(describe(run, difference));
  if (difference !== undefined) process.exitCode = ExitCode.no;
}

function firstDifference(run: LoggedRun, modules: UserModules): FirstDifference | undefined {
  let line = 0;
  let first: FirstDifference | undefined;
  replayRun(
    run.lines,
    run.file,
    () => modules,
    (replayed) => {
      const logged = run.lines[line++] ?? null;
      if (logged !== replayed) first ??= { line, logged, replayed };
    },
  );
  if (line < run.lines.length) first ??= { line: line + 1, logged: run.lines[line], replayed: null };
  return first;
}

function documentOf(run: LoggedRun, difference: FirstDifference | undefined): object {
  const { scenario, policy, version } = run.header;
  return {
    scenario: { name: scenario.name, hash: scenario.hash },
    seed: scenario.seed,
    version,
    policy: policy.name,
    endMs: run.endMs,
    outsideEvents: run.events.length,
    decisions: run.lines.length - 1 - run.events.length,
    identical: difference === undefined,
    firstDifference: difference ?? null,
  };
}

function describe(run: LoggedRun, difference: FirstDifference | undefined): string {
  const { scenario, policy } = run.header;
  const decisions = run.lines.length - 1 - run.events.length;
  const what =
    `${scenario.name}, ${policy.name}, ${formatDuration(Math.round(run.endMs))}: ` +
    `${run.events.length} outside events`;
  if (difference === undefined) return `${what}; all ${decisions} decisions come out byte for byte.\n`;
  return [
    `${what}; the replay DIFFERS from line ${difference.line} on:`,
    `  logged    ${difference.logged ?? "(nothing more)"}`,
    `  replayed  ${difference.replayed ?? "(nothing more)"}`,
    "",
  ].join("\n");
}
