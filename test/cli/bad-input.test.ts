import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { loadUserModules } from "../../src/experiment/module-file.js";
import { readScenario } from "../../src/experiment/scenario-file.js";
import { folderPerTest } from "./folder-per-test.js";
import { type Ended, quickScenario, quickTrace } from "./real-command.js";
import { warmCommand } from "./warm-command.js";

const warm = warmCommand();
const folder = folderPerTest();

/**
 * Bad input: exit code 2, a message on stderr, nothing on stdout, no stack trace, no file.
 */
async function refuse(args: readonly string[], files: Readonly<Record<string, string>>): Promise<Ended> {
  for (const [name, content] of Object.entries(files)) folder.write(name, content);
  const before = folder.list();
  const ended = await warm.run(args, folder.path);
  expect(ended.stderr).not.toMatch(/^\s+at .*\(?.*:\d+:\d+\)?$/m);
  expect(ended.stderr).not.toMatch(/undefined|\[object/);
  expect(ended.stdout).toBe("");
  expect(ended.code).toBe(2);
  expect(folder.list()).toEqual(before);
  return ended;
}

/** The same fault without a process of its own: 0.7 s of processor time less. */
async function complaint(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, content] of Object.entries(files)) folder.write(name, content);
  const outcome = await readScenario(join(folder.path, "s.yaml"))
    .then(loadUserModules)
    .catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(InputError);
  return (outcome as InputError).message.replaceAll(`${folder.path}/`, "");
}

const traceScenario = quickScenario({ "{source: poisson, rate: 1/s}": "{source: trace, file: t.csv}" });

