import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { sources } from "./sources.js";
import {
  aloneTests,
  isolatedTests,
  partOf,
  quickRooms,
  sharingRooms,
  slowestFirst,
  slowTests,
  testFiles,
} from "./test-tiers.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("the quick tier starts no process, and leaves out only tests that are there", () => {
  const files = quickRooms.flatMap((room) => sources(root, `test/${room}`));
  const quick = files.filter(({ path }) => path.endsWith(".test.ts") && !slowTests.has(path));
  expect(quick.length).toBeGreaterThan(60);
  const starting = /from "(node:child_process|[^"]*\/real-command\.js|esbuild)"/;
  expect(quick.filter(({ text }) => starting.test(text)).map(({ path }) => path)).toEqual([]);
});

it("each test that a tier names is there", () => {
  for (const path of [...slowTests.keys(), ...isolatedTests.keys(), ...aloneTests.keys(), ...slowestFirst])
    expect(existsSync(join(root, path)), path).toBe(true);
});

it("tests that share their modules change nothing that outlives them", () => {
  const shared = sharingRooms
    .flatMap((room) => sources(root, `test/${room}`))
    .filter(({ path }) => !path.endsWith(".test.ts") || partOf(path) === "sharing");
  const lasting =
    /process\.(chdir\(|env\.\w+ = )|delete process\.env|globalThis\.\w+ = |\bvi\.(mock|stub|spyOn|useFake)/;
  expect(shared.filter(({ text }) => lasting.test(text)).map(({ path }) => path)).toEqual([]);
  // A hook in a file that is loaded once would run for the first test file only.
  const parts = shared.filter(({ path }) => !path.endsWith(".test.ts"));
  const hook = /^(before|after)(All|Each)\(/m;
  expect(parts.filter(({ text }) => hook.test(text)).map(({ path }) => path)).toEqual([]);
});

it("the tests that run alone are those of the list, and no list is empty", () => {
  const files = testFiles(root);
  expect(files.filter((path) => partOf(path) === "alone")).toEqual([...aloneTests.keys()].sort());
  expect(files.filter((path) => partOf(path) === "isolated").length).toBeGreaterThan(0);
  expect(files.filter((path) => partOf(path) === "sharing").length).toBeGreaterThan(0);
  expect(files.length).toBeGreaterThan(200);
});
