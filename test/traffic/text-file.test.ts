import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { readTextFile } from "../../src/traffic/text-file.js";

const folder = mkdtempSync(join(tmpdir(), "headrace-text-"));
const file = join(folder, "trace.csv.gz");
const text = Array.from({ length: 5000 }, (_, i) => `${i},${(i * 7919) % 1000}`).join("\n");

describe("a text that the user names", () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is read whether it is gzip or not", async () => {
    writeFileSync(file, gzipSync(text));
    expect(await readTextFile(file, "a trace")).toBe(text);
    writeFileSync(file, text);
    expect(await readTextFile(file, "a trace")).toBe(text);
  });

  it("is refused in UTF-16, with the command that converts it", async () => {
    writeFileSync(file, Buffer.from(`\ufeff${text}`, "utf16le"));
    await expect(readTextFile(file, "a trace")).rejects.toThrow(/a text in UTF-16; expected one in UTF-8.*iconv/);
  });

  it.each([
    ["is cut short", gzipSync(text).subarray(0, 2000), 64_000_000, /gzip that ends too early/],
    // Three bits of all ones begin no block of deflate (RFC 1951, 3.2.3).
    ["is broken", gzipSync(text).fill(255, 10, 11), 64_000_000, /gzip that is broken/],
    ["holds more than is read", gzipSync(text), text.length - 1, /gzip of more than \d+ bytes/],
    ["is of something else", gzipSync(Buffer.alloc(100)), 64_000_000, /a binary file/],
  ])("is refused as gzip that %s", async (_how, bytes, maxBytes, message) => {
    writeFileSync(file, bytes);
    await expect(readTextFile(file, "a trace", maxBytes)).rejects.toThrow(message);
  });
});