describe("a scenario that cannot be used", () => {
  it("is missing", async () => {
    const { stderr } = await refuse(["simulate", "gone.yaml"], {});
    expect(stderr).toBe("gone.yaml: no such file; expected a scenario file (YAML). Check the path [HR1101]\n");
  });

  it("is a folder", async () => {
    mkdirSync(join(folder.path, "folder.yaml"));
    const { stderr } = await refuse(["simulate", "folder.yaml"], {});
    expect(stderr).toBe("folder.yaml: a directory; expected a scenario file (YAML). Check the path [HR1101]\n");
  });

  // What users do most: each through the real command.
  it.each<[string, Record<string, string>, string, RegExp]>([
    ["is indented with a tab", { "  holding": "\tholding" }, "6:1", /Indent with spaces, not with tabs/],
    ["has a misspelt key", { duration: "duratoin" }, "3:1", /unknown key "duratoin". Did you mean "duration"\?/],
    ["mistakes a unit", { "mean: 1min": "mean: 10 minuets" }, "6:38", /"10 minuets".*Did you mean 10minutes\?/],
    ["has a negative number", { "slots: 8": "slots: -8" }, "8:22", /-8; expected at least 1/],
    ["has NaN", { "slots: 8": "slots: .nan" }, "8:22", /expected a number/],
    ["has a duration of 0", { "duration: 20min": "duration: 0s" }, "3:11", /0; expected more than 0/],
    ["has no room for one streamlet", { "max: 50": "max: 0" }, "9:8", /no room for one streamlet/],
    [
      "has streamlets that no host can hold",
      { "streamlet: {slots: 8,": "regions: [{name: eu, hosts: 2, cpu: 4}]\n  streamlet: {slots: 8, cpu: 8," },
      "9:14",
      /a streamlet that no host of region "eu" can hold \(8 cores of 4\)/,
    ],
    [
      "offers more streams than memory holds",
      { "rate: 1/s": "rate: 900000/s", "mean: 1min": "mean: 10h" },
      "4:10",
      /open streams; expected at most 10,000,000/,
    ],
  ])("%s", async (_what, replace, place, words) => {
    const { stderr } = await refuse(["simulate", "s.yaml"], { "s.yaml": quickScenario(replace) });
    expect(stderr).toContain(`s.yaml:${place}: `);
    expect(stderr).toMatch(words);
  });

  it.each<[string, Record<string, string>, string, RegExp]>([
    ["does not close a bracket", { "{kind: static, count: 10}": "{kind: static, count: 10" }, "12:1", /YAML/],
    ["has a misspelt key of a law", { "mean: 1min": "meen: 1min" }, "6:32", /"meen". Did you mean "mean"\?/],
    ["has a misspelt kind of law", { "kind: exponential": "kind: exponental" }, "6:19", /exponential/],
    ["has a misspelt kind of policy", { "kind: static": "kind: sttaic" }, "11:12", /Did you mean "static"\?/],
    ["has a misspelt knob of a policy", { "count: 10": "cuont: 10" }, "11:20", /Did you mean "count"\?/],
    ["has a misspelt source", { "source: poisson": "source: posson" }, "4:19", /poisson, sinusoid, trace, workload/],
    [
      "names an unknown balancer",
      { "max: 50": "max: 50\nbalancer: last-connections" },
      "10:11",
      /Did you mean "least-connections"\?/,
    ],
    ["leaves a unit out", { "mean: 1min": "mean: 10" }, "6:38", /Add the unit/],
    ["writes m for minutes", { "mean: 1min": "mean: 10m" }, "6:38", /10min for minutes or 10ms/],
    ["has a negative duration", { "mean: 1min": "mean: -1min" }, "6:38", /"-1min".*not negative/],
    ["has an infinite number", { "count: 10": "count: .inf" }, "11:27", /expected/],
    ["has a fraction of a streamlet", { "count: 10": "count: 2.5" }, "11:27", /expected a whole number/],
    [
      "has a warm-up that leaves nothing",
      { "duration: 20min": "duration: 20min\nwarmup: 20min" },
      "4:9",
      /warm-up of 20 min; expected less than the duration/,
    ],
    [
      "has streamlets that cannot hold one stream",
      { "mean: 1min}": "mean: 1min}\n  memory: 200MiB", "slots: 8,": "slots: 8, memory: 96MiB," },
      "9:14",
      /a streamlet of 96 MiB that cannot hold one stream \(200 MiB\)/,
    ],
    ["has no policy", { "  - {kind: static, count: 10}\n": "  []\n" }, "11:3", /expected a list of at least 1/],
    ["has a version that does not exist", { "name: quick": "version: 9\nname: quick" }, "1:10", /9; expected one of 1/],
    [
      "gives a poisson source an amplitude",
      { "rate: 1/s": "rate: 1/s, amplitude: 0.5" },
      "4:39",
      /amplitude, which a poisson source does not have/,
    ],
    [
      "gives a region's hosts cores, and no hosts",
      { "  streamlet:": "  regions: [{name: eu, cpu: 4}]\n  streamlet:" },
      "8:24",
      /cpu of the hosts of a region that has none/,
    ],
    [
      "names a module that is not there",
      { "kind: static, count: 10": "kind: ./mine.js" },
      "",
      /mine\.js: a module that cannot be loaded \(no such file\)/,
    ],
    ["names a missing calibration", { "kind: constant, value: 1s": "profile: p.json" }, "", /p\.json: no such file/],
    ["has no name", { "name: quick": "name: ''" }, "1:7", /expected a text of at least 1/],
  ])("%s", async (_what, replace, place, words) => {
    const message = await complaint({ "s.yaml": quickScenario(replace) });
    if (place !== "") expect(message).toContain(`s.yaml:${place}: `);
    expect(message).toMatch(words);
  });

  it.each([
    "",
    "hello",
    "- 1\n- 2\n",
    "null\n",
    "{}",
    "\u0000\u0001",
    "a: &a [*a]\n",
    "x: !!js/function 'f'",
    "a: 1\na: 2\n",
  ])("is no scenario at all: %j", async (text) => {
    expect(await complaint({ "s.yaml": text })).toMatch(/s\.yaml/);
  });

  it("has all its faults listed at once by scenario check, file after file", async () => {
    const bad = quickScenario({ "slots: 8": "slots: -8", "count: 10": "cuont: 10", "rate: 1/s": "rate: 1/x" });
    const { stderr } = await refuse(["scenario", "check", "a.yaml", "b.yaml", "--quiet"], {
      "a.yaml": bad,
      "b.yaml": bad,
    });
    expect(stderr.match(/^a\.yaml:/gm)?.length).toBeGreaterThanOrEqual(2);
    expect(stderr.match(/^b\.yaml:/gm)?.length).toBeGreaterThanOrEqual(2);
  });
});

