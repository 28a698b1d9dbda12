import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import type { StopReason } from "../../ports/fleet.js";
import type { Cage } from "../limits/limits.js";
import type { Beat, FromStreamlet, Hog, StreamOrder, StreamReport, ToStreamlet } from "../wire/messages.js";
import { handOver } from "../wire/socket-handover.js";

/** The last words of a process that are kept to explain its end. */
const STDERR_KEPT = 4096;
/** A channel that outlives its process (something it started holds it) is not waited for longer. */
const CHANNEL_DRAIN_MS = 200;
/** How the native program ends when it is given no memory (native/process.h). */
const OUT_OF_MEMORY_CODE = 71;
/** V8 says this before it aborts. */
const HEAP_EXHAUSTED = /heap out of memory|Allocation failed/;

/** The kernel ends so what does that no streamlet does (native/syscalls.c). */
const FORBIDDEN_CALL = "SIGSYS: a system call that no streamlet makes; it may have been taken over";

/** What a process tells of itself. */
export interface ProcessListener {
  onReady(process: StreamletProcess): void;
  onBeat(process: StreamletProcess, beat: Beat): void;
  onEnded(process: StreamletProcess, report: StreamReport): void;
  /** It listens for its gateway. */
  onLine(process: StreamletProcess): void;
  /** It is gone; told exactly once. `lost` are the streams that it still carried. */
  onGone(process: StreamletProcess, reason: StopReason, detail: string, lost: readonly number[]): void;
}

/**
 * One streamlet process, from spawn to exit, and the verdict on its end: told apart are an end that
 * was asked for, a hang (no heartbeat), memory (the kernel's count of its group, V8's last words,
 * or the native program's exit code), a spawn that never became ready, and a crash (all else).
 */
export class StreamletProcess {
  ready = false;
  lastBeatMs: number;
  lastBeat: Beat | undefined;
  /** Streams handed to it and not reported as ended. */
  readonly carried = new Set<number>();
  /** Sockets on their way: Node forgets those that still queue when the channel breaks. */
  private readonly handing = new Map<number, () => void>();
  private stopping: StopReason | undefined;
  private gone = false;
  private stderr = "";
  private spawnError = "";

  constructor(
    readonly id: number,
    readonly child: ChildProcess,
    /** By a zygote: then its number comes with its first words. */
    readonly forked: boolean,
    readonly cage: Cage,
    private readonly listener: ProcessListener,
    readonly startedMs: number,
  ) {
    this.lastBeatMs = startedMs;
    this.child.on("message", (message) => this.receive(message as FromStreamlet));
    this.child.on("error", (error) => this.fail(error));
    this.child.on("exit", (code, signal) => this.exited(code, signal));
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString("latin1")).slice(-STDERR_KEPT);
    });
    // Writing to a process that has just died: 'exit' says it better.
    this.child.stderr?.on("error", () => undefined);
    if (child.pid !== undefined && !cage.attach(child.pid)) this.kill("spawn-failed");
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Hands a stream and its socket over; false if the socket or the process is gone. */
  open(order: StreamOrder, socket: Socket): boolean {
    if (!this.child.connected) return false;
    const message: ToStreamlet = { kind: "open", ...order };
    const close = handOver(this.child, message, socket, () => this.handing.delete(order.stream));
    if (close === undefined) return false;
    this.handing.set(order.stream, close);
    this.carried.add(order.stream);
    return true;
  }

  close(stream: number): void {
    this.send({ kind: "close", stream });
  }

  /** SIGSTOP. */
  stopInItsTracks(): void {
    if (!this.gone) this.child.kill("SIGSTOP");
  }

  hog(what: Hog): void {
    this.send({ kind: "hog", what });
  }

  listenAt(path: string): void {
    this.send({ kind: "line", path });
  }

  /** Asks an empty process to end. */
  exit(reason: StopReason): void {
    this.stopping ??= reason;
    this.send({ kind: "exit" });
  }

  /** Ends it at once. */
  kill(reason: StopReason): void {
    this.stopping ??= reason;
    this.child.kill("SIGKILL");
  }

  private send(message: ToStreamlet): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private receive(message: FromStreamlet): void {
    if (this.gone) return;
    if (message.kind === "ready") {
      if (this.forked && !this.cage.attach(message.pid)) {
        this.kill("spawn-failed");
        return;
      }
      this.ready = true;
      this.cage.onReady();
      this.listener.onReady(this);
    } else if (message.kind === "beat") this.listener.onBeat(this, message);
    else if (message.kind === "line") this.listener.onLine(this);
    else {
      this.carried.delete(message.stream);
      const { kind: _, ...report } = message;
      this.listener.onEnded(this, report);
    }
  }

  private fail(error: NodeJS.ErrnoException): void {
    // The same event reports a failed kill or send; only a process that never was gets no 'exit'.
    if (this.forked || this.child.pid !== undefined) return;
    this.spawnError = `spawn failed: ${error.code ?? error.message}`;
    this.finish(null, null);
  }

  /** What it said last may still be in the channel: its end is told when that has been read. */
  private exited(code: number | null, signal: NodeJS.Signals | null): void {
    const finish = (): void => this.finish(code, signal);
    if (!this.child.connected) {
      finish();
      return;
    }
    const patience = setTimeout(finish, CHANNEL_DRAIN_MS);
    this.child.once("disconnect", () => {
      clearTimeout(patience);
      finish();
    });
  }

  private finish(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.gone) return;
    this.gone = true;
    for (const close of this.handing.values()) close();
    this.handing.clear();
    const memoryKills = this.cage.memoryKills();
    this.cage.close();
    const heap = HEAP_EXHAUSTED.test(this.stderr) || code === OUT_OF_MEMORY_CODE;
    const how =
      this.spawnError ||
      (signal === "SIGSYS" ? FORBIDDEN_CALL : signal) ||
      (code === null ? "its channel closed" : `exit code ${code}`);
    const words = this.stderr.trim().split("\n").at(-1) ?? "";
    const lost = Array.from(this.carried);
    this.carried.clear();
    this.listener.onGone(this, this.verdict(memoryKills > 0 || heap), words === "" ? how : `${how}: ${words}`, lost);
  }

  private verdict(outOfMemory: boolean): StopReason {
    if (this.stopping !== undefined) return this.stopping;
    if (outOfMemory) return "out-of-memory";
    return this.ready ? "crashed" : "spawn-failed";
  }
}
