import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { packageVersion } from "../../src/experiment/version.js";
import { parseRunLog } from "../../src/live/log/run-log-reader.js";
import { readHeader, writeHeader } from "../../src/live/log/scenario-record.js";
import { shortRunLog } from "../live/logged-bench.js";
import { Folder, run } from "./real-command.js";
import { warmCommand } from "./warm-command.js";

const warm = warmCommand();
let folder: Folder;
let log = "";
let lines: string[] = [];

beforeAll(async () => {
  log = await shortRunLog();
  lines = log.split("\n");
  folder = new Folder({ "run.jsonl": log });
});
afterAll(() => folder.dispose());

/** The log with one line changed. */
function edited(find: (line: string) => boolean, change: (line: string) => string): { text: string; line: number } {
  const at = lines.findIndex(find);
  expect(at).toBeGreaterThanOrEqual(0);
  return { text: lines.map((line, i) => (i === at ? change(line) : line)).join("\n"), line: at + 1 };
}

/** The log with another format number, or with none (""), in its first line. */
function withFormat(field: string): { text: string; line: number } {
  return edited(
    (line) => line.includes('"format":2,'),
    (line) => line.replace('"format":2,', field),
  );
}

async function replay(text: string, ...options: string[]) {
  folder.write("changed.jsonl", text);
  return warm.run(["replay", "changed.jsonl", ...options], folder.path);
}

describe("headrace watch", () => {
  it("puts two logs side by side, named by their folders", async () => {
    folder.write("monday/run.jsonl", log);
    folder.write("tuesday/run.jsonl", log);
    const { code, stdout } = await run(["watch", "monday", "tuesday/run.jsonl"], folder.path);
    expect(code).toBe(0);
    const sentences = stdout.trim().split("\n").slice(-2);
    expect(sentences[0]).toMatch(
      /^logged, on-demand of monday, seed \d+, seen to its end: \d+ requests arrived, 0 .* 1 streamlet failed/,
    );
    expect(sentences[1]).toBe(sentences[0].replace("monday", "tuesday"));
  });
});

