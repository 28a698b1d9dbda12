// Keeps a streamlet manager running, and replaces it without interrupting a stream. A manager ends
// in one of two ways:
//   a restart that was asked for: the next one comes up and takes all launches; the old one keeps
//     its streamlets until their streams are over, while the control plane drains them one by one
//     as others become ready (events like an operator's, so a replay sees the same);
//   a crash: the kernel ends its streamlets with it (pdeathsig), their streams are interrupted, and
//     another manager is started at once.
import type { Socket } from "node:net";
import type { StopReason, StreamletId } from "../../ports/fleet.js";
import { CLEANED_UP, type Hog, type ManagerOrders } from "../wire/messages.js";
import type { StreamOrder } from "../wire/stream-order.js";
import { DrainInTurn } from "./drain-in-turn.js";
import type { DataPlane } from "./live-run.js";
import { HUNG, ManagerClient } from "./manager-client.js";
import type { ManagerUp } from "./manager-up.js";
import { RestartBackoff } from "./restart-backoff.js";
import { RetiringManagers } from "./retiring-managers.js";
import type { SupervisorListener } from "./supervisor-listener.js";
import { currentManager, type SupervisorState } from "./supervisor-state.js";

/** The data plane as the gateway sees it, whichever manager runs it. */
export class ManagerSupervisor implements DataPlane {
  private state: SupervisorState = { is: "starting" };
  /** Managers that are being started. */
  private readonly starts = new Set<Promise<ManagerClient>>();
  private readonly owners = new Map<StreamletId, ManagerClient>();
  /** Launches that wait for a manager to come up. */
  private readonly waiting = new Map<StreamletId, number>();
  private readonly drains = new DrainInTurn((id) => this.listener.onAsked({ ask: "drain", id }));
  private readonly retiring: RetiringManagers;
  private readonly backoff = new RestartBackoff();
  private apiPort = 0;
  private lastEnd: "crashed" | "hung" = "crashed";

  private constructor(
    private readonly orders: ManagerOrders,
    private readonly listener: SupervisorListener,
  ) {
    this.retiring = new RetiringManagers(this.owners, this.drains, (pid) =>
      listener.onNotice(`streamlet manager ${pid} is done: its last stream is over`),
    );
  }

  /** Starts the first manager; throws what ManagerClient.start throws. */
  static async start(orders: ManagerOrders, listener: SupervisorListener): Promise<ManagerSupervisor> {
    const supervisor = new ManagerSupervisor(orders, listener);
    supervisor.adopt(await supervisor.startOne(orders.port));
    return supervisor;
  }

  get up(): ManagerUp {
    const { current } = this;
    if (current === undefined) throw new Error("no manager is up");
    return current.up;
  }

  /** Managers alive, the retiring ones included. */
  get managers(): number {
    return this.retiring.size + (this.current === undefined ? 0 : 1);
  }

  /** The one that takes launches. */
  private get current(): ManagerClient | undefined {
    return currentManager(this.state);
  }

  /**
   * Replaces the manager; open streams continue. Resolves when the new one has taken over; the
   * old one runs until its streams end. False, with the reason as a line for people, if that
   * failed: the old one then continues to serve.
   */
  async restart(): Promise<boolean> {
    const isBusy = this.state.is !== "up";
    if (isBusy || !this.retiring.hasRoom) {
      const reason = isBusy ? "it is starting or ending" : `${this.retiring.size} old ones still carry streams`;
      this.listener.onNotice(`streamlet manager not restarted: ${reason}`);
      return false;
    }
    const old = (this.state as SupervisorState & { is: "up" }).manager;
    this.state = { is: "replacing", old };
    try {
      await old.setApi(false);
      return await this.replace(old, await this.startOne(this.apiPort));
    } catch (error) {
      await old.setApi(true);
      this.listener.onNotice(`streamlet manager not restarted: ${messageOf(error)}`);
      this.keep();
      return false;
    }
  }

  /** False if the supervisor was closed meanwhile. */
  private async replace(old: ManagerClient, next: ManagerClient): Promise<boolean> {
    if (this.isClosed()) {
      await next.shutDown();
      return false;
    }
    const isOldAlive = this.current === old;
    this.adopt(next);
    if (isOldAlive) this.retiring.add(old, () => !this.isClosed());
    this.listener.onManager({ reason: "asked", pid: next.up.pid });
    this.listener.onNotice(`streamlet manager restarted: process ${next.up.pid} for ${old.up.pid}`);
    return true;
  }

  /**
   * No other manager could be started: the old one continues to serve, or one is started later.
   */
  private keep(): void {
    if (this.state.is !== "replacing") return;
    const { old } = this.state;
    if (old === undefined) this.startAgain();
    else this.state = { is: "up", manager: old };
  }

