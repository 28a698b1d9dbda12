import { failedByItself, type StopReason, type StreamletId } from "../ports/fleet.js";
import { NO_TIMER } from "../ports/scheduler.js";
import { IdleClock } from "./idle-clock.js";
import { Launcher } from "./launcher.js";
import type { ManagerParts, ManagerSpec } from "./manager-spec.js";
import { SpawnTimes } from "./monitor/spawn-times.js";
import type { Roster } from "./roster.js";
import { changeState } from "./state-change.js";
import type { Streamlet } from "./streamlet.js";
import type { StreamletPool } from "./streamlet-pool.js";
import { chooseCancelled, chooseUndrained, chooseVictims } from "./victims.js";
import type { WarmPool } from "./warm-pool.js";
import { WarmStarts } from "./warm-starts.js";

/**
 * Brings each pool to its desired count. To grow it takes draining streamlets back, activates
 * parked ones, then launches. To shrink it cancels spawns (youngest first), then retires or drains.
 * It tries a launch again when room returns or the back-off ends.
 */
export class Manager {
  readonly warmPool: WarmPool;
  private readonly launcher: Launcher;
  private readonly roster: Roster;
  private readonly warmStarts: WarmStarts;
  private readonly idleClock: IdleClock;
  private readonly desiredCounts: number[];
  /** Pools whose last launch fell short, and why ("" = none). */
  readonly shortOf: string[];
  /** From launch to ready, and from activation to ready. */
  readonly spawnTimes: SpawnTimes;
  readonly warmStartTimes: SpawnTimes;

  constructor(
    private readonly spec: ManagerSpec,
    private readonly parts: ManagerParts,
  ) {
    const { pools, scheduler } = parts;
    this.desiredCounts = pools.map(() => 0);
    this.launcher = new Launcher(spec, parts, (pool) => this.reconcile(pools[pool]));
    this.warmPool = this.launcher.warmPool;
    this.roster = this.launcher.roster;
    this.shortOf = this.launcher.roomRetry.shortOf;
    this.warmStarts = new WarmStarts(spec, parts, this.roster, (streamlet) => this.finishWarmStart(streamlet));
    this.warmStartTimes = this.warmStarts.times;
    this.idleClock = new IdleClock(scheduler, spec.idleTimeoutMs, this.expire);
    this.spawnTimes = new SpawnTimes(pools.length);
  }

  desired(pool: number): number {
    return this.desiredCounts[pool];
  }

  find(id: StreamletId): Streamlet | undefined {
    return this.roster.find(id);
  }

  setDesired(pool: number, count: number): void {
    this.desiredCounts[pool] = count;
    this.reconcile(this.parts.pools[pool]);
  }

  reconcileAll(): void {
    for (const pool of this.parts.pools) this.reconcile(pool);
  }

  /** Brings one pool to its desired count, as far as caps, room and back-off allow. */
  reconcile(pool: StreamletPool): void {
    const desired = this.desiredCounts[pool.index];
    const missing = desired - pool.ready.length - pool.spawning.length;
    this.shortOf[pool.index] = "";
    if (missing < 0) this.shrink(pool, -missing);
    const toLaunch = missing > 0 ? this.bringBack(pool, missing) : 0;
    if (toLaunch > 0) this.launcher.launch(pool, toLaunch, "spawning");
    const parkedMissing = this.warmPool.missing(pool.index, pool.parked.length);
    if (toLaunch === 0 && parkedMissing > 0) this.launcher.launch(pool, parkedMissing, "parked");
    if (parkedMissing < 0) this.shrinkWarmPool(pool, -parkedMissing);
  }

