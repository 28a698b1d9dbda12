import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { quickRooms, slowTests } from "./quick-tier.js";
import { sources } from "./sources.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("the quick tier starts no process, and leaves out only tests that are there", () => {
  const files = quickRooms.flatMap((room) => sources(root, `test/${room}`));
  const quick = files.filter(({ path }) => path.endsWith(".test.ts") && !slowTests.has(path));
  expect(quick.length).toBeGreaterThan(60);
  const starting = /from "(node:child_process|[^"]*\/real-command\.js|esbuild)"/;
  expect(quick.filter(({ text }) => starting.test(text)).map(({ path }) => path)).toEqual([]);
  for (const path of slowTests.keys()) expect(existsSync(join(root, path)), path).toBe(true);
});
