// Starts, watches and ends real processes, and makes no decision. Its orders come from the fleet
// (process-fleet.ts), in this process or through the manager's. Each of its reports becomes one
// injected event.
import type { Socket } from "node:net";
import { availableParallelism } from "node:os";
import type { StopReason, StreamletId } from "../../ports/fleet.js";
import { CappedProxy } from "../limits/capped-proxy.js";
import type { Limiter } from "../limits/limiter.js";
import type { Cage } from "../limits/limits.js";
import type { Beat, Hog } from "../wire/messages.js";
import type { HostTimes, ProcessClass } from "../wire/process-class.js";
import type { StreamOrder } from "../wire/stream-order.js";
import { type StreamReport, unopened } from "../wire/stream-report.js";
import { type Entry, type ProcessView, processOf, viewOf } from "./process-view.js";
import { SilenceWatch } from "./silence-watch.js";
import type { StreamletListener } from "./streamlet-listener.js";
import { type ProcessListener, StreamletProcess } from "./streamlet-process.js";
import { StreamletStarter } from "./streamlet-starter.js";
import type { ZygoteView } from "./zygote.js";

/** Starts, watches and ends streamlet processes. */
export class ProcessHost implements ProcessListener {
  private readonly entries = new Map<StreamletId, Entry>();
  /**
   * Launches that wait: with more starts at once than cores, all of them and the streams get
   * slower (32 at once: 243 ms each).
   */
  private readonly queue: Entry[] = [];
  private proxy: CappedProxy | undefined;
  private starting = 0;
  private readonly startsAtOnce = availableParallelism();
  private readonly watch: SilenceWatch;
  private closing: (() => void) | undefined;
  private readonly starter: StreamletStarter;

  constructor(
    private readonly classes: readonly ProcessClass[],
    private readonly limiter: Limiter,
    private readonly times: HostTimes,
    private readonly listener: StreamletListener,
  ) {
    this.starter = new StreamletStarter(classes, limiter, times, (line) => listener.onNotice?.(line));
    this.watch = new SilenceWatch(times, () => this.running());
  }

  get size(): number {
    return this.entries.size;
  }

  /**
   * Resolves when streamlets start by their usual method: earlier launches are spawned directly.
   */
  prepared(): Promise<void> {
    return this.starter.prepared();
  }

  launch(id: StreamletId, pool: number): void {
    const entry: Entry = { id, pool, askedMs: performance.now(), stage: { is: "queued", direct: false } };
    this.entries.set(id, entry);
    this.queue.push(entry);
    this.startNext();
  }

  /**
   * Hands a stream over. If that fails, the stream is reported as interrupted (or the client as
   * gone).
   */
  open(id: StreamletId, order: StreamOrder, socket: Socket): void {
    const { bitsPerSecond } = this.classes[this.entries.get(id)?.pool ?? 0].limits;
    if (this.isProxied(bitsPerSecond)) void this.openProxied(id, order, socket, bitsPerSecond);
    else this.handOver(id, order, socket);
  }

  /** Lets the gateway hand streams to it directly, unless their bytes must pass this process. */
  pipe(id: StreamletId, path: string): void {
    const entry = this.entries.get(id);
    if (entry !== undefined && !this.isProxied(this.classes[entry.pool].limits.bitsPerSecond))
      processOf(entry)?.listenAt(path);
  }

  private isProxied(bitsPerSecond: number): boolean {
    return this.limiter.enforced.network === "userspace" && bitsPerSecond !== Number.POSITIVE_INFINITY;
  }

  private async openProxied(id: StreamletId, order: StreamOrder, client: Socket, bitsPerSecond: number): Promise<void> {
    this.proxy ??= new CappedProxy();
    const inner = await this.proxy.inner(client, id, bitsPerSecond);
    if (inner === undefined) this.refuse(id, order.stream, "client-gone");
    else this.handOver(id, order, inner);
  }

  private handOver(id: StreamletId, order: StreamOrder, socket: Socket): void {
    const target = processOf(this.entries.get(id));
    if (target?.open(order, socket) === true) return;
    const detail = socket.destroyed ? "client-gone" : "streamlet-gone";
    socket.destroy();
    this.refuse(id, order.stream, detail);
  }

  /** A stream whose socket was lost on its way here, or whose streamlet. */
  refuse(id: StreamletId, stream: number, detail: "client-gone" | "streamlet-gone" = "client-gone"): void {
    queueMicrotask(() => this.listener.onEnded(id, unopened(stream, detail)));
  }

  close(id: StreamletId, stream: number): void {
    processOf(this.entries.get(id))?.close(stream);
  }

  /** An injected fault: the process is stopped, and reports nothing. */
  hang(id: StreamletId): void {
    processOf(this.entries.get(id))?.stopInItsTracks();
  }

