import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { HaproxyLog } from "../../../src/traffic/import/haproxy-log.js";
import { importLogs } from "../../../src/traffic/import/import-log.js";
import { detectLayout } from "../../../src/traffic/import/layouts/detect.js";
import { LoadBalancerLog } from "../../../src/traffic/import/load-balancer-log.js";
import { PatternLog } from "../../../src/traffic/import/pattern-log.js";
import type { RecordFormat } from "../../../src/traffic/import/record-format.js";
import { S3Log } from "../../../src/traffic/import/s3-log.js";
import { TimestampReader } from "../../../src/traffic/import/timestamp.js";
import { W3cLog } from "../../../src/traffic/import/w3c-log.js";
import { countOptions } from "./count-options.js";

const folder = mkdtempSync(join(tmpdir(), "headrace-server-logs-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const read = (files: readonly string[], format: RecordFormat, region?: string) =>
  importLogs(files, { ...countOptions(region), format, lenient: false });

const columnsOf = async (imported: ReturnType<typeof read>) =>
  (await imported).table.values.map((column) => [...column]);

const iis = `#Software: Microsoft Internet Information Services 10.0
#Version: 1.0
#Date: 2026-03-02 10:00:00
#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status time-taken
2026-03-02 10:00:05 10.0.0.1 GET /eu/a - 443 - 203.0.113.9 Mozilla/5.0+(Windows) 200 15
2026-03-02 10:00:59 10.0.0.1 GET /us/a - 443 - 203.0.113.9 curl/8 200 12
#Date: 2026-03-02 10:02:00
#Fields: time date cs-uri-stem sc-status
10:02:00 2026-03-02 /eu/b 404
`;
const cloudFront = `#Version: 1.0
#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(User-Agent)
2026-03-02\t10:00:00\tLHR50\t1658\t203.0.113.9\tGET\td1.cloudfront.net\t/v/a.mp4\t206\tMozilla/5.0%20(X)
2026-03-02\t10:01:11\tFRA2\t1658\t203.0.113.9\tGET\td1.cloudfront.net\t/v/a.mp4\t206\tMozilla/5.0%20(X)
`;

describe("W3cLog", () => {
  it("takes the columns from each #Fields line, in their order, date and time as UTC", async () => {
    const path = file("u_ex260302.log", iis.replaceAll("\n", "\r\n"));
    expect((await detectLayout(path)).name).toBe("w3c-log");
    expect(await columnsOf(read([path], new W3cLog(), "cs-uri-stem/^\\/(eu|us)/"))).toEqual([
      [1, 0, 1],
      [1, 0, 0],
    ]);
  });

  it("reads CloudFront's, separated by tabs and compressed", async () => {
    const path = file("E123.2026-03-02-10.gz", gzipSync(cloudFront));
    expect((await detectLayout(path)).name).toBe("w3c-log");
    expect(await columnsOf(read([path], new W3cLog()))).toEqual([[1, 1]]);
  });

  it.each([
    ["without date", iis.replaceAll("date time", "time"), /the fields time s-ip .* without date and time/],
    ["with a row of other columns", iis.replace(" 200 15", " 200"), /11 values for 12 fields/],
    ["without #Fields", "2026-03-02 10:00:05 GET\n", /no #Fields line before it.*--as csv/],
  ])("says what is wrong with a log %s", async (name, content, message) => {
    await expect(read([file(`${name}.log`, content)], new W3cLog())).rejects.toThrow(message);
  });
});

const alb = (clock: string, host = "www.example.com", type = "https ") =>
  `${type}2026-03-02T${clock}Z app/web/50dc6c49 203.0.113.9:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 34 366 ` +
  `"GET https://${host}:443/v/a.ts?x=1 HTTP/1.1" "curl/7.46.0" ECDHE TLSv1.2 arn:aws:x "Root=1" "${host}" "-" 0`;

describe("LoadBalancerLog", () => {
  it("reads Application Load Balancers and classic ones, a request without a target too", async () => {
    const failed = alb("10:01:30.5").replace("10.0.0.1:80 0.000 0.001 0.000 200 200", "- -1 -1 -1 502 -");
    const path = file("alb.log", [alb("10:00:00.000000"), failed, alb("10:01:00.25", "eu.example.com", "")].join("\n"));
    expect((await detectLayout(path)).name).toBe("aws-load-balancer");
    expect(await columnsOf(read([path], new LoadBalancerLog(), "host"))).toEqual([
      [0, 1],
      [1, 1],
    ]);
  });

  it("reads the parts of a request", () => {
    const format = new LoadBalancerLog();
    expect(format.parse(alb("10:00:00.5"))).toBe(true);
    expect(format.atMs).toBe(Date.UTC(2026, 2, 2, 10) + 500);
    expect(format.fields.map((field) => format.field(field))).toEqual([
      ...["https", "app/web/50dc6c49", "203.0.113.9", "10.0.0.1:80", "200"],
      ...["GET https://www.example.com:443/v/a.ts?x=1 HTTP/1.1", "GET", "/v/a.ts", "www.example.com", "curl/7.46.0"],
    ]);
  });
});

const s3 = (clock: string, operation: string, request: string) =>
  `79a59df900b949e55 mybucket [02/Mar/2026:${clock} +0000] 203.0.113.9 - ` +
  `3E57427F3 ${operation} k ${request} 200 - 113 113 7 5 "-" "S3Console/0.4" -`;

describe("S3Log", () => {
  it("counts requests, and neither S3's own work nor the parts of a batch", async () => {
    const lines = [
      s3("10:00:00", "S3.EXPIRE.OBJECT", "-"),
      s3("10:00:00", "REST.GET.OBJECT", '"GET /k?x=%22 HTTP/1.1"'),
      s3("10:01:00", "REST.POST.MULTI_OBJECT_DELETE", '"POST /?delete HTTP/1.1"'),
      s3("10:01:00", "BATCH.DELETE.OBJECT", "-"),
    ];
    const path = file("s3.log", lines.join("\n"));
    expect((await detectLayout(path)).name).toBe("aws-s3");
    const imported = await read([path], new S3Log(), "method");
    expect(imported.table.series.map(({ region }) => region)).toEqual(["GET", "POST"]);
    expect([imported.requests, imported.broken]).toEqual([2, 0]);
  });
});

/** From HAProxy's configuration manual ("Log formats"), with another minute and server. */
const haproxyHttp = [
  "Feb  6 12:14:14 localhost haproxy[14389]: 10.0.1.2:33317 [06/Feb/2026:12:14:14.655] http-in static/srv1 ",
  '10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /eu/a HTTP/1.1"\n',
  "<134>Feb  6 12:15:01 localhost haproxy[14389]: ::ffff:10.0.1.2:33317 [06/Feb/2026:12:15:01.000] https-in~ ",
  'dynamic/<NOSRV> 0/-1/-1/-1/+0 503 +217 - - SC-- 1/1/1/0/0 0/0 "GET /us/a HTTP/1.1"\n',
].join("");
const haproxyTcp = `10.0.1.2:33313 [06/Feb/2026:12:14:51.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0
10.0.1.2:33313 [06/Feb/2026:12:16:51.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0
`;

describe("HaproxyLog", () => {
  it("reads lines of HTTP behind a syslog prefix, in the zone that is given", async () => {
    const path = file("haproxy.log", haproxyHttp);
    expect((await detectLayout(path)).name).toBe("haproxy");
    const format = new HaproxyLog(new TimestampReader("+01:00"));
    const { table } = await read([path], format, "path/^\\/(eu|us)/");
    expect(table.startMs).toBe(Date.UTC(2026, 1, 6, 11, 14));
    expect(table.series.map(({ region }) => region)).toEqual(["eu", "us"]);
    expect(["client", "frontend", "backend", "server", "status", "method"].map((name) => format.field(name))).toEqual([
      "::ffff:10.0.1.2",
      "https-in",
      "dynamic",
      "<NOSRV>",
      "503",
      "GET",
    ]);
  });

  it("reads lines of TCP, which have no request", async () => {
    const path = file("haproxy-tcp.log", haproxyTcp);
    expect((await detectLayout(path)).name).toBe("haproxy");
    const format = new HaproxyLog(new TimestampReader("UTC"));
    expect(await columnsOf(read([path], format))).toEqual([[1, 0, 1]]);
    expect([format.field("status"), format.field("request"), format.field("path")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("asks for the zone, since its times have no offset", async () => {
    const format = new HaproxyLog(new TimestampReader(undefined));
    await expect(read([file("no-zone.log", haproxyTcp)], format)).rejects.toThrow(/\[?06\/Feb.*--timezone/);
  });

  it("ends in time linear in a hostile line", () => {
    const line = `10.0.1.2:1 [06/Feb/2026:12:14:51.443] f b/s 0/0/1 212 ${" ".repeat(500_000)}${'"'.repeat(500_000)}`;
    expect(new HaproxyLog(new TimestampReader("UTC")).parse(line)).toBe(true);
  });
});

describe("PatternLog", () => {
  const envoy = `[2026-03-02T10:00:01.123Z] "GET /eu/a HTTP/1.1" 200 - 0 5 3 2 "-" "curl/8" "id" "host" "10.0.0.1:80"
[2026-03-02T10:01:59.123Z] "GET /us/a HTTP/1.1" 200 - 0 5 3 2 "-" "curl/8" "id" "host" "10.0.0.1:80"
`;
  const log = (pattern: string, zone?: string) => new PatternLog(pattern, new TimestampReader(zone));

  it("takes the time from its group, and fields from the others", async () => {
    const format = log(String.raw`^\[(?P<time>[^\]]+)\] "(?P<method>\S+) (?P<path>\S+)`);
    const { table } = await read([file("envoy.log", envoy)], format, "path/^\\/(eu|us)/");
    expect(table.values.map((column) => [...column])).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(format.fields).toEqual(["method", "path"]);
    expect([format.field("method"), format.field("constructor")]).toEqual(["GET", undefined]);
  });

  it.each([
    ["(x", /--pattern: a regular expression that cannot be read/],
    ["(?P<at>x)", /--pattern: .*without a group for the time.*\(\?P<time>/],
    ["(?=x)(?P<time>x)", /--pattern: .*cannot be read/],
  ])("refuses the expression %s", (pattern, message) => {
    expect(() => log(pattern)).toThrow(message);
  });

  it.each([
    ["^no(?P<time>x)", undefined, /no match.*--pattern/],
    ["(?P<time>GET)", undefined, /the time "GET"/],
    ["^.(?:(?P<time>never)|2026)", undefined, /a match without a time/],
    [String.raw`^\[(?P<time>[^.]+)`, undefined, /the time "2026-03-02T10:00:01".*--timezone/],
  ])("says why lines are refused by %s", async (pattern, zone, message) => {
    await expect(read([file("lines.log", envoy)], log(pattern, zone))).rejects.toThrow(message);
  });
});

describe("the layout of a JSON file", () => {
  it("is that of Prometheus for its answer with an error, too", async () => {
    const path = file("error.json", '{"status":"error","errorType":"bad_data","error":"parse error"}');
    expect((await detectLayout(path)).name).toBe("prometheus");
  });

  it("is that of Prometheus whatever comes first, status or data", async () => {
    const result = '"result":[{"metric":{},"values":[[1772445600,"1"]]}]';
    for (const [i, text] of [
      `{"data":{${result},"resultType":"matrix"},"status":"success"}`,
      `{"data":{"resultType":"matrix",${result}},"status":"success"}`,
      `{"status":"success","isPartial":false,"data":{"resultType":"matrix",${result}}}`,
      '{"error":"parse error","errorType":"bad_data","status":"error"}',
    ].entries())
      expect((await detectLayout(file(`order-${i}.json`, text))).name).toBe("prometheus");
  });

  it("is none for an array, with the command that makes lines of it", async () => {
    for (const [i, text] of ['[{"time":"2026-01-05T00:00:00Z"}]', "[\n  {}\n]\n"].entries())
      await expect(detectLayout(file(`array-${i}.json`, text))).rejects.toThrow(/a JSON array; .*jq -c/);
  });
});
