import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { commandsOf, DocFolder, readPage } from "./doc-commands.js";
import { root } from "./real-command.js";
import { WarmCommand } from "./warm-command.js";

const readme = readPage("README.md");
/** A busy machine takes its time. */
const PATIENCE_MS = 300_000;
/** A reader reads the first screen, and looks up the rest. */
const MOST_WORDS = 1500;

const warm = new WarmCommand();
const folder = new DocFolder(warm);
afterAll(() => {
  warm.dispose();
  folder.dispose();
});

describe("each command of the README", () => {
  const commands = commandsOf(readme);

  it("is found", () => {
    expect(commands).toEqual(expect.arrayContaining(["npm ci && npm start", "npm ci && npm test"]));
    expect(commands.length).toBeGreaterThan(6);
  });

  it.each(commands)("works: %s", { timeout: PATIENCE_MS }, (command) => folder.run(command));
});

describe("the README", () => {
  it("gives the commands that CI runs", () => {
    const { scripts } = JSON.parse(readPage("package.json"));
    expect(scripts.test).toContain("vitest run");
    expect(readPage(".ci/run")).toMatch(/^npm ci.*\n[\s\S]*^(?:\w+=\S+ )*npm test$/m);
  });

  it(`has at most ${MOST_WORDS} words`, () => {
    expect(readme.split(/\s+/).length).toBeLessThanOrEqual(MOST_WORDS);
  });

  it("says on the first screen for whom it is, what it answers, and shows the answer", () => {
    const screen = readme.slice(0, readme.indexOf("## Start"));
    expect(screen.split("\n").length).toBeLessThan(45);
    expect(screen).toMatch(/For SREs and capacity planners/);
    expect(screen).toMatch(/^> \*\*Which .*\?\*\*$/m);
    expect(screen).toContain("(docs/report.png)");
    expect(screen).toMatch(/\| evidence \|/);
  });

  it("names in its commands no file that Git would leave out of a clone", (context) => {
    const named = new Set(
      commandsOf(readme).flatMap((line) => line.match(/\b(?:traces|scenarios)\/[\w./-]+\w/g) ?? []),
    );
    expect(named.size).toBeGreaterThan(1);
    const listed = spawnSync("git", ["ls-files", "--error-unmatch", ...named], { cwd: root, encoding: "utf8" });
    if (!existsSync(join(root, ".git")) || listed.error) {
      console.log("not checked: no Git, or not a clone");
      context.skip();
    }
    expect(listed.stderr).toBe("");
  });

  it("shows a picture of at most 300 kB", () => {
    const picture = readFileSync(join(root, "docs/report.png"));
    expect(picture.subarray(1, 4).toString()).toBe("PNG");
    expect(statSync(join(root, "docs/report.png")).size).toBeLessThanOrEqual(300_000);
  });
});