  /**
   * Removes a streamlet, whatever its state. With open streams it drains and is not taken back;
   * without, it ends now. The pool then launches what is missing.
   */
  evict(id: StreamletId): void {
    const streamlet = this.find(id);
    if (streamlet === undefined) return;
    const pool = this.parts.pools[streamlet.pool];
    streamlet.eviction = "evicting";
    if (streamlet.state === "ready" && streamlet.open > 0) this.startDrain(pool, streamlet);
    else if (streamlet.state !== "draining") {
      this.end(pool, streamlet, streamlet.state === "spawning" ? "spawn-cancelled" : "retired");
    }
    this.reconcile(pool);
  }

  onReady(id: StreamletId): Streamlet | undefined {
    const streamlet = this.find(id);
    if (streamlet === undefined || streamlet.state !== "spawning") return undefined;
    const pool = this.parts.pools[streamlet.pool];
    streamlet.backoffTerm = this.launcher.gate.onReady(pool.index);
    this.spawnTimes.record(pool.index, this.parts.scheduler.nowMs() - streamlet.launchedAtMs);
    if (this.warmPool.remove(id)) {
      streamlet.readyAtMs = this.parts.scheduler.nowMs();
      changeState(streamlet, "parked", "", this.parts.telemetry);
      pool.parked.push(streamlet);
      return undefined;
    }
    pool.removeSpawning(streamlet);
    this.becomeReady(pool, streamlet);
    return streamlet;
  }

  /** The streamlet has ended, for any reason. Its pool is brought back to the decided count. */
  onStopped(id: StreamletId, reason: StopReason): void {
    const streamlet = this.find(id);
    if (streamlet === undefined) return;
    const pool = this.parts.pools[streamlet.pool];
    if (reason === "spawn-failed") this.launcher.gate.onFailedSpawn(pool.index);
    else if (failedByItself(reason)) this.launcher.gate.onCrash(pool.index, streamlet.readyAtMs);
    this.forget(pool, streamlet, reason);
    this.reconcile(pool);
  }

  /** A stream has left; an empty streamlet may be parked, retired or put on its idle clock. */
  onReleased(streamlet: Streamlet): void {
    if (streamlet.open > 0 || streamlet.state !== "ready") return;
    const pool = this.parts.pools[streamlet.pool];
    const surplus = pool.ready.length + pool.spawning.length - this.desiredCounts[pool.index];
    if (surplus > 0 && this.spec.scaleIn.lazy) {
      this.retire(pool, streamlet);
      return;
    }
    this.idleClock.start(streamlet);
  }

  onTaken(streamlet: Streamlet): void {
    this.idleClock.stop(streamlet);
  }

  private becomeReady(pool: StreamletPool, streamlet: Streamlet): void {
    changeState(streamlet, "ready", "", this.parts.telemetry);
    streamlet.readyAtMs = this.parts.scheduler.nowMs();
    pool.addReady(streamlet, this.parts.scheduler.nowMs());
    this.parts.gateway.serveWaiting(streamlet);
    if (streamlet.open === 0) this.idleClock.start(streamlet);
  }

  private readonly expire = (id: number): void => {
    // Its clock stops when it takes a stream or ends, so it is ready and empty.
    const streamlet = this.find(id) as Streamlet;
    streamlet.idleTimer = NO_TIMER;
    const pool = this.parts.pools[streamlet.pool];
    if (pool.ready.length + pool.spawning.length <= this.spec.min[pool.index]) return;
    this.desiredCounts[pool.index] = Math.max(this.spec.min[pool.index], this.desiredCounts[pool.index] - 1);
    this.retire(pool, streamlet);
  };

  /** Takes draining and parked streamlets back. Returns how many are still missing. */
  private bringBack(pool: StreamletPool, missing: number): number {
    const rest = this.spec.scaleIn.undrain ? missing - this.undrain(pool, missing) : missing;
    return rest - this.warmStarts.activate(pool, rest);
  }

  private undrain(pool: StreamletPool, limit: number): number {
    const back = chooseUndrained(pool, limit);
    const nowMs = this.parts.scheduler.nowMs();
    for (const streamlet of back) {
      pool.removeDraining(streamlet, nowMs);
      this.parts.fleet.undrain(streamlet.id);
      changeState(streamlet, "ready", "", this.parts.telemetry);
      pool.addReady(streamlet, nowMs);
      this.parts.gateway.serveWaiting(streamlet);
    }
    return back.length;
  }

