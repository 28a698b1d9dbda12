import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { distributionOf } from "../../src/base/distribution.js";
import { readScenario, type ScenarioChanges } from "../../src/experiment/scenario-file.js";
import { expectedArrivals } from "../../src/world/history.js";
import { Folder, quickScenario, quickTrace, root, run } from "./real-command.js";
import { warmCommand } from "./warm-command.js";

const warm = warmCommand();
const folder = new Folder();
afterAll(() => folder.dispose());

function read(text: string, changes: ScenarioChanges = {}) {
  folder.write("s.yaml", text);
  return readScenario(join(folder.path, "s.yaml"), changes);
}

const HOUR_MS = 3_600_000;

describe("--trace", () => {
  const trace = join(folder.path, "t.csv");
  // Six hours whose level rises from hour to hour: 100 requests a bin in the first, 600 in the
  // last.
  folder.write(
    "t.csv",
    quickTrace(72, (i) => 100 * (1 + Math.floor(i / 12))),
  );

  it("simulates the last duration, has what precedes as history, and scales its mean to the rate", async () => {
    const { traffic, durationMs } = await read(quickScenario({ "20min": "1h" }), { trace });
    expect(traffic.epochMs).toBe(Date.UTC(2026, 0, 5, 5));
    expect(traffic.historyMs).toBe(5 * HOUR_MS);
    expect(expectedArrivals(traffic.source, 0, durationMs)).toBeCloseTo(3600, 6);
    expect(expectedArrivals(traffic.source, -HOUR_MS, 0)).toBeCloseTo((3600 * 500) / 600, 6);
  });

  it("starts at the scenario's start where there is one, and keeps its own level with --trace-scale 1", async () => {
    const text = quickScenario({ "20min": "1h", "rate: 1/s": "rate: 1/s, start: 2026-01-05T02:00:00Z, history: 1h" });
    const { traffic, durationMs } = await read(text, { trace, traceScale: 1 });
    expect(traffic.epochMs).toBe(Date.UTC(2026, 0, 5, 2));
    expect(traffic.historyMs).toBe(HOUR_MS);
    expect(expectedArrivals(traffic.source, 0, durationMs)).toBeCloseTo(12 * 300, 6);
  });

  it("goes round where the scenario says repeat", async () => {
    const { traffic } = await read(quickScenario({ "20min": "9h", "rate: 1/s": "rate: 1/s, repeat: true" }), { trace });
    expect(expectedArrivals(traffic.source, 7 * HOUR_MS, 8 * HOUR_MS)).toBeCloseTo(
      expectedArrivals(traffic.source, HOUR_MS, 2 * HOUR_MS),
      6,
    );
  });

  it("runs faster with speed: twice as many bins in the hour", async () => {
    const text = quickScenario({
      "20min": "1h",
      "source: poisson, rate: 1/s": "source: trace, file: t.csv, scale: 1, speed: 2",
    });
    const { traffic, durationMs } = await read(text);
    expect(traffic.epochMs).toBe(Date.UTC(2026, 0, 5, 4));
    expect(expectedArrivals(traffic.source, 0, durationMs)).toBeCloseTo(12 * (500 + 600), 6);
  });

  it("follows the columns of the trace where it has them", async () => {
    const rows = quickTrace(6)
      .trim()
      .split("\n")
      .slice(1)
      .flatMap((row) => [`${row},eu`, `${row.replace(",300", ",100")},us`]);
    folder.write("columns.csv", `timestamp,value,region\n${rows.join("\n")}\n`);
    const text = quickScenario({ "  streamlet": "  regions: [{name: us}, {name: eu}]\n  streamlet" });
    const { traffic } = await read(text, { trace: join(folder.path, "columns.csv"), traceScale: 1 });
    expect(traffic.series.map((series) => traffic.regions[series.region])).toEqual(["eu", "us"]);
    expect(traffic.source).toMatchObject({ kind: "trace" });
    if (traffic.source.kind === "trace")
      expect(Array.from(traffic.source.shares?.slice(0, 2) ?? [])).toEqual([300, 100]);
  });
});

describe("a workload as the source", () => {
  it("brings its level, scaled to the rate, and two weeks before it; the seed does not change the hash", async () => {
    const file = join(root, "traces/flash-crowds.workload.json");
    const text = quickScenario({
      "source: poisson, rate: 1/s": `source: workload, file: ${file}, rate: 3/s`,
      "20min": "24h",
    });
    const scenario = await read(text);
    expect(scenario.traffic.historyMs).toBe(14 * 24 * HOUR_MS);
    expect(expectedArrivals(scenario.traffic.source, 0, scenario.durationMs)).toBeCloseTo(3 * 86_400, 3);
    expect((await read(text, { seed: 99 })).hash).toBe(scenario.hash);
  });
});