  private isClosed(): boolean {
    return this.state.is === "closed";
  }

  launch(id: StreamletId, pool: number): void {
    const { current } = this;
    if (current === undefined) {
      this.waiting.set(id, pool);
      return;
    }
    this.owners.set(id, current);
    current.launch(id, pool);
  }

  open(id: StreamletId, order: StreamOrder, socket: Socket): void {
    const owner = this.owners.get(id) ?? this.current;
    // Without an owner its streamlet has ended with its manager; that report follows.
    if (owner === undefined) socket.destroy();
    else owner.open(id, order, socket);
  }

  stop(id: StreamletId, reason: StopReason): void {
    if (this.waiting.delete(id)) queueMicrotask(() => this.listener.onStopped(id, reason, "never started", []));
    else this.owners.get(id)?.stop(id, reason);
  }

  kill(id: StreamletId, reason: StopReason): void {
    if (this.waiting.has(id)) this.stop(id, reason);
    else this.owners.get(id)?.kill(id, reason);
  }

  hang(id: StreamletId): void {
    this.owners.get(id)?.hang(id);
  }

  hog(id: StreamletId, what: Hog): void {
    this.owners.get(id)?.hog(id, what);
  }

  /** For the manager's /ready. */
  setRoom(hasRoom: boolean): void {
    this.current?.setRoom(hasRoom);
  }

  /** Ends all managers and all streamlets; one that is starting ends as soon as it is up. */
  async shutDown(): Promise<void> {
    const { current } = this;
    if (this.state.is === "waiting") clearTimeout(this.state.timer);
    this.state = { is: "closed" };
    const managers = [...this.retiring.all(), ...(current === undefined ? [] : [current])];
    const starting = Array.from(this.starts, (start) => start.then((one) => one.shutDown()).catch(() => undefined));
    await Promise.all([...managers.map((one) => one.shutDown()), ...starting]);
  }

  private startOne(port: number): Promise<ManagerClient> {
    const start = this.startClient(port).finally(() => this.starts.delete(start));
    this.starts.add(start);
    return start;
  }

  private async startClient(port: number): Promise<ManagerClient> {
    const { listener } = this;
    let made: ManagerClient | undefined;
    const started = await ManagerClient.start(
      { ...this.orders, port },
      {
        onReady: (id) => {
          this.drains.onReady();
          listener.onReady(id);
        },
        onEnded: (id, report) => listener.onEnded(id, report),
        onBeat: (id, beat) => listener.onBeat(id, beat),
        onStopped: (id, reason, detail, lost) => {
          this.owners.delete(id);
          listener.onStopped(id, reason, detail, lost);
          this.retiring.endDone();
        },
        onAsked: (request) => listener.onAsked(request),
        onNotice: (line) => listener.onNotice(line),
        onRestartWanted: () => void this.restart(),
        onGone: (how) => {
          if (made !== undefined) this.gone(made, how);
        },
      },
    );
    made = started;
    return started;
  }

  private adopt(next: ManagerClient): void {
    this.state = { is: "up", manager: next };
    this.apiPort = next.up.port;
    this.backoff.onUp(performance.now());
    const waiting = Array.from(this.waiting);
    this.waiting.clear();
    for (const [id, pool] of waiting) this.launch(id, pool);
  }

  private gone(manager: ManagerClient, how: string): void {
    this.retiring.forget(manager);
    this.listener.onNotice(`the streamlet manager (process ${manager.up.pid}) ended: ${how}`);
    if (this.current !== manager) return;
    this.lastEnd = how === HUNG ? "hung" : "crashed";
    if (this.state.is === "replacing") this.state = { is: "replacing", old: undefined };
    else this.startAgain();
  }

  private startAgain(): void {
    this.state = {
      is: "waiting",
      timer: setTimeout(() => void this.startAnew(), this.backoff.nextMs(performance.now())),
    };
  }

  private async startAnew(): Promise<void> {
    this.state = { is: "starting" };
    try {
      const next = await this.startOne(this.apiPort);
      if (this.isClosed()) return;
      this.adopt(next);
      this.listener.onManager({ reason: this.lastEnd, pid: next.up.pid });
      this.listener.onNotice(`streamlet manager started again: process ${next.up.pid}`);
      // Limits and isolation are as before; what was cleaned up is new.
      for (const line of next.up.lines) if (line.startsWith(CLEANED_UP)) this.listener.onNotice(line);
    } catch (error) {
      this.listener.onNotice(`streamlet manager: ${messageOf(error)}`);
      if (!this.isClosed()) this.startAgain();
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
