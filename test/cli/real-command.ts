import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url));
const command = join(root, "bin", "headrace.js");
/** Far above what any of these commands needs: a hang is a fault, and must end the test. */
const HANG_MS = 120_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the real command in a folder, as a user would. */
export function start(
  args: readonly string[],
  cwd: string,
  hangMs = HANG_MS,
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [command, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: hangMs,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, ended };
}

export function run(args: readonly string[], cwd: string, hangMs = HANG_MS): Promise<Ended> {
  return start(args, cwd, hangMs).ended;
}

/** A folder of its own with these files in it, gone when `dispose` is called. */
export class Folder {
  private at = "";

  constructor(private readonly files: Readonly<Record<string, string>> = {}) {
    this.renew();
  }

  get path(): string {
    return this.at;
  }

  /** Takes a new path, with the files of the start. */
  renew(): void {
    this.at = mkdtempSync(join(tmpdir(), "headrace-test-"));
    for (const [name, content] of Object.entries(this.files)) this.write(name, content);
  }

  write(name: string, content: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), content);
  }

  /** Every file in it, by its path. */
  list(): string[] {
    return readdirSync(this.path, { recursive: true, withFileTypes: true, encoding: "utf8" })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.path.length + 1))
      .sort();
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A scenario that runs in a blink; `replace` puts other text in place of some of it. */
export function quickScenario(replace: Readonly<Record<string, string>> = {}): string {
  let text = `name: quick
seed: 7
duration: 20min
traffic: {source: poisson, rate: 1/s}
streams:
  holding: {kind: exponential, mean: 1min}
fleet:
  streamlet: {slots: 8, spawn: {kind: constant, value: 1s}}
  max: 50
policies:
  - {kind: static, count: 10}
`;
  for (const [from, to] of Object.entries(replace)) {
    if (!text.includes(from)) throw new Error(`the quick scenario has no "${from}"`);
    text = text.replace(from, to);
  }
  return text;
}

/** A trace of `count` five-minute bins. */
export function quickTrace(count: number, value: (i: number) => string | number = () => 300): string {
  const rows = Array.from({ length: count }, (_, i) => {
    const at = new Date(Date.UTC(2026, 0, 5) + i * 300_000).toISOString().replace(".000", "");
    return `${at},${value(i)}`;
  });
  return `timestamp,value\n${rows.join("\n")}\n`;
}
