import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allCommands } from "../../src/cli/commands.js";
import { commandAt } from "../../src/cli/options/command.js";
import { kebabCase } from "../../src/cli/options/option.js";
import { commandsPage, scenarioPage, termsPage } from "../../src/cli/reference-pages.js";
import { blocksOf, commandsOf, DocFolder, filesOf, readPage } from "./doc-commands.js";
import { root } from "./real-command.js";
import { warmCommand } from "./warm-command.js";

const commands = await allCommands();

/** A busy machine takes its time. */
const PATIENCE_MS = 300_000;

/**
 * Pages whose commands are run, one after the other, on the files that the page shows. On the
 * other pages each command and option must exist. Calibrate, plan and live runs have tests of
 * their own.
 */
const RUN = [
  "tutorial",
  "howto-traffic",
  "howto-size",
  "howto-policy",
  "howto-share",
  "read-results",
  "examples",
  "evidence",
  "regression",
  "sweeps",
  "watch",
];

const pages = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
const all = [...pages.map((name) => `docs/${name}`), "README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"];

/** A shorter and quieter day, with a shorter history, shows the same. */
const quicker = (text: string): string =>
  text
    .replace("duration: 8h", "duration: 90min")
    .replace("history: 7d", "history: 2d")
    .replace("rate: 3/s, amplitude", "rate: 10/min, amplitude")
    .replace("replications: 6", "replications: 2")
    .replace("duration: 1h\nwarmup: 10min", "duration: 15min\nwarmup: 5min")
    .replace("period: 1h", "period: 15min");

const env = { ...process.env, GITHUB_ACTIONS: "" };
const ofModules = warmCommand(env, "here");
const warm = warmCommand(env, ofModules);
let folder: DocFolder;
beforeEach(() => {
  folder = new DocFolder(warm);
});
afterEach(() => folder.dispose());

describe.each(RUN)("docs/%s.md", (name) => {
  const page = readPage(`docs/${name}.md`);

  it("has commands that work one after the other, on the files that it shows", { timeout: PATIENCE_MS }, async () => {
    for (const [file, text] of filesOf(page)) folder.write(file, quicker(text));
    const lines = commandsOf(page);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) await folder.run(line);
  });
});

describe.each(all)("%s", (name) => {
  const page = readPage(name);

  it("links to files and headings that are there", () => {
    for (const [, target] of page.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (target.includes("://")) continue;
      const [file, heading] = target.split("#");
      const path = file === "" ? join(root, name) : join(root, dirname(name), file);
      expect(existsSync(path), target).toBe(true);
      if (heading !== undefined) expect(anchorsOf(readFileSync(path, "utf8")), target).toContain(heading);
    }
  });

  it("names commands and options that there are", () => {
    for (const line of commandsOf(page, "sh", "text").filter((one) => one.startsWith("headrace "))) {
      const words = line
        .split(/\s+#|\s\|\s|\s&&\s/)[0]
        .split(/\s+/)
        .slice(1);
      const at = commandAt(words, commands);
      if (["--help", "--version"].includes(words[0])) continue;
      expect(at, line).toBeDefined();
      const known = Object.keys(at?.command.options ?? {}).map((option) => `--${kebabCase(option)}`);
      const plain = line.replaceAll(/'[^']*'|"[^"]*"/g, "");
      for (const [option] of plain.matchAll(/(?<=\s)--[a-z-]+/g)) expect([...known, "--help"], line).toContain(option);
    }
  });
});

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("the documentation", () => {
  it("has each page in its index", () => {
    const index = readPage("docs/README.md");
    for (const name of pages.filter((one) => one !== "README.md")) expect(index, name).toContain(`](${name}`);
  });

  it.each([
    ["reference-commands.md", () => commandsPage(commands)],
    ["reference-scenario.md", scenarioPage],
    ["reference-terms.md", termsPage],
  ])("has a current docs/%s: if not, run npm run schema and commit what it wrote", (name, page) => {
    expect(readPage(`docs/${name}`) === page()).toBe(true);
  });

  it("shows policy, balancer, scenario and library example as they lie in their files", () => {
    const [policy, balancer] = blocksOf(readPage("docs/howto-policy.md"), "ts");
    expect(policy).toBe(readPage("scenarios/own/my-policy.ts"));
    expect(balancer).toBe(readPage("scenarios/own/my-balancer.ts"));
    for (const text of [policy, balancer]) expect(text.trim().split("\n").length).toBeLessThanOrEqual(25);
    expect(filesOf(readPage("docs/examples.md")).get("mm10.yaml")).toBe(readPage("scenarios/mm10.yaml"));
    expect(blocksOf(readPage("docs/library.md"), "js")[0]).toBe(readPage("docs/examples/library/compare-policies.mjs"));
  });
});
