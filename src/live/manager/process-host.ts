// The data plane's hands: it starts, watches and ends real processes, and decides nothing. The
// fleet (process-fleet.ts) tells it what to do, in this process or from another one by the manager;
// what it reports becomes one injected event each.
import type { Socket } from "node:net";
import { availableParallelism } from "node:os";
import type { StopReason, StreamletId } from "../../ports/fleet.js";
import { CappedProxy } from "../limits/capped-proxy.js";
import type { Limiter } from "../limits/limiter.js";
import type { Cage } from "../limits/limits.js";
import { type Beat, type Hog, type StreamOrder, type StreamReport, unopened } from "../wire/messages.js";
import type { HostTimes, ProcessClass } from "../wire/process-class.js";
import { type Entry, type ProcessView, viewOf } from "./process-view.js";
import { type ProcessListener, StreamletProcess } from "./streamlet-process.js";
import { StreamletStarter } from "./streamlet-starter.js";
import type { ZygoteView } from "./zygote.js";

export interface HostListener {
  onReady(id: StreamletId): void;
  onEnded(id: StreamletId, report: StreamReport): void;
  /** It listens where `line` said. */
  onLine?(id: StreamletId): void;
  onBeat(id: StreamletId, beat: Beat): void;
  /**
   * Its end, whatever the reason, after the last of its reports; each stream that it still carried
   * is lost.
   */
  onStopped(id: StreamletId, reason: StopReason, detail: string, lost: readonly number[]): void;
  /** Something that people should know, in words: a zygote went down, or came up again. */
  onNotice?(line: string): void;
}

/** Starts, watches and ends streamlet processes. */
export class ProcessHost implements ProcessListener {
  private readonly entries = new Map<StreamletId, Entry>();
  /**
   * Launches that wait: more starts at once than cores only slow each other and the streams down
   * (32 at once: 243 ms each).
   */
  private readonly queue: Entry[] = [];
  private proxy: CappedProxy | undefined;
  private starting = 0;
  private readonly startsAtOnce = availableParallelism();
  private readonly watch: NodeJS.Timeout;
  private lookedMs = performance.now();
  private closing: (() => void) | undefined;
  private readonly starter: StreamletStarter;

  constructor(
    private readonly classes: readonly ProcessClass[],
    private readonly limiter: Limiter,
    private readonly times: HostTimes,
    private readonly listener: HostListener,
  ) {
    this.starter = new StreamletStarter(classes, limiter, times, (line) => listener.onNotice?.(line));
    this.watch = setInterval(() => this.look(), Math.max(10, times.hungAfterMs / 8));
  }

  get size(): number {
    return this.entries.size;
  }

  /** Resolves when streamlets start as they should: what is launched before is spawned directly. */
  prepared(): Promise<void> {
    return this.starter.prepared();
  }

  launch(id: StreamletId, pool: number): void {
    const entry: Entry = { id, pool, askedMs: performance.now(), process: undefined, stopping: false, direct: false };
    this.entries.set(id, entry);
    this.queue.push(entry);
    this.startNext();
  }

  /**
   * Hands a stream over. If that cannot be done, the stream is reported as interrupted (or the
   * client as gone).
   */
  open(id: StreamletId, order: StreamOrder, socket: Socket): void {
    const { bitsPerSecond } = this.classes[this.entries.get(id)?.pool ?? 0].limits;
    if (this.isProxied(bitsPerSecond)) void this.openProxied(id, order, socket, bitsPerSecond);
    else this.handOver(id, order, socket);
  }

  /**
   * Lets the gateway hand streams to it directly; where their bytes must pass here, nothing comes
   * of it.
   */
  line(id: StreamletId, path: string): void {
    const entry = this.entries.get(id);
    if (entry !== undefined && !this.isProxied(this.classes[entry.pool].limits.bitsPerSecond))
      entry.process?.listenAt(path);
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
    const target = this.entries.get(id)?.process;
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
    this.entries.get(id)?.process?.close(stream);
  }

  /** A fault made real: it stops where it is, and nobody is told. */
  hang(id: StreamletId): void {
    this.entries.get(id)?.process?.stopInItsTracks();
  }

