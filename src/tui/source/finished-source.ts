import { basename, dirname } from "node:path";
import { InputError } from "../../base/errors.js";
import type { RunFacts } from "../../world/watch/run-facts.js";
import { type FinishedRun, renamed } from "./finished-run.js";
import { finishedRun, RUN_LOG } from "./result-folder.js";
import type { SteppedRun } from "./stepped-run.js";
import { SteppedSource } from "./stepped-source.js";

/**
 * One finished run with its other policies, or two side by side. Time counts from the start of
 * each. `policy`: for folders of reports; the first if left out.
 */
export async function finishedSource(paths: readonly string[], policy: string | undefined): Promise<SteppedSource> {
  const [first, second] = await Promise.all(paths.map((path) => finishedRun(path, policy)));
  if (second === undefined) return new SteppedSource("recording", first.make(), first.others, [first.warning]);
  return sideBySide([first, second], paths);
}

function sideBySide(runs: readonly [FinishedRun, FinishedRun], paths: readonly string[]): SteppedSource {
  const made = runs.map(({ make }) => make());
  const [a, b] = made.map(({ facts }) => facts);
  refuseOtherPools(a, b, paths);
  const names =
    a.policy === b.policy
      ? paths.map((path, i) => `${made[i].facts.policy} of ${shortName(path, paths)}`)
      : [a.policy, b.policy];
  const named = (i: number): (() => SteppedRun) => renamed(runs[i].make, names[i]);
  const source = new SteppedSource(
    "recording",
    named(0)(),
    new Map([[names[1], named(1)]]),
    runs.map(({ warning }) => warning),
  );
  source.setBeside(names[1]);
  return source;
}

/** The boxes show the same pools of both runs. */
function refuseOtherPools(a: RunFacts, b: RunFacts, paths: readonly string[]): void {
  const poolsOf = ({ pools }: RunFacts): string => pools.map(({ name }) => name).join(", ");
  if (poolsOf(a) === poolsOf(b)) return;
  throw new InputError({
    code: "HR1115",
    where: paths[1],
    got: `a run with the pools ${poolsOf(b)}`,
    expected: `the pools of ${paths[0]}: ${poolsOf(a)}`,
    remedy: "Watch them separately",
  });
}

/** The folder's name, or the log's; the whole path where these are the same. */
function shortName(path: string, paths: readonly string[]): string {
  const [name, ...others] = [path, ...paths.filter((one) => one !== path)].map((one) =>
    basename(one) === RUN_LOG ? basename(dirname(one)) : basename(one),
  );
  return others.includes(name) ? path : name;
}