describe("a spawn profile", () => {
  it("is drawn from by its quantiles", async () => {
    const spawn = {
      count: 200,
      quantilesMs: [
        [0, 10],
        [0.5, 20],
        [0.99, 80],
        [1, 200],
      ],
      contention: 0.1,
    };
    folder.write("p.json", JSON.stringify({ kind: "calibration", version: 1, spawn }));
    const { fleet } = await read(quickScenario({ "kind: constant, value: 1s": "profile: p.json" }));
    const law = distributionOf(fleet.classes[0].spawn.law);
    expect(law.quantile(0.5)).toBeCloseTo(20, 0);
    // Straight between the points: 20 + 60 · 0.40 / 0.49.
    expect(law.quantile(0.9)).toBeCloseTo(68.98, 0);
    expect(law.mean).toBeGreaterThan(20);
    expect(fleet.classes[0].spawn.contention).toBe(0.1);
  });

  it("is refused where its probabilities do not ascend, at its line and column", async () => {
    folder.write(
      "p.json",
      '{"kind": "calibration", "version": 1,\n "spawn": {"count": 2, "quantilesMs": [[0, 10], [0.5, 5], [1, 7]]}}',
    );
    await expect(read(quickScenario({ "kind: constant, value: 1s": "profile: p.json" }))).rejects.toThrow(
      /p\.json:2:49: .*ascend/,
    );
  });
});

describe("--policy", () => {
  const text = quickScenario({
    "count: 10}":
      "count: 10}\n  - {kind: hpa, name: early, targetUtilisation: 0.5}\n  - {kind: hpa, targetUtilisation: 0.9}",
  });

  it("takes one by its name, all of a kind, and adds a kind that is not there with its defaults", async () => {
    const names = async (...policies: string[]) =>
      (await read(text, { policies })).policies.map((policy) => policy.name);
    expect(await names("early", "static")).toEqual(["early", "static"]);
    expect(await names("hpa")).toEqual(["hpa"]);
    expect(await names("on-demand", "early")).toEqual(["on-demand", "early"]);
  });
});

describe("simulate", () => {
  it("writes the folder of the scenario's name, echoes the seed, and tells --stats what it took", async () => {
    folder.write("file.yaml", quickScenario({ "name: quick": "name: a/../b c" }));
    const { code, stdout, stderr } = await run(
      ["simulate", "file.yaml", "--seed", "12", "--stats", "out/stats.json"],
      folder.path,
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("seed 12");
    expect(stdout).toContain("Report: reports/a-..-b-c/index.html");
    const stats = JSON.parse(readFileSync(join(folder.path, "out/stats.json"), "utf8"));
    expect(Object.keys(stats)).toEqual(["events", "wallMs", "peakRssBytes"]);
    expect(stats.events).toBeGreaterThan(1000);
    expect(JSON.parse(readFileSync(join(folder.path, "reports/a-..-b-c/result.json"), "utf8")).seed).toBe(12);
  });

  it("answers a missed SLO by 0, and by 1 with --assert-slo, the report written both times", async () => {
    const missed = quickScenario({ "count: 10": "count: 1", "rate: 1/s": "rate: 2/s" });
    folder.write("slo.yaml", `${missed}slo: {startLatencyP99: 10ms}\ngateway: {waitingRoom: 10}\n`);
    expect((await warm.run(["simulate", "slo.yaml", "--quiet", "--out", "r0"], folder.path)).code).toBe(0);
    const { code, stdout, stderr } = await warm.run(
      ["simulate", "slo.yaml", "--quiet", "--assert-slo", "--out", "r1"],
      folder.path,
    );
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^seed 7\nstatic: SLO met in 0 of 1 replication \(0–98 %\); 95 % of replications must meet it\n {2}waits above 10 ms/,
    );
    expect(folder.list()).toEqual(
      expect.arrayContaining(["r0/index.html", "r1/index.html", "r1/summary.md", "r1/result.json"]),
    );
  });

  it("demands the proof of an SLO with --assert-slo=proved, whatever stands behind it", async () => {
    folder.write("met.yaml", `${quickScenario()}slo: {rejectedRatio: 0.5}\n`);
    const asserted = await warm.run(["simulate", "--assert-slo", "met.yaml", "--quiet", "--out", "r2"], folder.path);
    expect(asserted.code).toBe(0);
    expect(asserted.stderr).toMatch(/met in 1 of 1 .*: met but not proved\. 59 of 59 replications would prove it\.\n$/);
    const proved = await warm.run(
      ["simulate", "met.yaml", "--assert-slo=proved", "--quiet", "--out", "r3"],
      folder.path,
    );
    expect(proved.code).toBe(1);
    const other = await warm.run(["simulate", "met.yaml", "--assert-slo=perhaps"], folder.path);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("--assert-slo")]);
    folder.write("none.yaml", quickScenario());
    const none = await warm.run(["simulate", "none.yaml", "--assert-slo", "--out", "r4"], folder.path);
    expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/none\.yaml without slo; expected/)]);
    expect(folder.list()).not.toContain("r4/index.html");
  });

  it("with --json --quiet prints the document and nothing else", async () => {
    folder.write("s.yaml", quickScenario());
    const direct = await run(["simulate", "s.yaml", "--json", "--quiet"], folder.path);
    expect(direct.stderr).toBe("");
    expect(JSON.parse(direct.stdout).policies[0].metrics.cost).toBeUndefined();
    expect(JSON.parse(direct.stdout).policies[0].metrics.arrivals.halfWidth).toBeNull();
    expect(Object.keys(JSON.parse(direct.stdout))).toEqual([
      "scenario",
      "seed",
      "version",
      "replications",
      "policies",
      "comparisons",
    ]);
  });
});
