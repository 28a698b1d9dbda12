// A sweep on all cores against one thread: `node test/bench/sweep-scaling.mjs [runs]` (default
// 2000) on an idle machine. Exit code 1 if two threads are less than 1.7 times as fast as one, or
// if the results differ.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const RUNS = Number(process.argv[2] ?? 2000);
const POINTS = 20;
const LEAST_RATIO = 1.7;
const command = fileURLToPath(new URL("../../bin/headrace.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "headrace-scaling-"));
writeFileSync(
  join(folder, "small.yaml"),
  `name: small
duration: 2h
traffic: {source: poisson, rate: 10/s}
streams: {holding: {kind: exponential, mean: 30s}}
fleet: {streamlet: {slots: 50, spawn: {kind: constant, value: 0s}}, max: 50}
policies: [{kind: static, count: 14}]
cost: {streamletHour: 1}
`,
);
writeFileSync(
  join(folder, "sweep.yaml"),
  "scenario: small.yaml\ndesign: grid\naxes: {policies.static.count: {from: " +
    `11, to: ${10 + POINTS}, step: 1}}\nseeds: ${Math.ceil(RUNS / POINTS)}\n`,
);

function timed(threads) {
  const began = performance.now();
  const args = [
    command,
    "sweep",
    "sweep.yaml",
    "--threads",
    String(threads),
    "--out",
    `t${threads}`,
    "--json",
    "--quiet",
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  if (status !== 0) throw new Error(stderr);
  const { runs, done, hash } = JSON.parse(stdout);
  return { seconds: (performance.now() - began) / 1000, runs, done, hash };
}

try {
  const threads = Math.max(2, cpus().length);
  const one = timed(1);
  const all = timed(threads);
  const ratio = one.seconds / all.seconds;
  console.log(
    `${one.runs} runs: ${one.seconds.toFixed(1)} s with 1 thread, ` +
      `${all.seconds.toFixed(1)} s with ${threads}: ${ratio.toFixed(2)} times as fast`,
  );
  console.log(one.hash === all.hash ? `same results: ${one.hash.slice(0, 16)}` : "the results differ");
  if (ratio < LEAST_RATIO || one.hash !== all.hash || one.done !== one.runs) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
