import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { InputError } from "../../src/base/errors.js";
import { runExperiment } from "../../src/experiment/experiment.js";
import { loadUserModules } from "../../src/experiment/module-file.js";
import { resultSchema } from "../../src/experiment/result-schema.js";
import { readScenario, type ScenarioChanges } from "../../src/experiment/scenario-file.js";
import { expectedArrivals } from "../../src/world/history.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { Folder, quickTrace, run } from "./real-command.js";
import { WarmCommand } from "./warm-command.js";

/** Nearly every key that a scenario can have, and small enough to run in a few milliseconds. */
const rich = `name: rich
version: 1
seed: 5
duration: 30min
warmup: 5min
replications: 1
traffic:
  source: trace
  file: t.csv
  rate: 0.2/s
  history: 30min
  counts: poisson
  mix:
    - {region: eu, format: mpegts, segment: free, share: 3}
    - {region: us, format: frames, share: 1}
streams:
  holding: {kind: lognormal, mean: 1min, cv: 1.5}
  patience: {kind: constant, value: 10s}
  cpu: 0.02
  memory: 2MiB
  bitrate: 4Mbps
reconnect: {backoff: 1s, factor: 2, max: 30s, attempts: 5}
fleet:
  regions:
    - {name: eu, hosts: 2, cpu: 8, memory: 32GiB, network: 10Gbps, distance: {us: 90ms}}
    - {name: us, max: 10}
  streamlet:
    - {name: ts, slots: 8, cpu: 0.5, memory: 96MiB, network: 50Mbps, formats: [mpegts],
       spawn: {kind: lognormal, median: 2s, p99: 6s, contention: 0.1}}
    - {name: frame, slots: 4, formats: [frames], spawn: {kind: exponential, mean: 1s}}
  max: 30
  warmPool: 1
  scaleIn: {victims: oldest, undrain: true, lazy: false}
faults: {streamletMtbf: 1h, spawnFailure: 0.01, hostMtbf: 5h, hostRepair: 5min}
gateway: {waitingRoom: 100}
balancer: {kind: weighted-score, load: 1, distance: 0.5}
routing: {spillOver: nearest}
policies:
  - {kind: hpa, targetUtilisation: 0.7, min: 1}
  - {kind: on-demand, idleTimeout: 30s, spawnsAtOnce: 2, max: 5}
  - {kind: predictive, min: 1, tick: 10s, scrapeLag: 1s, mode: active}
slo: {startLatencyP99: 200ms, rejectedRatio: 0.001}
cost: {streamletHour: 0.004, hostHour: 0.40}
`;
const JUNK: readonly unknown[] = [
  null,
  true,
  "",
  " ",
  "abc",
  "NaN",
  "Infinity",
  "infinite",
  "-1",
  "0",
  "0s",
  "-5s",
  "10 minuets",
  "1e400s",
  "99999999d",
  "1ns",
  "3/s",
  "64MiB",
  "2026-02-30",
  "2026-01-05T00:10:00Z",
  "./nowhere.js",
  "../../..",
  "__proto__",
  "constructor",
  "</script>",
  "\u0000",
  "💥",
  0,
  -1,
  0.5,
  1,
  2,
  1e-300,
  1e9,
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  [],
  [[]],
  {},
  { kind: "constant" },
  { kind: "hpa" },
  [1, 2],
];
/** A mutation that is fine and heavy is read and checked, but not run. */
const MOST_ARRIVALS = 5000;
const MOST_MINUTES = 120;
/** The same mutations every time: a failure is found again, and CI does not depend on luck. */
const SEED = 20261125;

const trace = quickTrace(20);
const folder = new Folder({ "t.csv": trace });
const warm = new WarmCommand();
afterAll(() => {
  warm.dispose();
  folder.dispose();
});

/** The text of each file in the folder. Most mutations leave one of the two files as it was. */
const written = new Map<string, string>();
function write(name: string, text: string): void {
  if (written.get(name) !== text) folder.write(name, text);
  written.set(name, text);
}

function isCheap(scenario: Scenario): boolean {
  const { traffic, durationMs, policies, fleet } = scenario;
  const shortest = Math.min(...policies.map((policy) => policy.tickMs));
  const most = Math.max(...policies.map((policy) => policy.min + Number(policy.knobs.count ?? 0))) + fleet.warmPool;
  return (
    expectedArrivals(traffic.source, 0, durationMs) <= MOST_ARRIVALS &&
    durationMs <= MOST_MINUTES * 60_000 &&
    durationMs / shortest <= 5000 &&
    most <= 200 &&
    scenario.replications * policies.length <= 4 &&
    Math.min(scenario.faults.streamletMtbfMs, scenario.faults.hostMtbfMs) > 60_000 &&
    traffic.historyMs <= 30 * 86_400_000
  );
}

