import { afterAll, describe, expect, it } from "vitest";
import { Folder, quickScenario, run } from "./real-command.js";
import { WarmCommand } from "./warm-command.js";

const policy = (decide: string): string =>
  `export const createPolicy = () => ({ decide: (seen) => {\n  ${decide}\n} });\n`;
const folder = new Folder({
  "package.json": '{"type": "module"}',
  "throws.ts": policy("console.log('a print'); throw new Error(`boom ${seen.pools.length}`);"),
  "exits.js": policy("process.exit(0);"),
  "exits-later.js": policy("Promise.resolve().then(() => process.exit(0)); return [{ desired: 10, reason: 'x' }];"),
  "rejects.js": policy("Promise.reject(new Error('nobody waits')); return [{ desired: 10, reason: 'x' }];"),
  "broken.js": policy("let 5;"),
  "broken.ts": policy("let 5;"),
  "patches.js": `${policy("return [];")}Array.prototype.map = () => [];`,
  "patches.cjs": `exports.createPolicy = () => ({ decide: () => [] });\nMath.max = () => 0;`,
  "patches.ts": `const most: number = 0;\nMath.max = () => most;\n${policy("return [];")}`,
  "imports.js": `import fs from "node:fs";\nimport { x } from "./absent.js";\n${policy("return [];")}`,
  "helper.js": "let 5;",
  "asks-helper.js": `import "./helper.js";\n${policy("return [];")}`,
});
/** The first test runs the command in a process of its own; these modules fail the same in one. */
const warm = new WarmCommand(process.env, "here");
afterAll(() => {
  warm.dispose();
  folder.dispose();
});

function scenario(module: string): string {
  const name = `${module.replace(".", "-")}.yaml`;
  folder.write(
    name,
    quickScenario({
      "count: 10}": `count: 10}\n  - {kind: ./${module}, spare: 1}`,
      "duration: 20min": "duration: 2min\nreplications: 2",
    }),
  );
  return name;
}

describe("a module of the user's own that fails", () => {
  it("is named first in the table, with how often and where, and gets no verdict", async () => {
    const { code, stdout } = await run(["simulate", scenario("throws.ts"), "--out", "report"], folder.path);
    expect(code).toBe(0);
    const [, , first, , second] = stdout.split("\n");
    expect(first).toMatch(/^throws FAILED at each of \d+ decisions, .*boom 1 \(.*throws\.ts:2:\d+\)$/);
    expect(second).toMatch(/never reads the knob "spare"/);
    expect(stdout).toContain("throws against static: no verdict, since throws failed.");
    expect(stdout).not.toMatch(/ (?:better|worse)$/m);
  });

  it("is in the document and on stderr with --json", async () => {
    const { stdout, stderr } = await warm.run(["simulate", scenario("throws.ts"), "--json"], folder.path);
    const { policies, comparisons } = JSON.parse(stdout);
    expect(policies[1].failures).toMatchObject({ message: "boom 1", firstAtMs: 0 });
    expect(policies[1].unreadKnobs).toEqual(["spare"]);
    const words = new Set(comparisons.map((one: { verdict?: string }) => one.verdict ?? "cannot tell"));
    expect([...words]).toEqual(["cannot tell"]);
    expect(stderr).toContain("throws FAILED");
    expect(stderr).toContain("a print");
  });

  it.each([
    ["exits.js", /exits\.js: a module that ends its thread in a decision/],
    ["exits-later.js", /exits-later\.js: a module that ends its thread after a decision/],
    ["rejects.js", /rejects\.js:2:\d+: a module that leaves an error .*\(nobody waits\)/],
    ["broken.js", /broken\.js:2:3: a module that cannot be loaded/],
    ["broken.ts", /broken\.ts:2:7: a module that cannot be loaded/],
    ["patches.js", /patches\.js:4:21: .*\(Cannot assign to read only property 'map'.*Leave JavaScript's built-ins/],
    ["patches.cjs", /patches\.cjs:2:10: .*\(Cannot assign to read only property 'max'/],
    ["patches.ts", /patches\.ts:2:6: .*\(Cannot assign to read only property 'max'/],
    ["imports.js", /imports\.js:2:19: .*\(Cannot find module '.*absent\.js'/],
    ["asks-helper.js", /helper\.js:1:1: a module that cannot be loaded \(.*\), which .*asks-helper\.js imports/],
  ])("ends the run with exit code 2: %s", async (module, message) => {
    const { code, stdout, stderr } = await warm.run(["simulate", scenario(module), "--json", "--quiet"], folder.path);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });
});
