// Keeps a streamlet manager running, and replaces it without a stream noticing. Two ends of a manager are told apart:
//   a restart that was asked for: the next one comes up and takes all launches; the old one keeps its streamlets until their streams are over,
//     while the control plane drains them one by one as others become ready (events like an operator's, so a replay sees the same);
//   a crash: the kernel ends its streamlets with it (pdeathsig), their streams are interrupted, and another manager is started at once.
import type { Socket } from "node:net";
import type { StopReason, StreamletId } from "../../ports/fleet.js";
import type { Hog, ManagerOrders, StreamOrder } from "../wire/messages.js";
import type { DataPlane } from "./live-run.js";
import { HUNG, ManagerClient, type ManagerListener, type ManagerUp } from "./manager-client.js";

/**
 * Old managers that still carry streams; a further restart is refused until one of them is done.
 */
const MAX_RETIRING = 4;
/**
 * Before the next of the old streamlets drains another must have become ready; where the policy
 * wants none, this long is waited.
 */
const REPLACED_WITHIN_MS = 2000;
/**
 * A manager that crashes is started again after this, doubled each time up to the most, and back at
 * the least once one lived for a minute.
 */
const RESTART_MS = { least: 50, most: 10_000, healthyAfter: 60_000 };

type RestartReason = "asked" | "crashed" | "hung";

export interface SupervisorListener extends Omit<ManagerListener, "onGone" | "onRestartWanted" | "onNotice"> {
  onManager(event: { readonly reason: RestartReason; readonly pid: number }): void;
  /** A line for people. */
  tell(line: string): void;
}

/** The data plane as the gateway sees it, whichever manager runs it. */
export class ManagerSupervisor implements DataPlane {
  private current: ManagerClient | undefined;
  private readonly owners = new Map<StreamletId, ManagerClient>();
  private readonly retiring = new Set<ManagerClient>();
  /** Launches that wait for a manager to come up. */
  private readonly waiting = new Map<StreamletId, number>();
  private readonly readyWakers = new Set<() => void>();
  private restarting = false;
  private closing = false;
  private backoffMs = RESTART_MS.least;
  private upSinceMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private apiPort = 0;
  private lastEnd: "crashed" | "hung" = "crashed";

  private constructor(
    private readonly orders: ManagerOrders,
    private readonly listener: SupervisorListener,
  ) {}

  /** Starts the first manager; throws what ManagerClient.start throws. */
  static async start(orders: ManagerOrders, listener: SupervisorListener): Promise<ManagerSupervisor> {
    const supervisor = new ManagerSupervisor(orders, listener);
    supervisor.adopt(await supervisor.startOne(orders.port));
    return supervisor;
  }

  get up(): ManagerUp {
    if (this.current === undefined) throw new Error("no manager is up");
    return this.current.up;
  }

  /** Managers alive, the retiring ones included. */
  get managers(): number {
    return this.retiring.size + (this.current === undefined ? 0 : 1);
  }

