import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { quickProfile } from "./quick-profile.js";
import { Folder, root } from "./real-command.js";
import type { WarmCommand } from "./warm-command.js";

const shell = promisify(execFile);

/** The fenced blocks of a page in some languages, without the indentation of a list. */
export function blocksOf(page: string, ...languages: readonly string[]): string[] {
  const fence = new RegExp(`^( *)\`\`\`(?:${languages.join("|")})\\n([\\s\\S]*?)^\\1\`\`\`$`, "gm");
  return [...page.matchAll(fence)].map(([, indent, text]) => text.replaceAll(new RegExp(`^${indent}`, "gm"), ""));
}

/** The lines of blocks of the shell, in their order. */
export function commandsOf(page: string, ...languages: readonly string[]): string[] {
  return blocksOf(page, ...(languages.length === 0 ? ["sh"] : languages)).flatMap((block) => block.trim().split("\n"));
}

/** Blocks whose first line is a comment with a file's name and nothing else are that file. */
export function filesOf(page: string): Map<string, string> {
  const blocks = page.matchAll(/^```(?:yaml|js)\n(?:#|\/\/) ([\w.-]+)\n([\s\S]*?)^```$/gm);
  return new Map(Array.from(blocks, ([, name, text]) => [name, text]));
}

/**
 * A command as it can be run here: with real flags, but long work shortened. Undefined for
 * commands that install packages, and for `npm test`, which is running already.
 */
function shortened(command: string): string | undefined {
  let text = command.replace("npm ci && ", "");
  if (text === "npm test" || /^npm (?:init|install) |^export PATH=/.test(text)) return undefined;
  if (text === "npm start")
    return `cd '${root}' && npm start --silent -- --duration 2h --replications 1 --out "$HERE/start"`;
  // It ends at that time of day anyway.
  if (text.includes(" --explain ")) return text;
  // Files that a page makes are short, except the tutorial's day.
  if (/^headrace simulate (?:scenarios\/|tutorial|crashes|mm10)/.test(text) && !/--duration/.test(text))
    text = `${text.replace(/ --replications \d+/, "")} --replications 1 --duration 2h`;
  // Seconds show that it runs; test/cli/twin.test.ts judges its figures, and the tests of
  // calibrate its first measurement.
  if (/^headrace twin/.test(text)) text = `${text.replace(/ --duration \w+/, "")} --duration 2s --profile machine.json`;
  if (/^headrace live live.yaml/.test(text)) text += " --duration 2s";
  if (text === "headrace validate --quick") text += " --only setup-1-constant";
  return text;
}

/** What may follow a command line that needs no shell: its output goes to a file, or 1 is fine. */
const ENDING = / (?:> ([\w.-]+)|\|\| test \$\? -eq 1)$/;
/** A command line that needs no shell, and no process of its own. */
const PLAIN = /^headrace (?:[^\s'"`$\\|&;<>#*?]|'[^']*'|"[^"`$\\]*"| )+$/;
/** Commands that start other processes. */
const OWN_PROCESS = /^headrace (?:live|twin)\b/;

/** The words of a command line, without `headrace` and their quotation marks. */
function wordsOf(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return words.slice(1).map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, "$1$2"));
}

/** A folder in which `headrace` is on the path, and the examples that ship lie beside. */
export class DocFolder extends Folder {
  /** `warm` runs commands that need no process of their own. */
  constructor(private readonly warm?: WarmCommand) {
    super();
    for (const name of ["scenarios", "traces", "schema"]) symlinkSync(join(root, name), join(this.path, name));
    mkdirSync(join(this.path, "bin"));
    const shim = `#!/bin/sh\nexec '${process.execPath}' '${join(root, "bin/headrace.js")}' "$@"\n`;
    writeFileSync(join(this.path, "bin/headrace"), shim, { mode: 0o755 });
    this.write("machine.json", JSON.stringify(quickProfile));
    mkdirSync(join(this.path, "node_modules"));
    symlinkSync(root, join(this.path, "node_modules/headrace"));
  }

  /** Runs a command of a page, shortened; rejects where it fails. */
  async run(command: string): Promise<void> {
    const text = shortened(command);
    if (text === undefined) return;
    if (text !== command) console.log(`shortened: ${command} → ${text}`);
    const [ending, output] = ENDING.exec(text) ?? [""];
    const plain = text.slice(0, text.length - ending.length);
    if (this.warm !== undefined && PLAIN.test(plain) && !OWN_PROCESS.test(plain)) {
      const { code, stdout, stderr } = await this.warm.run(wordsOf(plain), this.path);
      const mayBeOne = ending !== "" && output === undefined;
      if (code !== 0 && !(mayBeOne && code === 1)) throw new Error(`${text}: exit code ${code}: ${stderr}`);
      if (output !== undefined) this.write(output, stdout);
      return;
    }
    const path = `${join(this.path, "bin")}:${process.env.PATH}`;
    const env = { ...process.env, GITHUB_ACTIONS: "", PATH: path, HERE: this.path };
    await shell("sh", ["-c", text], { cwd: this.path, env, maxBuffer: 64_000_000 });
  }
}

export function readPage(name: string): string {
  return readFileSync(join(root, name), "utf8");
}
