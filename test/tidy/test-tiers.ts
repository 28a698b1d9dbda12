import { readdirSync } from "node:fs";
import { join, sep } from "node:path";

/** Rooms of the quick tier: the pure core, whose tests start no process and need no build. */
export const quickRooms = ["base", "kernel", "control", "model", "world", "tidy"];

/** Tests of these rooms that only the whole suite runs, with the reason. */
export const slowTests: ReadonlyMap<string, string> = new Map([
  ["test/control/policies/mutation.test.ts", "plays timelines on 700 mutants"],
  ["test/control/policies/predictive/never-worse.test.ts", "simulates weeks"],
  ["test/tidy/ratchet.test.ts", "starts oxlint"],
  ["test/world/trained-forecaster.test.ts", "trains forecasters over weeks"],
]);

/**
 * Folders whose test files share their modules: a worker loads the sources once for all of its
 * files, which halves the CPU time of the quick tier (55 s to 28 s). Such a test changes nothing
 * that outlives it: no environment, no working directory, no global.
 */
export const sharingRooms = [
  ...quickRooms,
  "cli",
  "experiment",
  "library",
  "report",
  "swarm",
  "theory",
  "traffic",
  "truth",
  "tui",
];

/** A user module locks the built-ins of its process: Vega and others would fail after it. */
const LOCKS = "loads a user module, which locks the built-ins of its process";

/** Tests of these rooms that need modules of their own, with the reason. */
export const isolatedTests: ReadonlyMap<string, string> = new Map([
  ["test/cli/bad-input.test.ts", LOCKS],
  ["test/cli/scenarios.test.ts", LOCKS],
  ["test/experiment/check/failed-policy.test.ts", LOCKS],
  ["test/experiment/check/planted.test.ts", LOCKS],
  ["test/experiment/diff/diff-results.test.ts", LOCKS],
  ["test/experiment/diff/failed-policy.test.ts", LOCKS],
  ["test/experiment/explain-failure.test.ts", LOCKS],
  ["test/experiment/plan/failed-policy.test.ts", LOCKS],
  ["test/experiment/plan/fallback.test.ts", LOCKS],
  ["test/experiment/queue/queue-runner.test.ts", LOCKS],
  ["test/experiment/sweep/sweep.test.ts", LOCKS],
  ["test/experiment/user-code-watch.test.ts", LOCKS],
  ["test/world/user-modules.test.ts", LOCKS],
  ["test/cli/twin.test.ts", "counts the child processes of its own"],
  ["test/cli/report.test.ts", "replaces process.stderr.write"],
  ["test/report/report-in-browser.test.ts", "keeps a browser open"],
  ["test/control/forecast/sliding-sample.test.ts", "counts calls on Float64Array.prototype"],
  ["test/world/trained-forecaster.test.ts", "TensorFlow.js keeps its backend in a global"],
  ["test/world/hidden-classes.test.ts", "objects of tests before it have hidden classes, too"],
]);

/**
 * Tests that measure this machine (a rate, a share of a core, a time to recover) or load all of
 * its cores. They run after all others, one at a time. All others run side by side and must pass
 * on a busy machine.
 */
export const aloneTests: ReadonlyMap<string, string> = new Map([
  ["test/live/limits/limits.test.ts", "measures a hog's share of a core"],
  ["test/live/limits/network-cap.test.ts", "measures a rate of 20 Mbit/s"],
  ["test/live/limits/self-test.test.ts", "measures a hog's share of a core"],
  ["test/live/machine/isolation.test.ts", "measures the p99 of the time to recover"],
]);

/** Files of more than 10 s, on two idle cores, in the order in which they start. */
export const slowestFirst: readonly string[] = [
  "test/cli/docs.test.ts",
  "test/live/session/storm.test.ts",
  "test/live/machine/random-faults.test.ts",
  "test/report/report-in-browser.test.ts",
  "test/swarm/swarm.test.ts",
  "test/cli/traces.test.ts",
  "test/live/session/session.test.ts",
  "test/cli/plan.test.ts",
  "test/cli/bad-input.test.ts",
  "test/live/session/live-history.test.ts",
  "test/experiment/plan/planner-questions.test.ts",
  "test/experiment/sweep/queue-engine.test.ts",
  "test/report/page-kinds.test.ts",
  "test/live/session/hard-times.test.ts",
  "test/live/wire/hand-over-churn.test.ts",
  "test/cli/twin.test.ts",
  "test/experiment/study/study.test.ts",
  "test/report/linked-charts.test.ts",
  "test/cli/validate.test.ts",
  "test/forecasting/leak.test.ts",
  "test/theory/quick-validation.test.ts",
];

/** The parts of the whole suite, in the order in which they may run. */
export type Part = "sharing" | "isolated" | "alone";

/** The part that runs a test file; `path` begins with "test/". */
export function partOf(path: string): Part {
  if (aloneTests.has(path)) return "alone";
  const room = path.split("/")[1];
  return sharingRooms.includes(room) && !isolatedTests.has(path) ? "sharing" : "isolated";
}

/** Each test file below a root folder, by its path from there. */
export function testFiles(root: string): string[] {
  const names = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `test/${name.split(sep).join("/")}`)
    .sort();
}
