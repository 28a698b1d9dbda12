import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { replayRun } from "../../src/live/replay/replay.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { until } from "./live-bench.js";

/** The address of the gateway or of the manager's API, as `headrace live` prints it. */
const LISTENING = {
  gateway: /gateway on http:\/\/(?:127\.0\.0\.1|\[::1\]):(\d+)/,
  manager: /manager on http:\/\/(?:127\.0\.0\.1|\[::1\]):(\d+)/,
};

/**
 * `headrace live` on a scenario, in a process and a folder of its own. The results are in `out`
 * of that folder, with the run log `run.jsonl`.
 */
export class LiveCommand {
  readonly folder = mkdtempSync(join(tmpdir(), "headrace-live-"));
  readonly scenarioFile = join(this.folder, "live.yaml");
  readonly out = join(this.folder, "out");
  /** Everything on stderr. */
  messages = "";
  /** Everything on stdout. */
  output = "";
  private child: ChildProcess | undefined;
  private gone: Promise<unknown> = Promise.resolve();
  /** The exit code, when the process has ended and all that it wrote is here. */
  ended: Promise<number | null> = Promise.resolve(null);

  constructor(yaml: string) {
    writeFileSync(this.scenarioFile, yaml);
  }

  /** Starts the process; `prefix` is a command that runs it, such as setpriv. */
  start(args: readonly string[] = [], prefix: readonly string[] = []): void {
    const live = ["bin/headrace.js", "live", this.scenarioFile, "--out", this.out, ...args];
    const [program, ...rest] = [...prefix, process.execPath, ...live];
    const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    [this.messages, this.output] = ["", ""];
    child.stdout.on("data", (chunk) => {
      this.output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      this.messages += chunk;
    });
    this.gone = new Promise((resolve) => child.once("exit", resolve));
    this.ended = new Promise((resolve) => child.once("close", resolve));
  }

  /** Starts it as a gateway, and waits until it listens, or has ended. */
  async serve(args: readonly string[] = [], prefix: readonly string[] = []): Promise<void> {
    this.start(["--serve", ...args], prefix);
    // The manager's address is printed after the gateway's.
    await until("the gateway to listen", () => LISTENING.manager.test(this.messages) || this.child?.exitCode !== null);
  }

  /** Runs it to its end; gives the exit code. */
  run(args: readonly string[] = []): Promise<number | null> {
    this.start(args);
    return this.ended;
  }

  get process(): ChildProcess {
    if (this.child === undefined) throw new Error("headrace live was not started");
    return this.child;
  }

  /** The port of the gateway; NaN while it does not listen. */
  get port(): number {
    return Number(LISTENING.gateway.exec(this.messages)?.[1]);
  }

  /** The port of the manager's API; NaN while it does not listen. */
  get managerPort(): number {
    return Number(LISTENING.manager.exec(this.messages)?.[1]);
  }

  /** Ends it by SIGTERM; gives the exit code. */
  stop(): Promise<number | null> {
    this.child?.kill("SIGTERM");
    return this.ended;
  }

  /** The run log; its replay writes the same bytes. */
  replayedLog(): string {
    const text = readFileSync(join(this.out, "run.jsonl"), "utf8");
    const lines: string[] = [];
    const sink = (line: string): void => void lines.push(line);
    replayRun(text.trimEnd().split("\n"), "run.jsonl", () => noUserModules, sink).checkBooks();
    expect(`${lines.join("\n")}\n` === text, "the replay writes the same bytes").toBe(true);
    return text;
  }

  /** Ends what still runs, and removes the folder. */
  async dispose(): Promise<void> {
    this.child?.kill("SIGKILL");
    await this.gone;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
