// Real streamlet processes, started as the manager starts them, and connections to hand to them.
import { setMaxListeners } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { StreamletId } from "../../ports/fleet.js";
import { Limiter } from "../limits/limiter.js";
import { noLimits } from "../limits/limits.js";
import { monotonicMs } from "../machine/host-clock.js";
import type { Runtime } from "../machine/launch-command.js";
import { ProcessHost } from "../manager/process-host.js";
import { ManagerClient } from "../run/manager-client.js";
import type { Beat } from "../wire/messages.js";
import { defaultTimes, type ProcessClass } from "../wire/process-class.js";
import type { StreamOrder } from "../wire/stream-order.js";

/** A measured step that takes longer than this fails the calibration. */
const PATIENCE_MS = 30_000;
const BEAT_MS = 100;

const benchTimes = { ...defaultTimes, beatMs: BEAT_MS };
const classOf = (runtime: Runtime, formats: readonly string[]): ProcessClass => ({
  name: runtime,
  runtime,
  formats,
  limits: noLimits,
});

/** A measured step did not end in time. */
export class BenchStuck extends Error {
  override readonly name = "BenchStuck";
}

/** Starts streamlets and ends them. */
interface Plane {
  launch(id: number, pool: number): void;
  open(id: number, order: StreamOrder, socket: Socket): void;
  stop(id: number, reason: "retired"): void;
  shutDown(): Promise<void>;
  prepared?(): Promise<void>;
  pidOf?(id: number): number | undefined;
}

/** Streamlets of one class on this machine. Everything that it starts ends with `close`. */
export class Bench {
  private readonly host: Plane;
  readonly beats = new Map<number, Beat>();
  private readonly readyMs = new Map<number, number>();
  private readonly goneMs = new Map<number, number>();
  private readonly wakers = new Set<() => void>();
  private server: Server | undefined;
  private readonly accepted: ((socket: Socket) => void)[] = [];
  private lastId = 0;
  private lastStream = 0;

  constructor(
    runtime: Runtime,
    formats: readonly string[],
    private readonly signal: AbortSignal,
    plane?: Plane,
  ) {
    // Each streamlet of a burst adds a listener. Node warns of a leak from the eleventh on.
    setMaxListeners(0, signal);
    this.host = plane ?? new ProcessHost([classOf(runtime, formats)], new Limiter([], runtime), benchTimes, this);
  }

  /**
   * Uses a manager in a process of its own, as a gateway does. The times include the messages to
   * the manager and back.
   */
  static async managed(runtime: Runtime, formats: readonly string[], signal: AbortSignal): Promise<Bench> {
    let manager: ManagerClient | undefined;
    const plane: Plane = {
      launch: (id, pool) => manager?.launch(id as StreamletId, pool),
      open: (id, order, socket) => manager?.open(id as StreamletId, order, socket),
      stop: (id, reason) => manager?.stop(id as StreamletId, reason),
      shutDown: async () => manager?.shutDown(),
    };
    const bench = new Bench(runtime, formats, signal, plane);
    const rules = { requireLimits: false, requireIsolation: false };
    const orders = { classes: [classOf(runtime, formats)], times: benchTimes, methods: [], ...rules };
    manager = await ManagerClient.start({ ...orders, address: "127.0.0.1", port: 0 }, bench);
    return bench;
  }

  /** Waits until zygotes and launchers are up. A manager process waits for them itself. */
  async prepare(): Promise<void> {
    await this.host.prepared?.();
  }

  /**
   * Starts `count` streamlets at once. Resolves with the time from the call to each readiness, in
   * ms.
   */
  async launch(
    count: number,
  ): Promise<{ readonly ids: number[]; readonly readyMs: number[]; readonly callMs: number }> {
    const ids = Array.from({ length: count }, () => ++this.lastId);
    const beganMs = performance.now();
    for (const id of ids) this.host.launch(id, 0);
    const callMs = performance.now() - beganMs;
    await this.until("readiness", () => ids.every((id) => this.readyMs.has(id)));
    return { ids, callMs, readyMs: ids.map((id) => (this.readyMs.get(id) as number) - beganMs) };
  }

