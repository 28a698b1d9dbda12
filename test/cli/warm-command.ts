import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Ended, run } from "./real-command.js";

/** The last characters of stderr that are kept. */
const KEPT = 4000;
const PROCESS = fileURLToPath(new URL("warm-process.mjs", import.meta.url));

/**
 * Runs command lines of the built headrace one after the other in one process: starting one and
 * loading modules is most of what a short command takes (0.4 to 0.9 s of CPU). A test of the
 * process itself (signals, that it ends, its terminal) uses `run`.
 */
export class WarmCommand {
  private child: ChildProcess | undefined;
  private last: Promise<unknown> = Promise.resolve();
  /** What the process itself wrote, beside its commands. */
  private stderr = "";

  constructor(private readonly env: NodeJS.ProcessEnv = process.env) {}

  /** What names a user module runs in a process of its own. */
  async run(words: readonly string[], cwd: string): Promise<Ended> {
    const turn = this.last.then(() => this.ended(words, cwd));
    this.last = turn.catch(() => undefined);
    return (await turn) ?? run(words, cwd);
  }

  dispose(): void {
    this.child?.disconnect();
    this.child = undefined;
  }

  private start(): ChildProcess {
    // No terminal, whatever this process has: commands draw on one.
    // Without the arguments that Vitest gives to Node.
    const child = fork(PROCESS, { stdio: ["ignore", "ignore", "pipe", "ipc"], env: this.env, execArgv: [] });
    child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString("utf8")).slice(-KEPT);
    });
    this.child = child;
    return child;
  }

  private ended(words: readonly string[], cwd: string): Promise<Ended | undefined> {
    const child = this.child ?? this.start();
    return new Promise((resolve, reject) => {
      const lost = (code: number | null): void => {
        this.child = undefined;
        reject(new Error(`headrace ${words.join(" ")}: ended its process with ${code}: ${this.stderr}`));
      };
      child.once("exit", lost);
      child.once("message", (message: { readonly ended?: Ended }) => {
        child.removeListener("exit", lost);
        resolve(message.ended);
      });
      child.send({ words, cwd });
    });
  }
}