describe("a trace that cannot be used", () => {
  const row = (line: number, text: string): string => {
    const lines = quickTrace(12).split("\n");
    lines[line - 1] = text;
    return lines.join("\n");
  };

  const scenario = traceScenario.replace("file: t.csv", "file: t.csv, rate: 1/s");

  it.each<[string, string, string, RegExp]>([
    ["is empty", "", "", /an empty file/],
    ["has one row", quickTrace(1), "", /a trace of one row; expected at least two bins/],
    ["is out of order", row(5, "2026-01-05T00:05:00Z,300"), "5:1", /after 2026-01-05T00:10:00Z.*ascending/],
    ["has a row twice", row(5, "2026-01-05T00:10:00Z,300"), "5:1", /same bin/],
    ["lacks a row", row(5, "").replace("\n\n", "\n"), "5:1", /1 absent bin before 2026-01-05T00:20:00Z/],
    ["has a negative value", row(5, "2026-01-05T00:15:00Z,-3"), "5:22", /the negative count -3/],
    ["has a value that is no number", row(5, "2026-01-05T00:15:00Z,many"), "5:22", /the value "many"/],
  ])("%s", async (_what, trace, place, words) => {
    const { stderr } = await refuse(["simulate", "s.yaml"], { "s.yaml": scenario, "t.csv": trace });
    if (place !== "") expect(stderr).toContain(`t.csv:${place}: `);
    expect(stderr).toMatch(words);
  });

  it.each<[string, string, string, RegExp]>([
    ["has no rows", "timestamp,value\n", "", /a trace without rows; expected at least two bins/],
    ["has NaN for a value", row(5, "2026-01-05T00:15:00Z,NaN"), "5:22", /the value "NaN"; expected a number/],
    ["has a timestamp that is none", row(5, "yesterday,3"), "5:1", /the timestamp "yesterday"/],
    ["has a day that does not exist", row(5, "2026-02-30T00:15:00Z,3"), "5:1", /the timestamp "2026-02-30T00:15:00Z"/],
    ["has a row that is too short", row(5, "2026-01-05T00:15:00Z"), "5:1", /1 column; expected 2/],
    ["has an unknown column", quickTrace(12).replace("value", "valeu"), "1:11", /Did you mean "value"\?/],
    ["has an open quote", row(5, '2026-01-05T00:15:00Z,"3'), "", /CSV that cannot be read/],
    ["knows no value at all", quickTrace(12, () => ""), "", /without any known value/],
    ["has only zeros", quickTrace(12, () => 0), "", /without any request/],
    ["is shorter than the duration", quickTrace(3), "", /a trace \(.*t\.csv\) of 15 min.*traffic\.repeat: true/],
  ])("%s", async (_what, trace, place, words) => {
    const message = await complaint({ "s.yaml": scenario, "t.csv": trace });
    if (place !== "") expect(message).toContain(`t.csv:${place}: `);
    expect(message).toMatch(words);
  });

  it("is missing, in the scenario or on the command line", async () => {
    const { stderr } = await refuse(["simulate", "s.yaml"], { "s.yaml": traceScenario });
    expect(stderr).toMatch(/^s\.yaml:\d+:\d+: traffic\.file: t\.csv: no such file; expected a trace/);
    const other = await refuse(["simulate", "s.yaml", "--trace", "u.csv"], {});
    expect(other.stderr).toMatch(/^u\.csv: no such file; expected a trace/);
  });

  it("starts where the trace has no rows", async () => {
    const text = traceScenario.replace("file: t.csv", "file: t.csv, start: 2026-01-06T00:00:00Z");
    const { stderr } = await refuse(["simulate", "s.yaml"], { "s.yaml": text, "t.csv": quickTrace(12) });
    expect(stderr).toContain("s.yaml:4:46: traffic.start: a start outside the trace t.csv");
  });
});

describe("a trace with an unknown value", () => {
  it("is used: interpolated, counted and said", async () => {
    folder.write("s.yaml", traceScenario);
    folder.write(
      "t.csv",
      quickTrace(12, (i) => (i === 3 || i === 4 ? "" : 300)),
    );
    const { code, stderr } = await warm.run(["simulate", "s.yaml"], folder.path);
    expect(stderr).toContain("2 unknown values interpolated");
    expect(code).toBe(0);
  });
});

