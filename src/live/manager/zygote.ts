// The manager's side of the process that starts the C streamlets of one class: a zygote, which
// keeps loaded processes forked in advance, or a launcher, which executes the program for each. A
// spawn by the manager itself blocks it for 1 to 6 ms; a connect() to such a process takes 0.2 ms.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { makeRuntimeFolder, type RuntimeFolder } from "../machine/runtime-folder.js";
import { type AdoptedChild, adopter } from "./adopted-child.js";
import { timeoutAfterReading } from "./reading-timeout.js";

/**
 * A zygote that forks nothing for this long hangs; a fork takes 0.3 ms. It is killed, and its
 * streamlets continue.
 */
const FORK_WITHIN_MS = 5000;
/**
 * The zygote reports a streamlet's exit status shortly before or after the streamlet's channel
 * closes. After this time the status counts as unknown.
 */
const VERDICT_WITHIN_MS = 200;
/**
 * A zygote that ends is started again after 100, 200, 400 … ms, at most this often.
 */
const MAX_RESTARTS = 6;
const RESTART_MS = 100;
/** Ends of streamlets whose process ids are not known yet. */
const MAX_UNCLAIMED = 64;
const FOLDER = "headrace-zygote-";

/** By its name in the program's arguments (native/zygote.c). */
export type MakerKind = "zygote" | "launcher";

type FromZygote =
  | { readonly kind: "ready" }
  | { readonly kind: "gone"; readonly pid: number; readonly code: number; readonly signal: number };

/** As seen by an operator. */
export interface ZygoteView {
  readonly kind: MakerKind;
  readonly state: "starting" | "up" | "down" | "given-up" | "closed";
  readonly pid: number | undefined;
  /** Streamlets forked, including those of its predecessors. */
  readonly forked: number;
  readonly restarts: number;
  /** Why the last zygote ended. */
  readonly reason: string;
}

/**
 * Forks streamlets while the zygote is up. Otherwise `fork` returns undefined and the caller
 * spawns them.
 */
export class Zygote {
  private process: ChildProcess | undefined;
  private folder: RuntimeFolder | undefined;
  private socketPath = "";
  private adopt: ((socketPath: string) => AdoptedChild) | undefined;
  private state: ZygoteView["state"] = "starting";
  private forked = 0;
  private restarts = 0;
  private reason = "";
  private restart: NodeJS.Timeout | undefined;
  private begin: () => void = () => undefined;
  /** Resolves when it is up for the first time, or has failed to start. */
  readonly begun = new Promise<void>((resolve) => {
    this.begin = resolve;
  });
  private readonly children = new Map<number, AdoptedChild>();
  private readonly unclaimed = new Map<number, FromZygote & { kind: "gone" }>();

  constructor(
    private readonly kind: MakerKind,
    /** Without its kind and the socket's path, which come last. */
    private readonly command: readonly string[],
    private readonly env: NodeJS.ProcessEnv,
    /** Gets a line for people when it goes down or comes up again. */
    private readonly onNotice: (line: string) => void,
  ) {
    this.start();
  }

  view(): ZygoteView {
    const { kind, state, forked, restarts, reason } = this;
    return { kind, state, pid: this.process?.pid, forked, restarts, reason };
  }

  /** A streamlet that is starting; undefined if the maker cannot make one. */
  fork(): ChildProcess | undefined {
    if (this.state !== "up") return undefined;
    if (!existsSync(this.socketPath)) {
      this.fail(`its socket ${this.socketPath} has gone`);
      return undefined;
    }
    let adopted: AdoptedChild;
    try {
      this.adopt ??= adopter();
      adopted = this.adopt(this.socketPath);
    } catch (error) {
      this.giveUp(`this Node cannot adopt what it did not spawn (${error instanceof Error ? error.message : error})`);
      return undefined;
    }
    this.forked++;
    const { child } = adopted;
    const cancel = timeoutAfterReading(FORK_WITHIN_MS, () =>
      this.fail(`it forked nothing within ${FORK_WITHIN_MS} ms`),
    );
    child.once("message", (first) => {
      cancel();
      this.claim((first as { pid: number }).pid, adopted);
    });
    child.once("disconnect", () => {
      cancel();
      if (adopted.dismissed || this.process === undefined) this.forget(adopted);
      else timeoutAfterReading(VERDICT_WITHIN_MS, () => this.forget(adopted));
    });
    return child;
  }