  hog(id: StreamletId, what: Hog): void {
    processOf(this.entries.get(id))?.hog(what);
  }

  /** Ends a streamlet that carries nothing: gently, then by force. */
  stop(id: StreamletId, reason: StopReason): void {
    const entry = this.entries.get(id);
    if (entry === undefined || entry.stage.is === "stopping") return;
    if (entry.stage.is === "queued") {
      this.queue.splice(this.queue.indexOf(entry), 1);
      this.entries.delete(id);
      queueMicrotask(() => this.reportStopped(id, reason, "never started", []));
      return;
    }
    const { process: target } = entry.stage;
    entry.stage = { is: "stopping", process: target };
    if (target.becameReady) {
      target.exit(reason);
      setTimeout(() => target.kill(reason), this.times.exitWithinMs).unref();
    } else target.kill(reason);
  }

  kill(id: StreamletId, reason: StopReason): void {
    const entry = this.entries.get(id);
    const target = processOf(entry);
    if (entry === undefined || target === undefined) this.stop(id, reason);
    else {
      entry.stage = { is: "stopping", process: target };
      target.kill(reason);
    }
  }

  /** Ends all streamlets; resolves when the last process has ended and the limits are removed. */
  async shutDown(): Promise<void> {
    for (const id of Array.from(this.entries.keys())) this.kill(id, "retired");
    if (this.entries.size > 0) {
      await new Promise<void>((resolve) => {
        this.closing = resolve;
      });
    }
    this.watch.stop();
    await this.starter.close();
    this.proxy?.close();
    this.limiter.close();
  }

  views(): ProcessView[] {
    const nowMs = performance.now();
    return Array.from(this.entries.values(), (entry) => viewOf(entry, nowMs));
  }

  /** The zygote or launcher of a pool, where it has one. */
  zygoteOf(pool: number): ZygoteView | undefined {
    return this.starter.zygoteOf(pool);
  }

  /** The process of a streamlet, for tests and inspection. */
  pidOf(id: StreamletId): number | undefined {
    return processOf(this.entries.get(id))?.pid;
  }

  onReady(target: StreamletProcess): void {
    this.starting--;
    target.lastBeatMs = performance.now();
    this.startNext();
    this.listener.onReady(target.id);
  }

  onBeat(target: StreamletProcess, beat: Beat): void {
    target.lastBeatMs = performance.now();
    target.lastBeat = beat;
    this.listener.onBeat(target.id, beat);
  }

  onEnded(target: StreamletProcess, report: StreamReport): void {
    this.listener.onEnded(target.id, report);
  }

  onPipe(target: StreamletProcess): void {
    this.listener.onPipe?.(target.id);
  }

  onGone(target: StreamletProcess, reason: StopReason, detail: string, lost: readonly number[]): void {
    if (!target.becameReady) this.starting--;
    const entry = this.entries.get(target.id);
    if (entry?.stage.is === "running" && target.startedBy === "maker" && !target.becameReady) {
      // Starts that a failed zygote had not finished are spawned directly, so that no launch
      // fails.
      entry.stage = { is: "queued", direct: true };
      this.queue.unshift(entry);
      this.startNext();
      return;
    }
    this.entries.delete(target.id);
    this.proxy?.forget(target.id);
    this.startNext();
    this.reportStopped(target.id, reason, detail, lost);
  }

  private reportStopped(id: StreamletId, reason: StopReason, detail: string, lost: readonly number[]): void {
    this.listener.onStopped(id, reason, detail, lost);
    if (this.entries.size === 0) this.closing?.();
  }

  private startNext(): void {
    while (this.starting < this.startsAtOnce) {
      const entry = this.queue.shift();
      if (entry?.stage.is !== "queued") return;
      this.start(entry, entry.stage.direct);
    }
  }

  private start(entry: Entry, direct: boolean): void {
    this.starting++;
    let cage: Cage | undefined;
    try {
      cage = this.limiter.open(`s${entry.id}`, this.classes[entry.pool].limits);
      const started = { id: entry.id, ...this.starter.start(entry.pool, direct), cage, startedMs: performance.now() };
      entry.stage = { is: "running", process: new StreamletProcess(started, this) };
    } catch (error) {
      cage?.close();
      this.starting--;
      this.entries.delete(entry.id);
      const detail = error instanceof Error ? error.message : String(error);
      queueMicrotask(() => {
        this.reportStopped(entry.id, "spawn-failed", detail, []);
        this.startNext();
      });
    }
  }

  private *running(): Generator<StreamletProcess> {
    for (const { stage } of this.entries.values()) if (stage.is === "running") yield stage.process;
  }
}
