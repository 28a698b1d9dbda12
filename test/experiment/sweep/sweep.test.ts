import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { mergeSweeps } from "../../../src/cli/sweep-run.js";
import { FolderLock } from "../../../src/experiment/sweep/folder-lock.js";
import { JobEngine } from "../../../src/experiment/sweep/job-engine.js";
import { writeResultTables } from "../../../src/experiment/sweep/result-table.js";
import { RunFolder } from "../../../src/experiment/sweep/run-file.js";
import { failureNotes, runSweep } from "../../../src/experiment/sweep/sweep.js";
import { parseSweep, readSweep } from "../../../src/experiment/sweep/sweep-file.js";
import { planSweep } from "../../../src/experiment/sweep/sweep-plan.js";
import { sweepPage } from "../../../src/report/sweep/sweep-page.js";
import { sweepText } from "../../../src/report/sweep/sweep-text.js";
import { folderPerTest } from "../../cli/folder-per-test.js";
import { smallScenario } from "./small-scenario.js";

const scenario = smallScenario(
  "[{kind: static, count: 12}]",
  "gateway: {waitingRoom: 0}\nslo: {rejectedRatio: 0.02}\ncost: {streamletHour: 1}\n",
);
const sweep = `scenario: small.yaml
design: grid
axes: {policies.static.count: {from: 6, to: 14, step: 4}, fleet.streamlet.slots: [4, 5]}
seeds: 2
`;

const folder = folderPerTest({ "small.yaml": scenario, "sweep.yaml": sweep });

const at = (...names: string[]): string => join(folder.path, ...names);
const plan = async () => planSweep(await readSweep(at("sweep.yaml")), undefined);
const options = { engine: new JobEngine({ threads: 0 }), shard: undefined, keepGoing: false };