  /** Ends the zygote, after its streamlets. Resolves when its process has ended. */
  async close(): Promise<void> {
    this.state = "closed";
    clearTimeout(this.restart);
    const { process: target } = this;
    if (target === undefined) return;
    const gone = new Promise((resolve) => target.once("exit", resolve));
    if (target.connected) target.disconnect();
    const overdue = setTimeout(() => target.kill("SIGKILL"), VERDICT_WITHIN_MS);
    await gone;
    clearTimeout(overdue);
  }

  private start(): void {
    this.state = "starting";
    try {
      this.folder = makeRuntimeFolder(FOLDER);
      this.socketPath = join(this.folder.path, "s");
    } catch (error) {
      this.giveUp(error instanceof Error ? error.message : String(error));
      return;
    }
    const command = [...this.command, `--${this.kind}`, this.socketPath];
    const target = spawn(command[0], command.slice(1), { stdio: ["ignore", "ignore", "pipe", "ipc"], env: this.env });
    this.process = target;
    let words = "";
    target.stderr?.on("data", (chunk: Buffer) => {
      words = (words + chunk.toString("latin1")).slice(-400);
    });
    target.stderr?.on("error", () => undefined);
    target.on("message", (message) => this.receive(message as FromZygote));
    target.on("error", (error) => target.pid === undefined && this.ended(target, error.message));
    target.on("exit", (code, signal) => {
      const last = words.trim().split("\n").at(-1) ?? "";
      this.ended(target, `${signal ?? `exit code ${code}`}${last === "" ? "" : `: ${last}`}`);
    });
  }

  private receive(message: FromZygote): void {
    if (message.kind === "ready") {
      if (this.state !== "starting") return;
      this.state = "up";
      this.begin();
      if (this.restarts > 0) this.onNotice(`${this.kind}: up again`);
      return;
    }
    const adopted = this.children.get(message.pid);
    if (adopted !== undefined) this.reportExit(adopted, message);
    else if (this.unclaimed.size < MAX_UNCLAIMED) this.unclaimed.set(message.pid, message);
  }

  private claim(pid: number, adopted: AdoptedChild): void {
    adopted.named(pid);
    const end = this.unclaimed.get(pid);
    this.unclaimed.delete(pid);
    if (end === undefined) this.children.set(pid, adopted);
    else this.reportExit(adopted, end);
  }

  private reportExit(
    adopted: AdoptedChild,
    { pid, code, signal }: { pid: number; code: number; signal: number },
  ): void {
    this.children.delete(pid);
    const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
    adopted.exited(name === undefined ? code : null, (name as NodeJS.Signals | undefined) ?? null);
  }

  /** Its channel has closed without a report of how it ended. */
  private forget(adopted: AdoptedChild): void {
    if (adopted.child.pid !== undefined && this.children.get(adopted.child.pid) === adopted)
      this.children.delete(adopted.child.pid);
    adopted.exited(null, null);
  }

  private fail(reason: string): void {
    this.reason = reason;
    this.state = "down";
    this.process?.kill("SIGKILL");
  }

  private ended(target: ChildProcess, how: string): void {
    if (this.process !== target) return;
    this.begin();
    this.process = undefined;
    this.unclaimed.clear();
    this.folder?.close();
    this.folder = undefined;
    if (this.state === "closed" || this.state === "given-up") return;
    this.reason = this.state === "down" ? this.reason : how;
    if (this.restarts === MAX_RESTARTS) {
      this.giveUp(this.reason);
      return;
    }
    this.state = "down";
    const afterMs = RESTART_MS << this.restarts;
    this.restarts++;
    this.onNotice(
      `${this.kind}: down (${this.reason}); streamlets are spawned directly, the next one comes in ${afterMs} ms`,
    );
    this.restart = setTimeout(() => this.start(), afterMs);
  }

  private giveUp(reason: string): void {
    this.state = "given-up";
    this.begin();
    this.reason = reason;
    this.process?.kill("SIGKILL");
    this.onNotice(`${this.kind}: given up (${reason}); streamlets are spawned directly`);
  }
}
