import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const root = fileURLToPath(new URL("../../", import.meta.url));
const groups = z
  .array(
    z.strictObject({
      point: z.string().min(1),
      file: z.string().startsWith("src/"),
      tests: z.array(z.string().startsWith("test/")).min(1),
      mutants: z
        .array(z.strictObject({ what: z.string().min(1), text: z.string().min(1), instead: z.string() }))
        .min(1),
    }),
  )
  .parse(parse(readFileSync(`${root}test/bench/named-mutants.yaml`, "utf8")));

describe("the named mutants", () => {
  it("each change a text that occurs exactly once in its file, so that none is tried in vain", () => {
    const stale: string[] = [];
    for (const { file, mutants } of groups) {
      const source = readFileSync(root + file, "utf8");
      for (const { what, text, instead } of mutants) {
        const times = source.split(text).length - 1;
        if (times !== 1) stale.push(`${file}: "${text}" occurs ${times} times (${what})`);
        if (text === instead) stale.push(`${file}: "${text}" stays as it is (${what})`);
      }
    }
    expect(stale).toEqual([]);
  });

  it("each name test files that exist", () => {
    expect(groups.flatMap(({ tests }) => tests).filter((path) => !existsSync(root + path))).toEqual([]);
  });
});
