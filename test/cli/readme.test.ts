import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runtimes } from "../live/live-bench.js";
import { Folder, root } from "./real-command.js";

const shell = promisify(execFile);
const readme = readFileSync(join(root, "README.md"), "utf8");
/** A busy machine takes its time. */
const PATIENCE_MS = 300_000;

/** The fenced blocks of a language, without the indentation of a list. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^\\1\`\`\`$`, "gm"))].map(
    ([, indent, text]) => text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );
}

/**
 * A command as it can be run here: by real flags, what takes minutes is made short. `npm ci` is
 * left out (it would take away the modules below the running tests), and so is `npm test`, which is
 * what is running.
 */
function shortened(command: string): string | undefined {
  let text = command.replace("npm ci && ", "");
  if (text === "npm test") return undefined;
  if (text === "npm start")
    return `cd '${root}' && npm start --silent -- --duration 2h --replications 1 --out "$HERE/start"`;
  // It ends at that time of day anyway.
  if (text.includes(" --explain ")) return text;
  if (/^headrace simulate/.test(text))
    text = `${text.replace(/ --replications \d+/, "")} --replications 1 --duration 2h`;
  // Three seconds show that it runs, calibration included; test/cli/twin.test.ts judges its
  // figures. Node streamlets take 40 s of CPU time to calibrate, native ones 5 s.
  if (/^headrace twin/.test(text)) text = text.replace(/ --duration \w+/, ` --duration 3s --runtime ${lightest}`);
  if (text === "headrace validate --quick") text += " --only erlang-c";
  return text;
}

const lightest = runtimes().includes("native") ? "native" : "node";
const folder = new Folder();

beforeAll(() => {
  for (const name of ["scenarios", "traces", "schema"]) symlinkSync(join(root, name), join(folder.path, name));
  mkdirSync(join(folder.path, "bin"));
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${join(root, "bin/headrace.js")}' "$@"\n`;
  writeFileSync(join(folder.path, "bin/headrace"), shim, { mode: 0o755 });
});

afterAll(() => folder.dispose());

describe("each command of the README", () => {
  const commands = blocks("sh").flatMap((block) => block.trim().split("\n"));

  it("is found", () => {
    expect(commands).toEqual(expect.arrayContaining(["npm ci && npm start", "npm ci && npm test"]));
    expect(commands.length).toBeGreaterThan(8);
  });

  it.each(commands)("works: %s", { timeout: PATIENCE_MS }, async (command) => {
    const text = shortened(command);
    if (text === undefined) {
      const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
      expect(scripts.test).toContain("vitest run");
      expect(readFileSync(join(root, ".ci/run"), "utf8")).toMatch(/^npm ci.*\n[\s\S]*^(?:\w+=\d )?npm test$/m);
      return;
    }
    if (text !== command) console.log(`shortened: ${command} → ${text}`);
    const env = { ...process.env, PATH: `${join(folder.path, "bin")}:${process.env.PATH}`, HERE: folder.path };
    await shell("sh", ["-c", text], { cwd: folder.path, env, maxBuffer: 64_000_000 });
  });
});

describe("the README", () => {
  it("names in its commands no file that Git would leave out of a clone", (context) => {
    const named = new Set(blocks("sh").flatMap((block) => block.match(/\b(?:traces|scenarios)\/[\w./-]+/g) ?? []));
    expect(named.size).toBeGreaterThan(4);
    const listed = spawnSync("git", ["ls-files", "--error-unmatch", ...named], { cwd: root, encoding: "utf8" });
    if (!existsSync(join(root, ".git")) || listed.error) {
      console.log("not checked: no Git, or not a clone");
      context.skip();
    }
    expect(listed.stderr).toBe("");
  });

  it("shows a policy and a balancer of at most 25 lines, as they lie in scenarios/own", () => {
    const [policy, balancer] = blocks("ts");
    expect(policy).toBe(readFileSync(join(root, "scenarios/own/my-policy.ts"), "utf8"));
    expect(balancer).toBe(readFileSync(join(root, "scenarios/own/my-balancer.ts"), "utf8"));
    for (const text of [policy, balancer]) expect(text.trim().split("\n").length).toBeLessThanOrEqual(25);
  });

  it("shows the smallest scenario as it lies in scenarios/", () => {
    expect(blocks("yaml")[0]).toBe(readFileSync(join(root, "scenarios/mm10.yaml"), "utf8"));
  });

  it("links to files that are there, and shows a picture of at most 300 kB", () => {
    const targets = [...readme.matchAll(/\]\(([^)#]+)\)/g)]
      .map((match) => match[1])
      .filter((target) => !target.includes("://"));
    expect(targets).toEqual(expect.arrayContaining(["docs/report.png", "LICENSE", "CHANGELOG.md"]));
    for (const target of targets) expect(existsSync(join(root, target)), target).toBe(true);
    const picture = readFileSync(join(root, "docs/report.png"));
    expect(picture.subarray(1, 4).toString()).toBe("PNG");
    expect(statSync(join(root, "docs/report.png")).size).toBeLessThanOrEqual(300_000);
  });
});