  private finishWarmStart(streamlet: Streamlet): void {
    const pool = this.parts.pools[streamlet.pool];
    pool.removeSpawning(streamlet);
    this.becomeReady(pool, streamlet);
  }

  private shrink(pool: StreamletPool, surplus: number): void {
    const spawns = chooseCancelled(pool, surplus);
    for (const spawn of spawns) this.parkOrEnd(pool, spawn, "spawn-cancelled");
    for (const victim of chooseVictims(pool, surplus - spawns.length, this.spec.scaleIn, this.parts.random)) {
      if (victim.open === 0) this.retire(pool, victim);
      else this.startDrain(pool, victim);
    }
  }

  /** Launches that were to be parked are cancelled before a parked streamlet ends. */
  private shrinkWarmPool(pool: StreamletPool, surplus: number): void {
    const underWay = this.warmPool.underWay(pool.index).reverse().slice(0, surplus);
    for (const id of underWay) this.end(pool, this.roster.find(id) as Streamlet, "spawn-cancelled");
    for (let rest = surplus - underWay.length; rest > 0; rest--)
      this.end(pool, pool.parked[pool.parked.length - 1], "retired");
  }

  private retire(pool: StreamletPool, streamlet: Streamlet): void {
    this.onTaken(streamlet);
    this.parkOrEnd(pool, streamlet, "retired");
  }

  /**
   * Parks an empty ready streamlet, or one that is leaving the warm pool, if the warm pool has
   * room. Otherwise ends it.
   */
  private parkOrEnd(pool: StreamletPool, streamlet: Streamlet, reason: "retired" | "spawn-cancelled"): void {
    const isWarm = streamlet.state === "ready" || streamlet.activationTimer !== NO_TIMER;
    if (!isWarm || pool.parked.length >= this.warmPool.sizeOf(pool.index)) {
      this.end(pool, streamlet, reason);
      return;
    }
    if (streamlet.state === "ready") pool.removeReady(streamlet, this.parts.scheduler.nowMs());
    else pool.removeSpawning(streamlet);
    this.warmStarts.cancel(streamlet);
    changeState(streamlet, "parked", "", this.parts.telemetry);
    pool.parked.push(streamlet);
  }

  private end(pool: StreamletPool, streamlet: Streamlet, reason: "retired" | "spawn-cancelled"): void {
    this.parts.fleet.terminate(streamlet.id, reason);
    this.forget(pool, streamlet, reason);
  }

  private startDrain(pool: StreamletPool, streamlet: Streamlet): void {
    pool.removeReady(streamlet, this.parts.scheduler.nowMs());
    changeState(streamlet, "draining", "", this.parts.telemetry);
    pool.addDraining(streamlet, this.parts.scheduler.nowMs());
    this.parts.fleet.drain(streamlet.id);
  }

  private forget(pool: StreamletPool, streamlet: Streamlet, reason: StopReason): void {
    const nowMs = this.parts.scheduler.nowMs();
    this.onTaken(streamlet);
    this.warmStarts.cancel(streamlet);
    this.launcher.gate.onStopped(pool.index, streamlet.backoffTerm);
    if (streamlet.state === "ready") pool.removeReady(streamlet, nowMs);
    else if (streamlet.state === "draining") pool.removeDraining(streamlet, nowMs);
    else if (streamlet.state === "parked") pool.parked.splice(pool.parked.indexOf(streamlet), 1);
    else if (!this.warmPool.remove(streamlet.id)) pool.removeSpawning(streamlet);
    this.roster.remove(streamlet, pool.region);
    changeState(streamlet, "stopped", reason, this.parts.telemetry);
    this.launcher.roomRetry.offer();
  }
}