/** Success or InputError, and nothing else; a success has finite numbers. */
async function attempt(
  text: string,
  counts: string,
  changes: ScenarioChanges = {},
): Promise<"ran" | "fine" | "refused"> {
  write("s.yaml", text);
  write("t.csv", counts);
  try {
    const scenario = await readScenario(join(folder.path, "s.yaml"), changes);
    await loadUserModules(scenario);
    if (!isCheap(scenario)) return "fine";
    const { document } = await runExperiment(scenario, { threads: 0 });
    resultSchema.parse(document);
    return "ran";
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).not.toMatch(/undefined|\[object/);
    expect(error.message.length).toBeGreaterThan(10);
    return "refused";
  }
}

type Path = readonly (string | number)[];

function paths(value: unknown, at: Path = []): Path[] {
  if (value === null || typeof value !== "object") return [at];
  return [
    at,
    ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...at, Array.isArray(value) ? Number(key) : key])),
  ];
}

type Edit = { readonly path: number; readonly how: "put" | "drop" | "add" | "twin"; readonly junk: number };

function edited(edits: readonly Edit[]): string {
  const document = parse(rich) as Record<string, unknown>;
  for (const { path, how, junk } of edits) {
    const all = paths(document).filter((one) => one.length > 0);
    const target = all[path % all.length];
    const key = target[target.length - 1];
    const parent = target
      .slice(0, -1)
      .reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], document) as Record<
      string | number,
      unknown
    >;
    if (how === "put") parent[key] = JUNK[junk % JUNK.length];
    else if (how === "drop") Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key];
    else if (how === "add")
      Array.isArray(parent)
        ? parent.push(JUNK[junk % JUNK.length])
        : Object.assign(parent, { [`${key}x`]: JUNK[junk % JUNK.length] });
    else if (Array.isArray(parent)) parent.push(parent[Number(key)]);
    else parent[key] = parent[Object.keys(parent)[junk % Object.keys(parent).length]];
  }
  return stringify(document, { aliasDuplicateObjects: false });
}

const edit = fc.record({
  path: fc.nat(999),
  how: fc.constantFrom("put", "put", "drop", "add", "twin"),
  junk: fc.nat(999),
});

/** Cuts, doubles or strews characters somewhere in a text. */
const scratch = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(12),
  put: fc.constantFrom("", "\t", "\n", ":", "-1", ",", '"', "{", "]", "é", "&a", "*a", "#", "NaN", "\u0000", "1e999"),
});

function scratched(text: string, scratches: readonly { at: number; length: number; put: string }[]): string {
  let result = text;
  for (const { at, length, put } of scratches) {
    const from = Math.floor(at * result.length);
    result = result.slice(0, from) + put + result.slice(from + length);
  }
  return result;
}

describe("whatever is done to a scenario or a trace, the answer is a result or an InputError", () => {
  it("knows the unharmed one", async () => {
    expect(await attempt(rich, trace)).toBe("ran");
  });

  it("when values are replaced, dropped, added and doubled", { timeout: 300_000 }, async () => {
    const seen = { ran: 0, fine: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
        seen[await attempt(edited(edits), trace)]++;
      }),
      { numRuns: 440, seed: SEED },
    );
    // Both answers do occur: the property is not true for want of cases.
    expect(seen.ran + seen.fine).toBeGreaterThan(40);
    expect(seen.refused).toBeGreaterThan(100);
  });

  it("when the text itself is scratched", { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(scratch, { minLength: 1, maxLength: 3 }), async (scratches) => {
        await attempt(scratched(rich, scratches), trace);
      }),
      { numRuns: 300, seed: SEED },
    );
  });

  it("when the trace is scratched, in the scenario or from the command line", { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(scratch, { minLength: 1, maxLength: 2 }), fc.boolean(), async (scratches, given) => {
        const changes = given ? { trace: join(folder.path, "t.csv") } : {};
        await attempt(rich, scratched(trace, scratches), changes);
      }),
      { numRuns: 300, seed: SEED },
    );
  });

  it("from the real command, too: 0 and JSON, or 2 and words", { timeout: 300_000 }, async () => {
    const samples = fc.sample(fc.array(edit, { minLength: 1, maxLength: 2 }), { numRuns: 8, seed: SEED });
    for (const [i, edits] of samples.entries()) {
      write("s.yaml", edited(edits));
      write("t.csv", trace);
      const words = ["scenario", "check", "s.yaml", "--json"];
      // The first in a process of its own.
      const { code, stdout, stderr } = await (i === 0 ? run(words, folder.path) : warm.run(words, folder.path));
      expect([0, 2], stderr).toContain(code);
      expect(() => JSON.parse(stdout)).not.toThrow();
      expect(stderr).not.toMatch(/^\s+at /m);
      if (code === 2) expect(stderr).toMatch(/^\S+/);
    }
  });
});