  /** Stops one streamlet. Resolves with the time until its process has ended, in ms. */
  async stop(id: number): Promise<number> {
    const beganMs = performance.now();
    this.host.stop(id, "retired");
    return (await this.gone(id)) - beganMs;
  }

  /** Kills one streamlet with SIGKILL. Resolves with the time until its end is reported, in ms. */
  async crash(id: number): Promise<number> {
    const pid = this.host.pidOf?.(id);
    const beganMs = performance.now();
    if (pid !== undefined) process.kill(pid, "SIGKILL");
    return (await this.gone(id)) - beganMs;
  }

  /** A stream that is decoded, checked and dropped; it answers with one byte first. */
  order(format: string): StreamOrder {
    const reply = Buffer.from("+").toString("base64");
    const forward = { to: "nowhere" } as const;
    const stream = ++this.lastStream;
    const bounds = { bodyBytes: 0, maxBytes: 0, idleTimeoutMs: 0 };
    return { stream, format, transport: "raw", forward, head: "", reply, ...bounds, givenAtMs: monotonicMs() };
  }

  /**
   * A connection whose far end was handed to a streamlet. `handedMs`: time from the hand-over to
   * the streamlet's first byte.
   */
  async stream(id: number, order: StreamOrder): Promise<{ readonly client: Socket; readonly handedMs: number }> {
    const server = await this.listen();
    const accepted = new Promise<Socket>((resolve) => this.accepted.push(resolve));
    const client = connect({
      port: (server.address() as { port: number }).port,
      host: "127.0.0.1",
      allowHalfOpen: true,
    });
    client.on("error", () => undefined);
    const socket = await accepted;
    const first = new Promise<void>((resolve) => client.once("data", () => resolve()));
    const beganMs = performance.now();
    this.host.open(id, order, socket);
    await this.within("a first byte", first);
    return { client, handedMs: performance.now() - beganMs };
  }

  /** The next heartbeat of each streamlet. */
  async freshBeats(ids: readonly number[]): Promise<Beat[]> {
    for (const id of ids) this.beats.delete(id);
    await this.until("heartbeats", () => ids.every((id) => this.beats.has(id)));
    return ids.map((id) => this.beats.get(id) as Beat);
  }

  async pause(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.signal.throwIfAborted();
  }

  /** Ends every process. */
  async close(): Promise<void> {
    await this.host.shutDown();
    this.server?.close();
  }

  onReady(id: number): void {
    this.readyMs.set(id, performance.now());
    this.wake();
  }

  onBeat(id: number, beat: Beat): void {
    this.beats.set(id, beat);
    this.wake();
  }

  onEnded(): void {}

  onAsked(): void {}

  onStopped(id: number): void {
    this.goneMs.set(id, performance.now());
    this.wake();
  }

  private async gone(id: number): Promise<number> {
    await this.until("the end of a streamlet", () => this.goneMs.has(id));
    return this.goneMs.get(id) as number;
  }

  private wake(): void {
    for (const waker of Array.from(this.wakers)) waker();
  }

  /** Resolves once `holds` is true; it is checked after each report. */
  private async until(what: string, holds: () => boolean): Promise<void> {
    let look = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      look = () => {
        if (holds()) resolve();
      };
      this.wakers.add(look);
      look();
    });
    await this.within(what, held).finally(() => this.wakers.delete(look));
  }

  private async within(what: string, done: Promise<void>): Promise<void> {
    this.signal.throwIfAborted();
    let timer: NodeJS.Timeout | undefined;
    let abort = (): void => undefined;
    const failed = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new BenchStuck(`${what} did not come within ${PATIENCE_MS} ms`)), PATIENCE_MS);
      abort = () => reject(this.signal.reason);
      this.signal.addEventListener("abort", abort);
    });
    await Promise.race([done, failed]).finally(() => {
      clearTimeout(timer);
      this.signal.removeEventListener("abort", abort);
    });
  }

  private async listen(): Promise<Server> {
    if (this.server !== undefined) return this.server;
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
      socket.on("error", () => undefined);
      this.accepted.shift()?.(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.server = server;
    return server;
  }
}
