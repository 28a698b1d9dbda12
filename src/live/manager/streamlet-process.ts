import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import type { StopReason } from "../../ports/fleet.js";
import type { Cage } from "../limits/limits.js";
import { signalOfExit } from "../machine/bubblewrap.js";
import type { Beat, FromStreamlet, Hog, ToStreamlet } from "../wire/messages.js";
import { handOver } from "../wire/socket-handover.js";
import type { StreamOrder } from "../wire/stream-order.js";
import type { StreamReport } from "../wire/stream-report.js";
import { timeoutAfterReading } from "./reading-timeout.js";
import type { StartedBy } from "./streamlet-starter.js";

/** The last characters on stderr that are kept to explain the end of a process. */
const STDERR_KEPT = 4096;
/**
 * A channel may outlive its process, if a child of the process holds it. It is not waited for
 * longer than this.
 */
const CHANNEL_DRAIN_MS = 200;
/** Exit code of the native program if an allocation fails (native/process.h). */
const OUT_OF_MEMORY_CODE = 71;
/** V8 writes this before it aborts. */
const HEAP_EXHAUSTED = /heap out of memory|Allocation failed/;

/** The kernel kills a process that makes a system call outside its filter (native/syscalls.c). */
const FORBIDDEN_CALL = "SIGSYS: a system call that no streamlet makes; it may have been taken over";

/** Events of a process. */
export interface ProcessListener {
  onReady(process: StreamletProcess): void;
  onBeat(process: StreamletProcess, beat: Beat): void;
  onEnded(process: StreamletProcess, report: StreamReport): void;
  /** It listens for its gateway. */
  onPipe(process: StreamletProcess): void;
  /** The process has ended; called exactly once. `lost` are the streams that it still carried. */
  onGone(process: StreamletProcess, reason: StopReason, detail: string, lost: readonly number[]): void;
}

/** A process that was just started. */
export interface StartedProcess {
  readonly id: number;
  readonly child: ChildProcess;
  /** If a zygote forked it, its process id comes with its first message. */
  readonly by: StartedBy;
  readonly cage: Cage;
  readonly startedMs: number;
}

/**
 * One streamlet process, from spawn to exit, and the reason of its end: an ordered end, a hang
 * (no heartbeat), out of memory (the kernel's count of its group, V8's message, or the native
 * program's exit code), a spawn that never became ready, or else a crash.
 */
export class StreamletProcess {
  /** "failed": it ended before it was ready. */
  private state: "starting" | "ready" | "failed" | "ended" = "starting";
  readonly id: number;
  readonly child: ChildProcess;
  readonly startedBy: StartedBy;
  readonly cage: Cage;
  readonly startedMs: number;
  lastBeatMs: number;
  lastBeat: Beat | undefined;
  /** Streams handed to it and not reported as ended. */
  readonly carried = new Set<number>();
  /** Sockets not yet sent: Node drops queued ones without closing them if the channel breaks. */
  private readonly handing = new Map<number, () => void>();
  /** Why it was asked to end, once it was. */
  private askedToEnd: StopReason | undefined;
  /** In a sandbox, once it is known. */
  private innerPid: number | undefined;
  private stderr = "";
  private spawnError = "";

