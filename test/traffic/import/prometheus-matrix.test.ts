import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { importPrometheusJson } from "../../../src/traffic/import/import-prometheus.js";
import { matrixOf } from "../../../src/traffic/import/prometheus-matrix.js";

const START_S = Date.UTC(2026, 0, 5) / 1000;
const folder = mkdtempSync(join(tmpdir(), "headrace-matrix-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const answer = (...result: object[]) => ({ status: "success", data: { resultType: "matrix", result } });
const series = (values: readonly unknown[], metric: object = {}, stepS = 60, fromS = START_S) => ({
  metric,
  values: values.map((value, i) => [fromS + stepS * i, value]),
});
const read = (...result: object[]) => matrixOf(answer(...result), (path) => path.join("."));

it("is refused where it is partial, and read with the server's warnings", async () => {
  const data = {
    resultType: "matrix",
    result: [{ metric: { pod: "a" }, values: [0, 60, 120].map((at) => [at, "1"]) }],
  };
  const read = (more: object) => {
    const path = join(mkdtempSync(join(tmpdir(), "headrace-partial-")), "answer.json");
    writeFileSync(path, `\ufeff${JSON.stringify({ status: "success", data, ...more })}`);
    const rules = { region: undefined, format: undefined, segment: undefined };
    const signal = new AbortController().signal;
    return importPrometheusJson(path, { rules, values: "count", onProgress: () => undefined, signal }).finally(() =>
      rmSync(dirname(path), { recursive: true }),
    );
  };
  await expect(read({ isPartial: true })).rejects.toThrow(/a partial answer: some storage nodes did not answer/);
  const { notes, requests } = await read({ warnings: ["partial response"] });
  expect([notes, requests]).toEqual([["CAUTION: the server warned: partial response"], 3]);
});

it("is refused where it is another program's JSON, with the command that makes lines of it", () => {
  expect(() => matrixOf({ Label: "RequestCount", Datapoints: [{ Sum: 1 }] }, () => "cw.json")).toThrow(
    /cw\.json: a JSON object with the keys Label, Datapoints; .*jq -c '\.Datapoints\[\]'/,
  );
  expect(() => matrixOf({ time: 1 }, () => "x.json")).toThrow(/jq -c \. FILE/);
});

describe("an answer of Prometheus", () => {
  it("takes NaN, infinities and null for unknown, and numbers with or without quotes", () => {
    const [one] = read(series(["1", 2.5, "NaN", "+Inf", "-Inf", null]));
    expect(one.values).toEqual([1, 2.5, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(one.atMs[1] - one.atMs[0]).toBe(60_000);
  });

  it.each([
    ["an empty text, which would count as 0", series(["1", ""]), /data\.result\.0\.values\.1: the value ""/],
    ["a truth value, which would count as 1", series([true]), /the value true/],
    ["a negative rate", series(["1", "-3"]), /values\.1: the value "-3".*delta\(\)/],
    ["instants in ms", series(["1"], {}, 60, START_S * 1000), /the time 1767571200000.*milliseconds.*1000/],
    ["one instant twice", series(["1", "1"], {}, 0), /values\.1: a second value for 2026-01-05/],
    ["a native histogram", { metric: {}, histograms: [] }, /a native histogram.*histogram_count/],
    ["quantiles", series(["0.1"], { quantile: "0.99" }), /quantiles of a summary.*NAME_count/],
    ["the counter of a bucket", series(["1"], { __name__: "x_bucket", le: "1" }), /running total.*rate\(x_count\[1m\]/],
  ])("refuses %s at its place", (_, one, message) => {
    expect(() => read(one)).toThrow(message);
  });

  it("refuses buckets, each of which counts the smaller ones again, and reads the last bucket alone", () => {
    const bucket = (le: string) => series(["1", "2"], { le });
    expect(() => read(bucket("0.1"), bucket("+Inf"))).toThrow(/the buckets of a histogram.*NAME_count/);
    expect(read(bucket("+Inf"))).toHaveLength(1);
  });

  it("refuses the same series twice", () => {
    const one = series(["1", "2"], { pod: "a", job: "x" });
    expect(() => read(one, series(["1", "2"], { job: "x", pod: "a" }))).toThrow(/result\.1: a second series with/);
  });
});

describe("series that are added up", () => {
  const imported = async (...result: object[]) => {
    const file = join(folder, "answer.json");
    writeFileSync(file, JSON.stringify(answer(...result)));
    const rules = { region: undefined, format: undefined, segment: undefined };
    const signal = new AbortController().signal;
    return importPrometheusJson(file, { rules, values: "count", onProgress: () => undefined, signal });
  };

  it("are named with the labels by which they differ", async () => {
    const { notes, table } = await imported(
      series(["1", "2", "3"], { pod: "a", job: "x" }),
      series(["10", "20", "30"], { pod: "b", job: "x" }),
    );
    expect([...table.values[0]]).toEqual([11, 22, 33]);
    expect(notes).toEqual(["2 series that differ in pod are added up (trace import --region pod keeps them apart)"]);
  });

  it("are counted where one has a gap; what begins later or ends earlier has none", async () => {
    const gap = series(["1", "1", "1", "1"], { pod: "a" });
    gap.values.splice(1, 1);
    const late = series(["1", "1", "1"], { pod: "b" }, 60, START_S + 60);
    expect((await imported(gap, late)).notes?.[1]).toMatch(/^CAUTION: at 1 step one of the added series has a gap/);
    expect((await imported(series(["1", "1", "1", "1"], { pod: "a" }), late)).notes).toHaveLength(1);
  });

  it("are suspected of being a running total that starts again", async () => {
    const total = Array.from({ length: 80 }, (_, i) => String(7 * (i % 40)));
    expect((await imported(series(total))).readAs).toMatch(/never fall but to start again near 0.*differences first/);
    const traffic = Array.from({ length: 80 }, (_, i) => String(50 + (i % 40)));
    expect((await imported(series(traffic))).readAs).not.toMatch(/CAUTION/);
  });
});
