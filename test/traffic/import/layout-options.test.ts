import { describe, expect, it } from "vitest";
import { kebabCase } from "../../../src/cli/options/option.js";
import { importCommand } from "../../../src/cli/trace-import.js";
import { parseRule } from "../../../src/traffic/import/label-rule.js";
import { checkLayoutOptions } from "../../../src/traffic/import/layouts/layout-options.js";
import { layoutNames, layoutReaders } from "../../../src/traffic/import/layouts/layouts.js";
import { cutTo, requestsOf, widened } from "../../../src/traffic/whole-bins.js";
import type { TraceTable } from "../../../src/world/scenario/resources.js";

const START_MS = Date.UTC(2026, 0, 5);
const MINUTE_MS = 60_000;

function table(values: readonly number[], startMs = START_MS): TraceTable {
  return {
    file: "t.json",
    startMs,
    binMs: MINUTE_MS,
    columns: { region: false, format: false, segment: false },
    series: [{ region: "", format: "", segment: "" }],
    values: [Float64Array.from(values)],
    interpolated: 0,
  };
}

function readerNamed(name: string) {
  const reader = layoutReaders.find((one) => one.name === name);
  if (reader === undefined) throw new Error(`no reader ${name}`);
  return reader;
}

describe("checkLayoutOptions", () => {
  it.each([
    ["prometheus", "query", /--query: .*prometheus has no use for.*server's address/],
    ["prometheus-server", "bin", /--bin: .*The width of a bin is --step/],
    ["access-log", "timestamp", /--timestamp: .*it is for json-log, csv, parquet/],
    ["csv", "first-day", /--first-day: .*azure-functions/],
    ["parquet", "project", /--project: .*wikipedia/],
    ["wikipedia", "unit", /--unit/],
    ["access-log", "pattern", /--pattern: .*it is for pattern/],
  ] as const)("refuses for %s the option --%s", (name, option, message) => {
    expect(() => checkLayoutOptions(readerNamed(name), ["out", option])).toThrow(message);
  });

  it("lets options pass that the layout uses, and those that are not about the layout", () => {
    checkLayoutOptions(readerNamed("csv"), ["out", "as", "quiet", "bin", "from", "unit", "value"]);
  });

  it("knows each option of the command, but for those of all inputs", () => {
    const ofLayouts = new Set<string>(layoutReaders.flatMap(({ options }) => options));
    const ofCommand = Object.keys(importCommand.options).map(kebabCase);
    expect(ofCommand.filter((option) => !ofLayouts.has(option))).toEqual(["out", "as", "quiet"]);
    expect([...ofLayouts].filter((option) => !ofCommand.includes(option))).toEqual([]);
    expect(new Set(layoutNames).size).toBe(layoutNames.length);
  });
});

describe("whole bins", () => {
  it("keeps the bins that lie whole between two instants", () => {
    const cut = cutTo(table([1, 2, 3, 4, 5]), START_MS + 1.5 * MINUTE_MS, START_MS + 4 * MINUTE_MS);
    expect([cut.startMs, ...cut.values[0]]).toEqual([START_MS + 2 * MINUTE_MS, 3, 4]);
    expect(() => cutTo(table([1, 2, 3]), START_MS + 10 * MINUTE_MS, Number.POSITIVE_INFINITY)).toThrow(/0 whole bins/);
  });

  it("sums into wider bins on their own grid, unknown where a part is, without half bins at the ends", () => {
    const wide = widened(table([9, 1, 2, 3, Number.NaN, 5, 6], START_MS + MINUTE_MS), 2 * MINUTE_MS);
    expect([wide.startMs, ...wide.values[0]]).toEqual([START_MS + 2 * MINUTE_MS, 3, Number.NaN, 11]);
    expect(requestsOf(wide)).toBe(14);
  });

  it("refuses a width that is no multiple, since counts cannot be split", () => {
    expect(() => widened(table([1, 2, 3, 4]), 90_000)).toThrow(/--bin: .*a multiple of 1 min/);
  });
});

describe("LabelRule", () => {
  it("ends in time linear in the text, whatever the expression", () => {
    const rule = parseRule("--region", "path/^(a+)+$/");
    // A backtracking engine takes 2^40 steps here.
    expect(rule.labelOf(`${"a".repeat(40)}!`)).toBe("other");
    expect(rule.labelOf("aaa")).toBe("aaa");
  });

  it("refuses what RE2 cannot do, and a rule that labelled nothing", () => {
    expect(() => parseRule("--region", "path/(?=x)/")).toThrow(/--region: a regular expression that cannot be read/);
    const rule = parseRule("--region", "pth");
    rule.labelOf(undefined);
    expect(() => rule.checkUsed(["path", "host"])).toThrow(/no record with a field "pth"; expected one of path, host/);
    const pattern = parseRule("--region", "path/^\\/eu/");
    pattern.labelOf("/us/1");
    expect(() => pattern.checkUsed([])).toThrow(/matches no "path"/);
  });
});
