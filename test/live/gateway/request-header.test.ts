import { describe, expect, it } from "vitest";
import { HeaderParser, MAX_HEADER_BYTES, type Parsed } from "../../../src/live/gateway/request-header.js";
import { cutAtRandom, mutate } from "../formats/bytes.js";

const http =
  "POST /stream HTTP/1.1\r\nHost: x\r\nX-Headrace-Region: eu\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello";

function parse(text: string | Uint8Array): Parsed {
  return new HeaderParser().push(typeof text === "string" ? Buffer.from(text, "latin1") : text);
}

function reasonOf(text: string): string {
  const parsed = parse(text);
  return parsed.state === "fault" ? `${parsed.status} ${parsed.reason}` : parsed.state;
}

describe("the header parser", () => {
  it("gives the fields, and exactly the bytes that follow", () => {
    const parsed = parse(http);
    if (parsed.state !== "header" || parsed.header.protocol !== "http") throw new Error(JSON.stringify(parsed));
    expect(parsed.header).toMatchObject({ method: "POST", path: "/stream" });
    expect(Object.fromEntries(parsed.header.fields)).toEqual({
      host: "x",
      "x-headrace-region": "eu",
      "transfer-encoding": "chunked",
    });
    expect(Buffer.from(parsed.rest).toString()).toBe("5\r\nhello");
  });

  it.each([
    [
      "GET http://h:81/stream?x=1 HTTP/1.1\r\nHost: x\r\n\r\n",
      { path: "/stream", query: "x=1", version: "1.1" },
      "h:81",
    ],
    ["GET http://h?x HTTP/1.1\r\nHost: x\r\n\r\n", { path: "/", query: "x", version: "1.1" }, "h"],
    ["GET /metrics?x HTTP/1.0\r\n\r\n", { path: "/metrics", version: "1.0" }, undefined],
    ["GET / HTTP/1.9\r\nHost: x\r\n\r\n", { path: "/", version: "1.1" }, "x"],
    ["\r\nOPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", { method: "OPTIONS", path: "*" }, "x"],
    ["M-SEARCH / HTTP/1.1\r\nHost: x\r\n\r\n", { method: "M-SEARCH", path: "/" }, "x"],
  ])("reads each form of a request line: %j", (text, expected, host) => {
    const parsed = parse(text);
    if (parsed.state !== "header") throw new Error(JSON.stringify(parsed));
    expect(parsed.header).toMatchObject(expected);
    expect(parsed.header.fields.get("host")).toBe(host);
  });

  it("reads values in UTF-8, in both protocols", () => {
    const named = parse(Buffer.from("GET / HTTP/1.1\r\nHost: x\r\nX-Headrace-Region: zürich\r\n\r\n"));
    const raw = parse(Buffer.from("HEADRACE/1 region=zürich\n"));
    if (named.state !== "header" || raw.state !== "header") throw new Error("no header");
    expect(named.header.fields.get("x-headrace-region")).toBe("zürich");
    expect(raw.header.fields.get("region")).toBe("zürich");
  });

  it("reads the one line of raw TCP", () => {
    const parsed = parse("HEADRACE/1 region=eu format=mpegts\nGbytes");
    if (parsed.state !== "header") throw new Error(JSON.stringify(parsed));
    expect(Object.fromEntries(parsed.header.fields)).toEqual({ region: "eu", format: "mpegts" });
    expect(Buffer.from(parsed.rest).toString()).toBe("Gbytes");
  });

  it.each([
    ["GET  / HTTP/1.1\r\nHost: x\r\n\r\n", "400 malformed-request-line"],
    ["GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", "400 malformed-request-line"],
    ["GET * HTTP/1.1\r\nHost: x\r\n\r\n", "400 malformed-request-line"],
    ["\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", "400 malformed-request-line"],
    ["\x16\x03\x01\x02\x00", "400 malformed-request-line"],
    ["\x03\x00\x00", "400 malformed-request-line"],
    ["HEADRACE/2 region=eu\n", "400 malformed-request-line"],
    ["PRI * HTTP/2.0\r\n", "505 http-version"],
    ["GET / HTTP/1.1\r\n\r\n", "400 no-host"],
    ["GET / HTTP/2.0\r\nHost: x\r\n\r\n", "505 http-version"],
    ["GET / HTTP/1.1\r\nHost: x\r\nA: b\nC: d\r\n\r\n", "400 malformed-header"],
    ["GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n folded\r\n\r\n", "400 malformed-header"],
    ["GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", "400 malformed-header"],
    ["GET / HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n", "400 malformed-header"],
    ["GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "400 header-repeated"],
    ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400 header-repeated"],
    ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400 two-lengths"],
    [`GET / HTTP/1.1\r\nHost: x\r\n${"A: b\r\n".repeat(200)}\r\n`, "431 too-many-header-lines"],
    [`GET /${"a".repeat(MAX_HEADER_BYTES)}`, "431 header-too-large"],
    ["HEADRACE/1 region=eu region=us\n", "400 malformed-header"],
    ["HEADRACE/1 Region=eu\n", "400 malformed-header"],
    [`HEADRACE/1 region=${"a".repeat(2000)}`, "431 header-too-large"],
    ["HEADRACE", "more"],
    ["GET / HTTP/1.1\r\nHost: x\r\n", "more"],
  ])("%j: %s", (text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });

  it("survives 100,000 mutated headers, however they are cut, and keeps no more than its bound", () => {
    const samples = [
      http,
      "HEADRACE/1 region=eu format=mpegts token=abc\nG",
      "GET /stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
    ];
    for (let seed = 0; seed < 100_000; seed++) {
      const bytes = mutate(Buffer.from(samples[seed % samples.length], "latin1"), seed, 1 + (seed % 8));
      const parser = new HeaderParser();
      let parsed: Parsed = { state: "more" };
      for (const chunk of cutAtRandom(bytes, seed)) {
        parsed = parser.push(chunk);
        if (parsed.state !== "more") break;
      }
      if (parsed.state !== "header") continue;
      for (const [name, value] of parsed.header.fields) {
        if (/[\r\n\0]/.test(name + value)) throw new Error(`seed ${seed}: ${JSON.stringify([name, value])}`);
      }
    }
  });
});