  constructor(
    { id, child, by, cage, startedMs }: StartedProcess,
    private readonly listener: ProcessListener,
  ) {
    this.id = id;
    this.child = child;
    this.startedBy = by;
    this.cage = cage;
    this.startedMs = startedMs;
    this.lastBeatMs = startedMs;
    this.child.on("message", (message) => this.receive(message as FromStreamlet));
    this.child.on("error", (error) => this.fail(error));
    this.child.on("exit", (code, signal) => this.exited(code, signal));
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString("latin1")).slice(-STDERR_KEPT);
    });
    // A process that has just died: 'exit' follows.
    this.child.stderr?.on("error", () => undefined);
    if (by === "manager" && child.pid !== undefined && !cage.attach(child.pid)) this.kill("spawn-failed");
  }

  /** The streamlet's own number; bubblewrap's is another. */
  get pid(): number | undefined {
    return this.innerPid ?? this.child.pid;
  }

  /** It is ready, or was until it ended. */
  get becameReady(): boolean {
    return this.state === "ready" || this.state === "ended";
  }

  private get isGone(): boolean {
    return this.state === "failed" || this.state === "ended";
  }

  /**
   * Hands a stream and its socket over; false if the socket is closed or the process has ended.
   */
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
    if (this.isGone) return;
    if (this.innerPid === undefined) this.child.kill("SIGSTOP");
    else stop(this.innerPid);
  }

  hog(what: Hog): void {
    this.send({ kind: "hog", what });
  }

  listenAt(path: string): void {
    this.send({ kind: "pipe", path });
  }

  /** Asks an empty process to end. */
  exit(reason: StopReason): void {
    this.askedToEnd ??= reason;
    this.send({ kind: "exit" });
  }

  /** Ends it at once. */
  kill(reason: StopReason): void {
    this.askedToEnd ??= reason;
    this.child.kill("SIGKILL");
  }

  private send(message: ToStreamlet): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private receive(message: FromStreamlet): void {
    if (this.isGone) return;
    if (message.kind === "ready") {
      if (this.startedBy !== "manager" && !this.cage.attach(message.pid)) {
        this.kill("spawn-failed");
        return;
      }
      if (this.startedBy === "sandbox") this.innerPid = message.pid;
      this.state = "ready";
      this.cage.onReady();
      this.listener.onReady(this);
    } else if (message.kind === "beat") this.listener.onBeat(this, message);
    else if (message.kind === "pipe") this.listener.onPipe(this);
    else {
      this.carried.delete(message.stream);
      const { kind: _, ...report } = message;
      this.listener.onEnded(this, report);
    }
  }

  private fail(error: NodeJS.ErrnoException): void {
    // The same event reports a failed kill or send. Only a process that never started emits no
    // 'exit'.
    if (this.startedBy === "maker" || this.child.pid !== undefined) return;
    this.spawnError = `spawn failed: ${error.code ?? error.message}`;
    this.finish(null, null);
  }

  /** Its last messages may still be in the channel: its end is reported after them. */
  private exited(code: number | null, signal: NodeJS.Signals | null): void {
    const inner = this.startedBy === "sandbox" ? signalOfExit(code) : null;
    const finish = (): void => (inner === null ? this.finish(code, signal) : this.finish(null, inner));
    if (!this.child.connected) {
      finish();
      return;
    }
    const cancel = timeoutAfterReading(CHANNEL_DRAIN_MS, finish);
    this.child.once("disconnect", () => {
      cancel();
      finish();
    });
  }

  private finish(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.isGone) return;
    this.state = this.becameReady ? "ended" : "failed";
    for (const close of this.handing.values()) close();
    this.handing.clear();
    const memoryKills = this.cage.memoryKills();
    this.cage.close();
    const isOutOfMemory = memoryKills > 0 || HEAP_EXHAUSTED.test(this.stderr) || code === OUT_OF_MEMORY_CODE;
    const how =
      this.spawnError ||
      (signal === "SIGSYS" ? FORBIDDEN_CALL : signal) ||
      (code === null ? "its channel closed" : `exit code ${code}`);
    const message = this.stderr.trim().split("\n").at(-1) ?? "";
    const lost = Array.from(this.carried);
    this.carried.clear();
    const reason = this.askedToEnd ?? (isOutOfMemory ? "out-of-memory" : this.becameReady ? "crashed" : "spawn-failed");
    this.listener.onGone(this, reason, message === "" ? how : `${how}: ${message}`, lost);
  }
}

function stop(pid: number): void {
  try {
    process.kill(pid, "SIGSTOP");
  } catch {
    // It has just ended.
  }
}
