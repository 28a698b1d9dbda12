import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import { type Ended, run } from "./real-command.js";

/** The last characters of stderr that are kept. */
const KEPT = 4000;
const PROCESS = fileURLToPath(new URL("warm-process.mjs", import.meta.url));

/**
 * Where commands with a user module run: each in a process of its own ("apart"), or here, which
 * locks the built-ins of this process, or in another warm process that takes them. A warm process
 * has no guard (a module that ends it makes the test fail), and loads a module's file only once.
 */
type ModuleHome = "apart" | "here" | WarmCommand;

/**
 * Runs command lines of the built headrace one after the other in one process. Starting a process
 * and loading modules is most of the time of a short command (0.4 to 0.9 s of CPU). A test of the
 * process itself (signals, exit, terminal) uses `run`.
 */
export class WarmCommand {
  private child: ChildProcess | undefined;
  private last: Promise<unknown> = Promise.resolve();
  /** Output of the process itself, outside its commands. */
  private stderr = "";

  constructor(
    private readonly env: NodeJS.ProcessEnv = process.env,
    private readonly modules: ModuleHome = "apart",
  ) {}

  async run(words: readonly string[], cwd: string): Promise<Ended> {
    const turn = this.last.then(() => this.ended(words, cwd));
    this.last = turn.catch(() => undefined);
    return (await turn) ?? (this.modules instanceof WarmCommand ? this.modules.run(words, cwd) : run(words, cwd));
  }

  dispose(): void {
    this.child?.disconnect();
    this.child = undefined;
  }

  private start(): ChildProcess {
    // No terminal, even if this process has one, since commands draw on it. Without the arguments
    // that Vitest gives to Node.
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
      child.send({ words, cwd, takesModules: this.modules === "here" });
    });
  }
}

/** A process for the commands of the calling file. It ends with the file's last test. */
export function warmCommand(env?: NodeJS.ProcessEnv, modules?: ModuleHome): WarmCommand {
  const warm = new WarmCommand(env, modules);
  afterAll(() => warm.dispose());
  return warm;
}
