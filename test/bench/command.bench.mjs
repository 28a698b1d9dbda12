// The command from the user's side: time until help appears, time of a small scenario and of the
// shipped main job from start to report, speed-up by a second thread, and saving of a study
// against single runs.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { jsonOf, median, withCpp } from "./measure.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const HELP_ROUNDS = 7;
const SMALL_ROUNDS = 5;
const MAIN_JOB_ROUNDS = 3;
/**
 * ns per event of workload B in C++ at the pace for which the bound of the main job is stated.
 */
const PACE_NS = 150;
const KNOBS = 12;

/** Wall seconds of a command. */
function secondsOf(args) {
  const began = performance.now();
  execFileSync(process.execPath, [join(root, "bin", "headrace.js"), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return (performance.now() - began) / 1000;
}

/** CPU seconds of a command, all its threads. */
function cpuSecondsOf(args) {
  const command = ["-f", "%U %S", process.execPath, join(root, "bin", "headrace.js"), ...args];
  const script = 'exec /usr/bin/time -o "$0" "$@"';
  const folder = mkdtempSync(join(tmpdir(), "headrace-bench-"));
  try {
    const file = join(folder, "times");
    execFileSync("sh", ["-c", script, file, ...command], { cwd: root, stdio: ["ignore", "ignore", "ignore"] });
    return readFileSync(file, "utf8")
      .trim()
      .split(" ")
      .map(Number)
      .reduce((sum, seconds) => sum + seconds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * One study of twelve settings of the predictive policy against twelve runs of one setting each,
 * at 3 hours and 2 replications.
 */
function studyRow(folder, out) {
  const document = parse(readFileSync(join(root, "scenarios/evening-peak.yaml"), "utf8"));
  const predictive = document.policies.find((policy) => policy.kind === "predictive");
  const knobs = Array.from({ length: KNOBS }, (_, i) => ({ ...predictive, name: `q${i}`, quantile: 0.8 + i / 100 }));
  const written = (name, policies) => {
    const file = join(folder, name);
    const traffic = { ...document.traffic, file: join(root, "traces/evening-peak.csv") };
    writeFileSync(file, stringify({ ...document, traffic, duration: "3h", replications: 2, policies }));
    return ["simulate", file, "--quiet", "--out", out];
  };
  const study = cpuSecondsOf(written("study.yaml", knobs));
  let single = 0;
  knobs.forEach((knob, i) => {
    single += cpuSecondsOf(written(`single-${i}.yaml`, [knob]));
  });
  return {
    key: "command.studyOverSingles",
    what: "Twelve knobs in one run ÷ twelve runs of one knob",
    value: study / single,
    unit: "×",
    atMost: 0.75,
    detail: `CPU time, ${study.toFixed(1)} against ${single.toFixed(1)} s; 2 replications of 3 h`,
  };
}

async function mainJobRows(out) {
  const job = ["simulate", "scenarios/evening-peak.yaml", "--quiet", "--out", out];
  const pace = await withCpp("workload-b.cpp", (binary) =>
    median([1, 2, 3].map(() => jsonOf(binary, ["1"]).nsPerEvent)),
  );
  const pairs = Array.from({ length: MAIN_JOB_ROUNDS }, () => {
    return { all: secondsOf(job), one: secondsOf([...job, "--threads", "1"]) };
  });
  const seconds = median(pairs.map(({ all }) => all));
  const oneThread = median(pairs.map(({ one }) => one));
  const what = "The main job: 2 policies × 10 replications and the report";
  const scaled =
    pace === undefined
      ? { absent: "no g++ to take the pace of this hour" }
      : { value: (seconds * PACE_NS) / pace, atMost: 18, detail: `C++ takes ${pace.toFixed(0)} ns an event now` };
  return [
    { key: "command.mainJobSeconds", what, value: seconds, unit: "s", detail: `wall, ${availableParallelism()} cores` },
    { key: "command.mainJobScaled", what: `The same at a pace of ${PACE_NS} ns`, unit: "s", ...scaled },
    {
      key: "command.secondThread",
      what: "The main job on one thread ÷ on all cores",
      value: median(pairs.map(({ all, one }) => one / all)),
      unit: "×",
      atLeast: 1.65,
      detail: `${oneThread.toFixed(1)} against ${seconds.toFixed(1)} s`,
    },
  ];
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), "headrace-bench-"));
  const out = join(folder, "out");
  const rounds = (count, args) => median(Array.from({ length: count }, () => secondsOf(args)));
  try {
    const small = ["simulate", "scenarios/mm10.yaml", "--quiet", "--out", out];
    const wall = { unit: "s", detail: "wall clock" };
    return [
      {
        key: "command.helpSeconds",
        what: "headrace --help",
        value: rounds(HELP_ROUNDS, ["--help"]),
        atMost: 0.25,
        ...wall,
      },
      {
        key: "command.smallSeconds",
        what: "headrace simulate mm10",
        value: rounds(SMALL_ROUNDS, small),
        atMost: 1.2,
        ...wall,
      },
      ...(await mainJobRows(out)),
      studyRow(folder, out),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