describe("a sweep", () => {
  it("names the failures of a policy again when it finds all runs done, and never calls it the best", async () => {
    const module = "export const createPolicy = () => ({ decide: () => { throw new Error('boom'); } });\n";
    writeFileSync(at("throws.mjs"), module);
    const policies = "policies: [{kind: static, count: 12}, {kind: ./throws.mjs, tick: 1min}]";
    writeFileSync(at("small.yaml"), scenario.replace(/policies: .*/, policies).replace(/slo: .*\n/, ""));
    const text = "scenario: small.yaml\ndesign: grid\naxes: {fleet.streamlet.slots: [4]}\nseeds: 2\n";
    const failing = await planSweep(parseSweep(at("sweep.yaml"), text), undefined);
    const first = await runSweep(failing, at("out"), options);
    const idle = { run: () => Promise.resolve() };
    const again = await runSweep(failing, at("out"), { ...options, engine: idle });
    const sentence = failureNotes(again.records).text;
    expect(sentence).toMatch(/^throws FAILED at each of \d+ decisions, .*: boom \(throws\.mjs:1:\d+\)\n$/);
    expect(failureNotes(first.records).text).toBe(sentence);
    // Its fleet of nothing costs nothing.
    expect(again.document.best?.policy).toBe("static");
  });

  it("does all runs, names the cheapest setting that meets the SLO and its runner-up, and draws a page", async () => {
    const whole = await plan();
    const { document, records } = await runSweep(whole, at("out"), options);
    expect([document.runs, document.done, document.failed, records.length]).toEqual([12, 12, 0, 12]);
    // 30 erlangs: 24 and 30 slots reject many, 40 slots lose 1.4 % (Erlang B), 50 hardly any.
    expect(document.best).toMatchObject({ values: { "policies.static.count": 10 }, meets: true, costMetric: "cost" });
    expect(document.best?.runnerUp?.delta).toBeGreaterThanOrEqual(0);
    expect(document.effects.find(({ path, value }) => path === "policies.static.count" && value === 14)).toMatchObject({
      points: 2,
      met: 1,
    });
    expect(sweepText(document)).toMatch(
      /^Best: static at policies.static.count 10, fleet.streamlet.slots \d: cost 1.667 ± 0, SLO met in 2 of 2/,
    );
    const page = await sweepPage(document);
    expect(page.slice(0, page.indexOf("<script"))).not.toMatch(/undefined|NaN/);
    await writeResultTables(whole, records, at("out"));
    const rows = (await parquetReadObjects({
      file: await asyncBufferFromFile(at("out", "results.parquet")),
    })) as Record<string, unknown>[];
    const lines = readFileSync(at("out", "results.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(rows.length).toBe(12);
    rows.forEach((row, i) => {
      expect([row["policies.static.count"], row.key, row.met, row.cost]).toEqual([
        lines[i].values["policies.static.count"],
        lines[i].key,
        lines[i].met,
        lines[i].metrics.cost,
      ]);
    });
  });

  it("goes on where it was stopped; same bytes by shards, in any order, with a damaged file", async () => {
    const whole = await plan();
    const { document } = await runSweep(whole, at("whole"), options);
    for (const index of [3, 1, 2]) {
      await runSweep(whole, at(`part-${index}`), { ...options, shard: { index, of: 3 } });
      expect(readdirSync(at(`part-${index}`, "runs"))).toHaveLength(4);
    }
    const quiet = { file: at("sweep.yaml"), seed: undefined, json: false, quiet: true };
    await mergeSweeps({ ...quiet, folders: [1, 2, 3].map((i) => at(`part-${i}`)), out: at("merged") });
    expect(JSON.parse(readFileSync(at("merged", "sweep.json"), "utf8")).hash).toBe(document.hash);
    const [first, second] = readdirSync(at("merged", "runs"));
    rmSync(at("merged", "runs", first));
    writeFileSync(at("merged", "runs", second), '{"format":1,"key":"');
    let done = 0;
    const counting = {
      run: (...[jobs, onOutcome, rest]: Parameters<JobEngine["run"]>) => {
        done += jobs.length;
        return options.engine.run(jobs, onOutcome, rest);
      },
    };
    const again = await runSweep(whole, at("merged"), { ...options, engine: counting });
    expect([done, again.document.hash]).toEqual([2, document.hash]);
  });

  it("names runs by content: a higher price is another run, another name or path of the same is not", async () => {
    const keys = async () => (await plan()).runs.map((run) => run.key);
    const before = await keys();
    folder.write("small.yaml", scenario.replace("name: small", "name: renamed"));
    expect(await keys()).toEqual(before);
    folder.write("small.yaml", scenario.replace("streamletHour: 1", "streamletHour: 2"));
    expect((await keys()).filter((key) => before.includes(key))).toEqual([]);
  });

  it("counts the knobs of one policy for that policy alone", async () => {
    folder.write("small.yaml", scenario.replace("policies: [", "policies: [{kind: square-root, min: 4}, "));
    const { document } = await runSweep(await plan(), at("out"), options);
    const own = document.settings.filter(({ policy }) => policy === "square-root").map(({ values }) => values);
    expect(own).toEqual([{ "fleet.streamlet.slots": 4 }, { "fleet.streamlet.slots": 5 }]);
    const knob = document.effects.filter(({ path }) => path === "policies.static.count");
    expect(new Set(knob.map(({ policy }) => policy))).toEqual(new Set(["static"]));
    const page = await sweepPage(document);
    expect(page).toContain("It is no knob of square-root.");
    expect(page).not.toContain('id="surface-1"');
  });

  it("ends at a run that fails, or counts it and does the others", async () => {
    folder.write("bad.mjs", "export const createPolicy = 5;\n");
    folder.write("small.yaml", scenario.replace("policies: [", "policies: [{kind: ./bad.mjs, min: 2}, "));
    const whole = await plan();
    await expect(runSweep(whole, at("out"), options)).rejects.toThrow(
      /a run that failed .*createPolicy[\s\S]*--keep-going/,
    );
    const { document, failures } = await runSweep(whole, at("out"), { ...options, keepGoing: true });
    expect([document.done, document.failed, failures.size]).toEqual([12, 4, 4]);
    expect(document.best?.policy).toBe("static");
  });

  it("refuses a second coordinator on one folder, and takes over where the first one was killed", async () => {
    const lock = await FolderLock.take(at("out"), "sweep");
    await expect(runSweep(await plan(), at("out"), options)).rejects.toThrow(/another coordinator works on/);
    await lock.release();
    writeFileSync(at("out", "sweep.lock"), "gone, process 7\n");
    const old = new Date(Date.now() - 60_000);
    utimesSync(at("out", "sweep.lock"), old, old);
    await (await FolderLock.take(at("out"), "sweep")).release();
    expect(existsSync(at("out", "sweep.lock"))).toBe(false);
  });

  it("names the file that could not be written, and leaves no half-written one", async () => {
    writeFileSync(at("file"), "");
    await expect(new RunFolder(at("file")).fail("0".repeat(32), "x")).rejects.toThrow(
      /could not be written \(ENOTDIR\)/,
    );
  });
});

describe("the file of a sweep", () => {
  it.each([
    ["an unknown path", sweep.replace("static.count", "static.cuont"), /sweep.yaml:3:\d+: .*cuont/],
    ["an unknown key", sweep.replace("seeds", "seed"), /sweep.yaml:4:1: unknown key "seed"/],
    ["a value that the scenario refuses", sweep.replace("[4, 5]", "[4, -5]"), /sweep.yaml:3:\d+: .*-5/],
    ["an empty range", sweep.replace("from: 6", "from: 60"), /which is empty/],
    ["points for a grid", `${sweep}points: 3\n`, /points for a grid/],
    ["a random design without points", sweep.replace("grid", "random"), /random without points/],
    ["a list of axes of two lengths", sweep.replace("grid", "list"), /axes of one length/],
    ["a grid without axes", sweep.replace(/axes:.*\n/, ""), /a grid without axes/],
    ["a scenario that is missing", sweep.replace("small.yaml", "none.yaml"), /none.yaml/],
    ["a policy that there is not", `${sweep}policies: [statik]\n`, /statik/],
    [
      "too many runs",
      sweep.replace("seeds: 2", "seeds: 10000").replace("step: 4", "step: 1").replace("to: 14", "to: 60"),
      /1,100,000 runs/,
    ],
  ])("is refused with its place: %s", async (_, text, message) => {
    folder.write("sweep.yaml", text);
    await expect(plan()).rejects.toThrow(message);
  });

  it("takes a list of written points", () => {
    const { points } = parseSweep(
      "s.yaml",
      "scenario: x.yaml\ndesign: list\npoints: [{fleet.max: 3}, {fleet.max: 4}]\n",
    );
    expect(points).toEqual([[{ path: "fleet.max", value: 3 }], [{ path: "fleet.max", value: 4 }]]);
  });
});
