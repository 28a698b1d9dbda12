// Shared by the parts of the bench: CPU time of this process, C++ references, medians of
// alternating rounds.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * CPU nanoseconds of all threads of this process while `work` ran (including garbage collection
 * and compilation), and its result.
 */
export function cpuNsOf(work) {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, cpuNs: (user + system) * 1000 };
}

export function median(values) {
  const sorted = values.slice().sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs a JSON-printing command line. */
export function jsonOf(command, args) {
  return JSON.parse(execFileSync(command, args, { encoding: "utf8" }));
}

/**
 * Compiles a C++ reference with g++ -O3; `use(binary)` may run it, then it is deleted. Returns
 * undefined without g++.
 */
export async function withCpp(source, use) {
  if (spawnSync("g++", ["--version"]).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "headrace-bench-"));
  const binary = join(folder, "reference");
  try {
    execFileSync("g++", ["-O3", "-o", binary, join(here, source)]);
    return await use(binary);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const noCompiler = "no g++ on this machine: apt-get install g++";

/**
 * `rounds` × (ours, then the reference), ns per event each. Alternating, since a shared machine
 * changes its pace by the minute.
 */
export function alternate(rounds, ours, reference) {
  const pairs = [];
  for (let round = 0; round < rounds; round++) pairs.push({ ours: ours(round), reference: reference(round) });
  return {
    ours: median(pairs.map((pair) => pair.ours)),
    reference: median(pairs.map((pair) => pair.reference)),
    ratio: median(pairs.map((pair) => pair.ours / pair.reference)),
  };
}
