import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { boundedAnswer } from "../../../src/traffic/import/bounded-answer.js";
import { importFromPrometheus, importPrometheusJson } from "../../../src/traffic/import/import-prometheus.js";
import { type LabelRules, parseRule } from "../../../src/traffic/import/label-rule.js";

const START_MS = Date.UTC(2026, 0, 5);
const folder = mkdtempSync(join(tmpdir(), "headrace-prometheus-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const rules: LabelRules = { region: parseRule("--region", "region"), format: undefined, segment: undefined };
const how = { rules, values: "per-second" as const, onProgress: () => undefined, signal: new AbortController().signal };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const range = (url: string, minutes: number) => ({
  url,
  query: "sum by (region) (rate(http_requests_total[1m]))",
  fromMs: START_MS,
  toMs: START_MS + minutes * 60_000,
  stepMs: 60_000,
});

/** Answers like Prometheus: one value per step from start to end, both included. */
const answer: RequestListener = (request, response) => {
  const { searchParams } = new URL(request.url ?? "", "http://x");
  const [start, end, step] = ["start", "end", "step"].map((name) => Number(searchParams.get(name)));
  const values: [number, string][] = [];
  for (let at = start; at <= end; at += step) values.push([at, at % 7200 === 0 ? "NaN" : "0.5"]);
  const result = ["eu", "us"].map((region) => ({ metric: { region, pod: "a" }, values }));
  response.end(JSON.stringify({ status: "success", data: { resultType: "matrix", result } }));
};

describe("a running total", () => {
  const file = (metric: object, values: readonly number[]): string => {
    const path = join(folder, `${Object.values(metric).join()}-${values.length}.json`);
    const result = [{ metric, values: values.map((value, i) => [START_MS / 1000 + 60 * i, String(value)]) }];
    writeFileSync(path, JSON.stringify({ status: "success", data: { resultType: "matrix", result } }));
    return path;
  };
  const growing = Array.from({ length: 30 }, (_, i) => 1000 + 7 * i);

  it("is refused by the name of its counter, with the query that is meant", async () => {
    const path = file({ __name__: "http_requests_total", region: "eu" }, growing);
    await expect(importPrometheusJson(path, how)).rejects.toThrow(
      /the counter http_requests_total, a running total.*sum\(rate\(http_requests_total\[1m\]\)\)/,
    );
  });

  it("without a name is read with a word of caution; what falls at times, or is short, without", async () => {
    const readAs = async (values: readonly number[]) =>
      (await importPrometheusJson(file({ region: "eu" }, values), how)).readAs;
    expect(await readAs(growing)).toMatch(/CAUTION: they never fall.*take differences first/);
    expect(await readAs(growing.slice(0, 19))).not.toMatch(/CAUTION/);
    expect(await readAs([...growing, 900])).not.toMatch(/CAUTION/);
    expect(await readAs(Array.from({ length: 40 }, () => 5))).not.toMatch(/CAUTION/);
  });
});

describe("series that are added up", () => {
  const SECOND_0 = START_MS / 1000;
  const read = (...series: (readonly number[])[]) => {
    const path = join(folder, "grids.json");
    const result = series.map((seconds, i) => ({
      metric: { pod: `p${i}` },
      values: seconds.map((at) => [SECOND_0 + at, "10"]),
    }));
    writeFileSync(path, JSON.stringify({ status: "success", data: { resultType: "matrix", result } }));
    return importPrometheusJson(path, { ...how, rules: { ...rules, region: undefined } });
  };

  it("are refused where one lies half a step beside the other, which would halve the rate", async () => {
    await expect(read([0, 60, 120, 180], [30, 90, 150, 210])).rejects.toThrow(
      /grids.json: samples of {pod="p1"} at 2026-01-05T00:00:30Z, between those of {pod="p0"}; expected series of one step. Ask for all of them in one query/,
    );
  });

  it("are refused where one has twice the step of the other", async () => {
    await expect(read([0, 30, 60, 90, 120, 150, 180], [0, 60, 120, 180])).rejects.toThrow(
      /a sample of {pod="p1"} each 1 min, and those of {pod="p0"} each 30 s; expected series of one step/,
    );
  });

  it("are read on one grid, with gaps, a late start, or a single sample of one", async () => {
    const { requests } = await read([0, 60, 120, 180], [0, 60, 180], [180], [120, 180]);
    expect(requests).toBe(10 * 10 * 60);
  });
});

describe("importFromPrometheus", () => {
  it("turns rates into counts of the step that ends at the sample, in as many queries as needed", async () => {
    let queries = 0;
    const url = await serve((request, response) => {
      queries++;
      answer(request, response);
    });
    const { table, broken } = await importFromPrometheus(range(url, 25_000), how);
    expect(queries).toBe(3);
    expect(table.startMs).toBe(START_MS);
    expect(table.values.map((column) => column.length)).toEqual([25_000, 25_000]);
    expect(table.series.map((one) => one.region)).toEqual(["eu", "us"]);
    expect([table.values[0][0], table.values[0][119]]).toEqual([30, Number.NaN]);
    expect(broken).toBe(2 * Math.floor(25_000 / 120));
  });

  it("fails whole when the server dies half-way", async () => {
    let queries = 0;
    const url = await serve((request, response) => {
      queries++;
      if (queries < 2) return answer(request, response);
      response.write('{"status":"success","data":{"resultType":"matrix","re');
      response.socket?.destroy();
    });
    await expect(importFromPrometheus(range(url, 25_000), how)).rejects.toThrow(
      /(an answer that breaks off|no answer) \(.*\).*nothing was written/,
    );
  });

  it.each([
    ["an error", 400, '{"status":"error","errorType":"bad_data","error":"parse error"}', /the error "parse error"/],
    ["a page", 404, "<html>", /HTTP status 404/],
    ["no JSON", 200, "<html>", /not JSON/],
    ["a vector", 200, '{"status":"success","data":{"resultType":"vector","result":[]}}', /an answer of type vector/],
    ["nothing", 200, '{"status":"success","data":{"resultType":"matrix","result":[]}}', /no series/],
  ])("says so when the server answers with %s", async (_name, status, body, message) => {
    const url = await serve((_request, response) => {
      response.statusCode = status;
      response.end(body);
    });
    await expect(importFromPrometheus(range(url, 10), how)).rejects.toThrow(message);
  });

  it("follows a redirect on the same host, and none to another", async () => {
    const url = await serve((request, response) => {
      if (request.url?.startsWith("/prom/") === true) return answer(request, response);
      const moved = `/prom${request.url?.replace("/elsewhere", "")}`;
      const elsewhere = request.url?.startsWith("/elsewhere/") === true;
      response.writeHead(302, { location: elsewhere ? `http://127.0.0.2:1${moved}` : moved });
      response.end();
    });
    const { table } = await importFromPrometheus(range(url, 10), how);
    expect(table.values[0].length).toBe(10);
    await expect(importFromPrometheus(range(`${url}/elsewhere/`, 10), how)).rejects.toThrow(/a redirect to http/);
  });

  it("reads no more than its bounds, whether the answer is long or slow", async () => {
    const url = await serve((request, response) => {
      response.write("x".repeat(5000));
      if (request.url === "/long") response.end();
    });
    const bounds = { timeoutMs: 300, maxBytes: 6000 };
    const { signal } = new AbortController();
    const asked = (path: string, maxBytes: number) =>
      boundedAnswer(url, new URL(path, url), signal, { ...bounds, maxBytes });
    await expect(asked("/long", 4000)).rejects.toThrow(/more than 4000 bytes/);
    await expect(asked("/slow", 6000)).rejects.toThrow(/breaks off \(none within 0.3 s\)/);
    expect((await asked("/long", 6000)).body).toHaveLength(5000);
  });

  it("reports a server that does not answer", async () => {
    const probe = createTcpServer();
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise<void>((resolve) => probe.close(() => resolve()));
    await expect(importFromPrometheus(range(`http://127.0.0.1:${port}`, 10), how)).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe("importPrometheusJson", () => {
  it("reads an exported answer, and sums series that no rule separates", async () => {
    const values = [1, 2, 3].map((minute) => [START_MS / 1000 + minute * 60, String(minute)]);
    const result = ["a", "b"].map((pod) => ({ metric: { pod }, values }));
    const path = join(folder, "answer.json");
    writeFileSync(path, JSON.stringify({ status: "success", data: { resultType: "matrix", result } }));
    const none: LabelRules = { region: undefined, format: undefined, segment: undefined };
    const { table } = await importPrometheusJson(path, { ...how, rules: none, values: "count" });
    expect([table.startMs, ...table.values[0]]).toEqual([START_MS, 2, 4, 6]);
  });
});

const hasPrometheus =
  spawnSync("prometheus", ["--version"]).status === 0 && spawnSync("promtool", ["--version"]).status === 0;
if (!hasPrometheus) console.warn("skipped: a real Prometheus, since the package prometheus of Debian is not installed");

describe.skipIf(!hasPrometheus)("a real Prometheus", () => {
  it("is read through its HTTP interface", { timeout: 60_000 }, async () => {
    const samples: string[] = ["# TYPE http_requests counter"];
    for (const [region, perSecond] of [
      ["eu", 2],
      ["us", 5],
    ] as const) {
      for (let s = 0; s <= 7200; s += 15) {
        samples.push(`http_requests_total{region="${region}"} ${s * perSecond} ${START_MS / 1000 + s}`);
      }
    }
    const metrics = join(folder, "metrics.txt");
    writeFileSync(metrics, `${samples.join("\n")}\n# EOF\n`);
    const data = join(folder, "data");
    expect(spawnSync("promtool", ["tsdb", "create-blocks-from", "openmetrics", metrics, data]).status).toBe(0);
    const config = join(folder, "prometheus.yml");
    writeFileSync(config, "global: {}\n");
    const port = await freePort();
    const child = spawn("prometheus", [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      "--storage.tsdb.retention.time=100y",
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    try {
      const url = `http://127.0.0.1:${port}`;
      await untilReady(`${url}/-/ready`);
      const { table } = await importFromPrometheus({ ...range(url, 110), fromMs: START_MS + 300_000 }, how);
      expect(table.series.map((one) => one.region)).toEqual(["eu", "us"]);
      expect(table.startMs).toBe(START_MS + 300_000);
      expect(table.values[0]).toHaveLength(105);
      for (const [column, count] of [
        [table.values[0], 120],
        [table.values[1], 300],
      ] as const) {
        for (const value of column) expect(value).toBeCloseTo(count, 6);
      }
    } finally {
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
    }
  });
});

async function freePort(): Promise<number> {
  const probe = createTcpServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}

/** Polls, at most 300 times, until the server says that it is ready. */
async function untilReady(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const isReady = await fetch(url)
      .then((answer) => answer.ok)
      .catch(() => false);
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("Prometheus did not become ready");
}