  hog(id: StreamletId, what: Hog): void {
    this.entries.get(id)?.process?.hog(what);
  }

  /** Ends a streamlet that carries nothing: gently, then by force. */
  stop(id: StreamletId, reason: StopReason): void {
    const entry = this.entries.get(id);
    if (entry === undefined || entry.stopping) return;
    entry.stopping = true;
    const { process: target } = entry;
    if (target === undefined) {
      this.queue.splice(this.queue.indexOf(entry), 1);
      this.entries.delete(id);
      queueMicrotask(() => this.tellStopped(id, reason, "never started", []));
    } else if (target.ready) {
      target.exit(reason);
      setTimeout(() => target.kill(reason), this.times.exitWithinMs).unref();
    } else target.kill(reason);
  }

  kill(id: StreamletId, reason: StopReason): void {
    const entry = this.entries.get(id);
    if (entry?.process === undefined) this.stop(id, reason);
    else {
      entry.stopping = true;
      entry.process.kill(reason);
    }
  }

  /** Ends all; resolves when the last one is gone and their limits with them. */
  async shutDown(): Promise<void> {
    for (const id of Array.from(this.entries.keys())) this.kill(id, "retired");
    if (this.entries.size > 0) {
      await new Promise<void>((resolve) => {
        this.closing = resolve;
      });
    }
    clearInterval(this.watch);
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

  /** The process of a streamlet, for those who test or inspect. */
  pidOf(id: StreamletId): number | undefined {
    return this.entries.get(id)?.process?.pid;
  }

  // --- what a process reports

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

  onLine(target: StreamletProcess): void {
    this.listener.onLine?.(target.id);
  }

  onGone(target: StreamletProcess, reason: StopReason, detail: string, lost: readonly number[]): void {
    if (!target.ready) this.starting--;
    const entry = this.entries.get(target.id);
    if (entry !== undefined && target.forked && !target.ready && !entry.stopping) {
      // What a zygote could not finish is spawned directly: nobody is to pay for its death.
      entry.process = undefined;
      entry.direct = true;
      this.queue.unshift(entry);
      this.startNext();
      return;
    }
    this.entries.delete(target.id);
    this.proxy?.forget(target.id);
    this.startNext();
    this.tellStopped(target.id, reason, detail, lost);
  }

  private tellStopped(id: StreamletId, reason: StopReason, detail: string, lost: readonly number[]): void {
    this.listener.onStopped(id, reason, detail, lost);
    if (this.entries.size === 0) this.closing?.();
  }

  private startNext(): void {
    while (this.starting < this.startsAtOnce) {
      const entry = this.queue.shift();
      if (entry === undefined) return;
      this.start(entry);
    }
  }

  private start(entry: Entry): void {
    this.starting++;
    let cage: Cage | undefined;
    try {
      cage = this.limiter.open(`s${entry.id}`, this.classes[entry.pool].limits);
      const { child, forked } = this.starter.start(entry.pool, entry.direct);
      entry.process = new StreamletProcess(entry.id, child, forked, cage, this, performance.now());
    } catch (error) {
      cage?.close();
      this.starting--;
      this.entries.delete(entry.id);
      const detail = error instanceof Error ? error.message : String(error);
      queueMicrotask(() => {
        this.tellStopped(entry.id, "spawn-failed", detail, []);
        this.startNext();
      });
    }
  }

  /** Kills who is silent for too long, or was not ready in time. */
  private look(): void {
    const nowMs = performance.now();
    const sinceMs = nowMs - this.lookedMs;
    this.lookedMs = nowMs;
    if (sinceMs > this.times.hungAfterMs / 2) {
      // It was we who did not run: what they have said meanwhile is still unread.
      for (const { process: target } of this.entries.values()) if (target?.ready === true) target.lastBeatMs = nowMs;
      return;
    }
    for (const { process: target, stopping } of this.entries.values()) {
      if (target === undefined || stopping) continue;
      if (!target.ready) {
        if (nowMs - target.startedMs > this.times.readyWithinMs) target.kill("spawn-failed");
      } else if (nowMs - target.lastBeatMs > this.times.hungAfterMs) target.kill("hung");
    }
  }
}