describe("a command line that cannot be understood", () => {
  it.each<[string, string[], RegExp]>([
    ["an unknown command", ["simulat", "s.yaml"], /^unknown command "simulat"\. Did you mean simulate\?/],
    ["a misspelt option", ["simulate", "s.yaml", "--polcy", "a"], /^unknown option --polcy\. Did you mean --policy\?/],
    [
      "a choice that there is not",
      ["live", "s.yaml", "--runtime", "natve"],
      /^--runtime: "natve"; expected one of "node", "native", "zygote"\. Did you mean native\?.*\n$/,
    ],
    ["no command", [], /^no command\. Begin with headrace init\. See headrace --help/],
    ["an unknown option", ["simulate", "s.yaml", "--sed", "3"], /sed/],
    ["no file", ["simulate"], /<files\.\.> missing/],
    ["a seed that is no number", ["simulate", "s.yaml", "--seed", "x"], /--seed: .*expected a whole number/],
    ["no replication", ["simulate", "s.yaml", "--replications", "0"], /: 0; expected a whole number of at least 1/],
    ["half a replication", ["simulate", "s.yaml", "--replications", "1.5"], /--replications: 1.5; expected/],
    ["no thread", ["simulate", "s.yaml", "--threads", "0"], /--threads: 0; expected/],
    ["a duration without a unit", ["simulate", "s.yaml", "--duration", "5"], /--duration: "5"; expected a duration/],
    ["a duration of 0", ["simulate", "s.yaml", "--duration", "0s"], /0; expected more than 0/],
    ["a trace scale of 0", ["simulate", "s.yaml", "--trace-scale", "0"], /--trace-scale: 0; expected a number above 0/],
    [
      "an unknown policy",
      ["simulate", "s.yaml", "--policy", "sttic"],
      /no policy named "sttic".*Did you mean "static"\?/,
    ],
    ["--json with two files", ["simulate", "s.yaml", "s.yaml", "--json"], /--json with 2 scenarios; expected one/],
    ["one scenario twice", ["simulate", "s.yaml", "s.yaml"], /a second scenario named "quick"/],
    ["a seed twice", ["simulate", "s.yaml", "--seed", "1", "--seed", "2"], /--seed/],
  ])("%s", async (_what, args, words) => {
    const { stderr } = await refuse(args, { "s.yaml": quickScenario() });
    expect(stderr).toMatch(words);
  });
});

describe("a place that cannot be written to", () => {
  it("is a file where the folder should be, noticed before the run", async () => {
    const { stderr } = await refuse(["simulate", "s.yaml", "--out", "taken"], {
      "s.yaml": quickScenario(),
      taken: "mine",
    });
    expect(stderr).toMatch(/^taken: a file where a folder should be/);
    expect(stderr).not.toContain("simulating");
  });

  it("is below a file, or not writable", async () => {
    const below = await refuse(["simulate", "s.yaml", "--out", "taken/x"], {
      "s.yaml": quickScenario(),
      taken: "mine",
    });
    expect(below.stderr).toMatch(/taken\/x: /);
    const proc = await refuse(["simulate", "s.yaml", "--out", "/proc/headrace"], {});
    expect(proc.stderr).toMatch(/^\/proc\/headrace: a place that cannot be written to/);
    mkdirSync(join(folder.path, "locked"));
    chmodSync(join(folder.path, "locked"), 0o500);
    if (process.getuid?.() === 0) return;
    const locked = await refuse(["simulate", "s.yaml", "--out", "locked/x"], {});
    expect(locked.stderr).toMatch(/^locked\/x: a place that cannot be written to/);
  });

  it("is where --stats should go", async () => {
    const { stderr } = await refuse(["simulate", "s.yaml", "--stats", "/proc/headrace/stats.json"], {
      "s.yaml": quickScenario(),
    });
    expect(stderr).toMatch(/\/proc\/headrace.*cannot be written to/);
    expect(stderr).not.toContain("simulating");
  });
});