describe("headrace replay", () => {
  it("says that every decision of a real run comes out byte for byte", async () => {
    const { code, stdout } = await run(["replay", "run.jsonl"], folder.path);
    expect(stdout).toMatch(/^logged, on-demand, .*: \d+ outside events; all \d+ decisions come out byte for byte\.\n$/);
    expect(code).toBe(0);
    const document = JSON.parse((await warm.run(["replay", "run.jsonl", "--json"], folder.path)).stdout);
    expect(document).toMatchObject({ policy: "on-demand", identical: true, firstDifference: null });
    expect(document.outsideEvents + document.decisions).toBe(lines.length - 2);
    expect(document.outsideEvents).toBeGreaterThan(24);
  });

  it("shows the first line that comes out otherwise, with exit code 1", async () => {
    const { text, line } = edited(
      (one) => one.includes('"kind":"assigned"'),
      (one) => one.replace('"waitMs":', '"waitMs":1'),
    );
    const { code, stdout } = await replay(text);
    expect(code).toBe(1);
    expect(stdout).toContain(`DIFFERS from line ${line} on`);
    expect(stdout).toContain(lines[line - 1]);
    const document = JSON.parse((await replay(text, "--json")).stdout);
    expect(document.firstDifference).toMatchObject({ line, replayed: lines[line - 1] });
    const short = lines.filter((_, i) => i !== line - 1).join("\n");
    expect((await replay(short)).code).toBe(1);
  });

  it.each<[string, () => { text: string; line: number }, RegExp]>([
    ["cut within a line", () => ({ text: log.slice(0, -9), line: lines.length - 1 }), /no record of a run/],
    [
      "cut after a line",
      () => ({ text: `${lines.slice(0, -2).join("\n")}\n`, line: lines.length - 2 }),
      /a log that is cut off here/,
    ],
    [
      "of another version",
      () => {
        const header = { ...readHeader(lines[0], "run.jsonl"), version: "0.0.0" };
        return { text: [writeHeader(header), ...lines.slice(1)].join("\n"), line: 1 };
      },
      /a log of headrace 0\.0\.0; expected/,
    ],
    ["of an older format", () => withFormat(""), /a run log without a format number; expected format 2\. An older/],
    ["of a newer format", () => withFormat('"format":3,'), /a run log of format 3; expected format 2\. A newer/],
    [
      "whose version was changed",
      () => ({
        text: edited(
          (_) => true,
          (one) => one.replace(/"version":"[^"]*"/, '"version":"0.0.0"'),
        ).text,
        line: 1,
      }),
      /does not fit its hash/,
    ],
    [
      "with another scenario in it",
      () =>
        edited(
          (_) => true,
          (one) => one.replace('"name":"logged"', '"name":"other"'),
        ),
      /does not fit its hash/,
    ],
    [
      "whose event has a wrong field",
      () =>
        edited(
          (one) => one.includes('"kind":"ready"'),
          (one) => one.replace(/"id":\d+/, '"id":0.5'),
        ),
      /a record that no run writes/,
    ],
    [
      "whose time goes back",
      () =>
        edited(
          (one) => one.includes('"kind":"ended"'),
          (one) => one.replace(/"at":[\d.]+/, '"at":0'),
        ),
      /instants that never decrease/,
    ],
    [
      "with a series that the scenario has not",
      () =>
        edited(
          (one) => one.includes('"kind":"request"'),
          (one) => one.replace('"series":0', '"series":7'),
        ),
      /series 7 of 1/,
    ],
    ["that is no log", () => ({ text: "timestamp,value\n", line: 1 }), /no header of a run log/],
  ])("refuses a log %s, naming the line", (_, make, message) => {
    const { text, line } = make();
    const read = (): unknown => parseRunLog(text, "changed.jsonl", packageVersion());
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
    expect(read).toThrow(`changed.jsonl:${line}:1: `);
  });

  it("exits with 2 and prints nothing for such a log", async () => {
    const { code, stdout, stderr } = await replay(log.slice(0, -9));
    expect(stderr).toMatch(/^changed\.jsonl:\d+:1: a line that is no record of a run; expected .*\n$/);
    expect([code, stdout]).toEqual([2, ""]);
  });

  it("shows the result of another policy, beside the logged one as it was and counterfactual", async () => {
    const args = ["replay", "run.jsonl", "--policy", "static", "--json"];
    const { code, stdout, stderr } = await run(args, folder.path);
    expect(code, stderr).toBe(0);
    expect((await warm.run(args, folder.path)).stdout).toBe(stdout);
    const { columns, notCarriedOver } = JSON.parse(stdout) as {
      columns: { name: string; metrics: Record<string, number> }[];
      notCarriedOver: { asked: number };
    };
    expect(columns.map((column) => column.name)).toEqual([
      "on-demand, as it was",
      "on-demand, counterfactual",
      "static, counterfactual",
    ]);
    expect(notCarriedOver).toEqual({ asked: 0 });
    const arrivals = lines.filter((line) => line.includes('"kind":"request"')).length;
    for (const { metrics } of columns) {
      expect(metrics.arrivals).toBe(arrivals);
      expect(metrics.crashes).toBe(1);
      // How many complete in another world depends on the pace of the logged run.
      expect(metrics.completed).toBeGreaterThan(0);
    }
    expect(columns[0].metrics.completed).toBe(lines.filter((line) => line.includes('"end":"completed"')).length);
    // Six at once from the start, against one that follows demand.
    expect(columns[2].metrics.streamletHours).toBeGreaterThan(columns[1].metrics.streamletHours);
  });

  it("takes a built-in kind with its defaults, and says which policies there are", async () => {
    const { code, stdout } = await warm.run(["replay", "run.jsonl", "--policy", "square-root"], folder.path);
    expect(code).toBe(0);
    expect(stdout).toMatch(/on-demand, as it was +on-demand, counterfactual +square-root, counterfactual\n/);
    const wrong = await warm.run(["replay", "run.jsonl", "--policy", "statik"], folder.path);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('Did you mean "static"?')]);
  });
});