  /**
   * Replaces the manager; open streams go on. Resolves when the new one has taken over (the old one
   * may go on for as long as its streams); false, told with its reason, if it could not: then the
   * old one serves as before.
   */
  async restart(): Promise<boolean> {
    const old = this.current;
    const busy = this.restarting || this.closing || old === undefined;
    if (busy || this.retiring.size >= MAX_RETIRING) {
      this.listener.tell(
        `streamlet manager not restarted: ${busy ? "it is starting or ending" : `${MAX_RETIRING} old ones still carry streams`}`,
      );
      return false;
    }
    this.restarting = true;
    try {
      await old.setApi(false);
      const next = await this.startOne(this.apiPort);
      if (this.current === old) this.retire(old);
      this.adopt(next);
      this.listener.onManager({ reason: "asked", pid: next.up.pid });
      this.listener.tell(`streamlet manager restarted: process ${next.up.pid} for ${old.up.pid}`);
      return true;
    } catch (error) {
      await old.setApi(true);
      this.listener.tell(`streamlet manager not restarted: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    } finally {
      this.restarting = false;
      if (this.current === undefined) this.startAgain();
    }
  }

  launch(id: StreamletId, pool: number): void {
    if (this.current === undefined) {
      this.waiting.set(id, pool);
      return;
    }
    this.owners.set(id, this.current);
    this.current.launch(id, pool);
  }

  open(id: StreamletId, order: StreamOrder, socket: Socket): void {
    const owner = this.owners.get(id) ?? this.current;
    if (owner !== undefined) owner.open(id, order, socket);
    else {
      // Its streamlet has died with its manager, which the control plane is being told.
      socket.destroy();
    }
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
  sayRoom(hasRoom: boolean): void {
    this.current?.sayRoom(hasRoom);
  }

  /** Ends all managers and all streamlets. */
  async shutDown(): Promise<void> {
    this.closing = true;
    clearTimeout(this.timer);
    await Promise.all(
      [...this.retiring, ...(this.current === undefined ? [] : [this.current])].map((one) => one.shutDown()),
    );
  }

  private async startOne(port: number): Promise<ManagerClient> {
    const { listener } = this;
    let made: ManagerClient | undefined;
    const started = await ManagerClient.start(
      { ...this.orders, port },
      {
        onReady: (id) => {
          for (const wake of Array.from(this.readyWakers)) wake();
          listener.onReady(id);
        },
        onEnded: (id, report) => listener.onEnded(id, report),
        onBeat: (id, beat) => listener.onBeat(id, beat),
        onStopped: (id, reason, detail, lost) => {
          this.owners.delete(id);
          listener.onStopped(id, reason, detail, lost);
          this.endRetired();
        },
        onAsked: (wish) => listener.onAsked(wish),
        onNotice: (line) => listener.tell(line),
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
    this.current = next;
    this.apiPort = next.up.port;
    this.upSinceMs = performance.now();
    const waiting = Array.from(this.waiting);
    this.waiting.clear();
    for (const [id, pool] of waiting) this.launch(id, pool);
  }

  private idsOf(manager: ManagerClient): StreamletId[] {
    return Array.from(this.owners)
      .filter(([, owner]) => owner === manager)
      .map(([id]) => id);
  }

  private retire(old: ManagerClient): void {
    this.current = undefined;
    this.retiring.add(old);
    void this.drainAll(this.idsOf(old)).then(() => this.endRetired());
  }

  /**
   * One after the other, as what replaces them becomes ready: the pools never lack more than one.
   */
  private async drainAll(ids: readonly StreamletId[]): Promise<void> {
    for (const id of ids) {
      if (this.closing) return;
      if (!this.owners.has(id)) continue;
      const replaced = new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(patience);
          this.readyWakers.delete(done);
          resolve();
        };
        const patience = setTimeout(done, REPLACED_WITHIN_MS);
        this.readyWakers.add(done);
      });
      this.listener.onAsked({ ask: "drain", id });
      await replaced;
    }
  }

  /** An old manager whose last streamlet has gone. */
  private endRetired(): void {
    for (const old of this.retiring) {
      if (this.idsOf(old).length > 0) continue;
      this.retiring.delete(old);
      void old
        .shutDown()
        .then(() => this.listener.tell(`streamlet manager ${old.up.pid} is done: its last stream is over`));
    }
  }

  private gone(manager: ManagerClient, how: string): void {
    this.retiring.delete(manager);
    this.listener.tell(`the streamlet manager (process ${manager.up.pid}) ended: ${how}`);
    if (this.current !== manager) return;
    this.current = undefined;
    this.lastEnd = how === HUNG ? "hung" : "crashed";
    if (!this.restarting) this.startAgain();
  }

  private startAgain(): void {
    if (this.closing) return;
    const healthy = performance.now() - this.upSinceMs > RESTART_MS.healthyAfter;
    const waitMs = healthy ? RESTART_MS.least : this.backoffMs;
    this.backoffMs = Math.min(RESTART_MS.most, waitMs * 2);
    this.timer = setTimeout(() => void this.startAnew(), waitMs);
  }

  private async startAnew(): Promise<void> {
    try {
      const next = await this.startOne(this.apiPort);
      if (this.closing) {
        await next.shutDown();
        return;
      }
      this.adopt(next);
      this.listener.onManager({ reason: this.lastEnd, pid: next.up.pid });
      this.listener.tell(`streamlet manager started again: process ${next.up.pid}`);
      // The limits are as before; what the dead one left behind is news.
      for (const line of next.up.told) if (line.startsWith("cleaned up")) this.listener.tell(line);
    } catch (error) {
      this.listener.tell(`streamlet manager: ${error instanceof Error ? error.message : String(error)}`);
      this.startAgain();
    }
  }
}
