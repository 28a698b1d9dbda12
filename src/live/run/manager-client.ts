import { type ChildProcess, fork } from "node:child_process";
import type { Socket } from "node:net";
import type { StopReason, StreamletId } from "../../ports/fleet.js";
import { compiledEntry, scrubbedEnvironment } from "../machine/launch-command.js";
import type { StreamletListener } from "../manager/streamlet-listener.js";
import { DirectPipes } from "../wire/direct-pipes.js";
import type { FromManager, Hog, ManagerOrders, OperatorRequest, ToManager } from "../wire/messages.js";
import { handOver } from "../wire/socket-handover.js";
import type { StreamOrder } from "../wire/stream-order.js";
import { unopened } from "../wire/stream-report.js";
import type { DataPlane } from "./live-run.js";
import { ManagerSilence } from "./manager-silence.js";
import { type ManagerUp, managerUp } from "./manager-up.js";

/** How long a manager may take to shut down. */
const DOWN_WITHIN_MS = 20_000;
/** The end of a manager that was killed for its silence. */
export const HUNG = "it hung";

/** What a manager reports: its streamlets, operators, itself. */
export interface ManagerListener extends StreamletListener {
  onAsked(request: OperatorRequest): void;
  /** An operator wants another manager process. */
  onRestartWanted?(): void;
  /** Its process ended by itself; each of its streamlets was reported as stopped before. */
  onGone?(how: string): void;
}

/**
 * The gateway's side of the data plane that runs in the manager's process. If the manager ends,
 * every streamlet is reported as stopped.
 */
export class ManagerClient implements DataPlane {
  private readonly known = new Set<StreamletId>();
  /** Sockets not yet sent: Node drops queued ones without closing them if the channel breaks. */
  private readonly handing = new Map<number, () => void>();
  private readonly pipes = new DirectPipes({
    ask: (id, path) => this.send({ kind: "pipe", id, path }),
    onLost: (id, stream) => this.listener.onEnded(id, unopened(stream, "streamlet-gone")),
    onNotice: (line) => this.listener.onNotice?.(line),
  });
  private apiDone: () => void = () => undefined;
  private closing = false;
  private readonly silence: ManagerSilence;

  private constructor(
    private readonly child: ChildProcess,
    private readonly listener: ManagerListener,
    readonly up: ManagerUp,
  ) {
    child.on("message", (message) => {
      this.silence.end();
      this.receive(message as FromManager);
    });
    child.on("exit", (code, signal) => this.lost(signal ?? `exit code ${code}`));
    this.silence = new ManagerSilence(up.pid, (silentMs) => this.killHung(silentMs));
  }

  /** Its end is then dealt with like any other. */
  private killHung(silentMs: number): void {
    const seconds = Math.round(silentMs / 1000);
    this.listener.onNotice?.(`streamlet manager ${this.up.pid}: no heartbeat for ${seconds} s; it is killed`);
    this.child.kill("SIGKILL");
  }

  /** For its /ready. */
  setRoom(hasRoom: boolean): void {
    this.send({ kind: "room", hasRoom });
  }

  /**
   * Starts the manager and waits until it is up. Throws an InputError if it cannot do what was
   * ordered (limits, port).
   */
  static async start(orders: ManagerOrders, listener: ManagerListener): Promise<ManagerClient> {
    const env = scrubbedEnvironment(process.env);
    const child = fork(compiledEntry("./manager/main.js"), [], {
      env,
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.send(orders);
    const up = await managerUp(child, (line) => listener.onNotice?.(line)).catch((error: unknown) => {
      child.kill("SIGKILL");
      throw error;
    });
    child.on("error", () => undefined);
    return new ManagerClient(child, listener, up);
  }

  launch(id: StreamletId, pool: number): void {
    this.known.add(id);
    this.send({ kind: "launch", id, pool });
  }

  open(id: StreamletId, order: StreamOrder, socket: Socket): void {
    if (this.known.has(id) && this.pipes.open(id, order, socket)) return;
    if (this.handOver({ kind: "open", id, order }, order.stream, socket)) return;
    const detail = socket.destroyed ? "client-gone" : "streamlet-gone";
    socket.destroy();
    queueMicrotask(() => this.listener.onEnded(id, unopened(order.stream, detail)));
  }

  private handOver(message: ToManager, stream: number, socket: Socket): boolean {
    if (!this.child.connected) return false;
    const close = handOver(this.child, message, socket, () => this.handing.delete(stream));
    if (close !== undefined) this.handing.set(stream, close);
    return close !== undefined;
  }

  stop(id: StreamletId, reason: StopReason): void {
    this.send({ kind: "stop", id, reason });
  }

  kill(id: StreamletId, reason: StopReason): void {
    this.send({ kind: "kill", id, reason });
  }

  hang(id: StreamletId): void {
    this.send({ kind: "hang", id });
  }

  hog(id: StreamletId, what: Hog): void {
    this.send({ kind: "hog", id, what });
  }

  /**
   * Opens or closes its HTTP API, since the next manager needs the port. Resolves when that is
   * done, or the manager has ended.
   */
  async setApi(listening: boolean): Promise<void> {
    if (!this.child.connected) return;
    const done = new Promise<void>((resolve) => {
      this.apiDone = resolve;
      this.child.once("exit", () => resolve());
    });
    this.send({ kind: "api", listening });
    await done;
  }

  /** Ends the manager and all streamlets. */
  async shutDown(): Promise<void> {
    this.closing = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.send({ kind: "shut-down" });
    const overdue = setTimeout(() => this.child.kill("SIGKILL"), DOWN_WITHIN_MS);
    await gone;
    clearTimeout(overdue);
  }

  private send(message: ToManager): void {
    if (this.child.connected) this.child.send(message, () => undefined);
    // A launch by a manager that has ended fails; the failure is not reported from inside the
    // call.
    else if (message.kind === "launch")
      queueMicrotask(() => this.reportStopped(message.id, "spawn-failed", "no manager", []));
  }

  private receive(message: FromManager): void {
    switch (message.kind) {
      case "ready":
        this.listener.onReady(message.id);
        return;
      case "ended":
        this.pipes.onEnded(message.id, message.report.stream);
        this.listener.onEnded(message.id, message.report);
        return;
      case "pipe":
        this.pipes.listens(message.id);
        return;
      case "beats":
        for (const [id, beat] of message.beats) this.listener.onBeat(id, beat);
        return;
      case "stopped":
        this.reportStopped(message.id, message.reason, message.detail, message.lost);
        return;
      case "asked":
        this.listener.onAsked({ ask: message.ask, id: message.id });
        return;
      case "notice":
        this.listener.onNotice?.(message.line);
        return;
      case "restart-wanted":
        this.listener.onRestartWanted?.();
        return;
      case "api-done":
        this.apiDone();
        return;
      default:
        return;
    }
  }

  private lost(signal: string): void {
    this.silence.close();
    const how = this.silence.isHung ? HUNG : signal;
    for (const close of this.handing.values()) close();
    this.handing.clear();
    if (this.closing) {
      this.pipes.close();
      return;
    }
    // For the control plane this is a failure of the host: no streamlet or stream caused it.
    for (const id of Array.from(this.known)) this.reportStopped(id, "host-failed", `its manager ended: ${how}`, []);
    this.pipes.close();
    this.listener.onGone?.(how);
  }

  private reportStopped(id: StreamletId, reason: StopReason, detail: string, lost: readonly number[]): void {
    this.known.delete(id);
    this.listener.onStopped(id, reason, detail, [...lost, ...this.pipes.forget(id)]);
  }
}
