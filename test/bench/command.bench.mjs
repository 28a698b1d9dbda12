// The command as a user meets it: how soon help is there, and how long the shipped main job takes from start to report.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { median } from "./measure.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const HELP_ROUNDS = 7;

function secondsOf(args) {
  const began = performance.now();
  execFileSync(process.execPath, [join(root, "bin", "headrace.js"), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return (performance.now() - began) / 1000;
}

export async function run() {
  const help = [];
  for (let round = 0; round < HELP_ROUNDS; round++) help.push(secondsOf(["--help"]));
  const out = mkdtempSync(join(tmpdir(), "headrace-bench-"));
  try {
    const seconds = secondsOf(["simulate", "scenarios/evening-peak.yaml", "--quiet", "--out", out]);
    return [
      {
        key: "command.helpSeconds",
        what: "headrace --help",
        value: median(help),
        unit: "s",
        atMost: 0.3,
        detail: "wall clock",
      },
      {
        key: "command.mainJobSeconds",
        what: "The main job: 2 policies × 10 replications and the report",
        value: seconds,
        unit: "s",
        atMost: 30,
        detail: `wall clock, ${availableParallelism()} cores`,
      },
    ];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
