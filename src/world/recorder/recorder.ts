import { FLOAT_ZERO } from "../../base/float-zero.js";
import { LogHistogram } from "../../base/histogram.js";
import { failedInService, type StreamEnd, type StreamletId, type StreamRequest, waitMsOf } from "../../ports/fleet.js";
import { Phase, type Scheduler } from "../../ports/scheduler.js";
import type {
  DecisionRecord,
  PolicyFailureRecord,
  RejectReason,
  StreamletChange,
  StreamletState,
  Telemetry,
} from "../../ports/telemetry.js";
import type { TrainerEvent } from "../../ports/training.js";
import { type BoundHosts, type BoundPool, ClairvoyantBound } from "./clairvoyant-bound.js";
import { DecisionLog } from "./decision-log.js";
import { Level, Levels } from "./levels.js";
import { SeriesService } from "./series-service.js";
import { minuteOf, type SloBounds, SloMinutes } from "./slo-minutes.js";
import { Tally } from "./tally.js";
import { Count, TimelineRecorder } from "./timeline-recorder.js";

/** V8 looks constants of another module up at each use: a fifth of `onStreamEnded`. */
const [TALLY, LEVEL, COUNT] = [Tally, Level, Count];

export interface RecorderSpec {
  readonly durationMs: number;
  readonly warmupMs: number;
  readonly seriesCount: number;
  readonly pools: readonly BoundPool[];
  /** The elastic hosts; none if left out. */
  readonly hosts?: readonly BoundHosts[];
  readonly slo: SloBounds | undefined;
  readonly keepDecisions: boolean;
}

/** Receives interrupted requests, and those that were rejected or abandoned. */
export interface UnservedListener {
  onInterrupted(request: StreamRequest): void;
  onUnserved(request: StreamRequest): void;
}

/** Measures a simulated run. It keeps nothing per request. */
export class Recorder implements Telemetry {
  readonly levels = new Levels();
  readonly startLatency = new LogHistogram();
  /** Waits so far of the window's first attempts that still wait when the run ends. */
  readonly stillWaiting = new LogHistogram();
  readonly timeline: TimelineRecorder;
  readonly slo: SloMinutes | undefined;
  /** Absent where there is one series, or too many. */
  readonly series: SeriesService | undefined;
  readonly clairvoyant: ClairvoyantBound;
  readonly log: DecisionLog;
  readonly rejections: Record<string, number> = {};
  readonly stops: Record<string, number> = {};
  private readonly tallies = new Float64Array(Object.keys(Tally).length);
  private unserved: UnservedListener | undefined;
  private drainingStreamMs: (nowMs: number) => number = () => 0;
  private drainingBeforeWindowMs = FLOAT_ZERO;
  /** Instant of the last failure: its streams are reported as interrupted at the same instant. */
  private crashedAtMs = Number.NaN;

  constructor(
    private readonly spec: RecorderSpec,
    private readonly scheduler: Scheduler,
  ) {
    this.log = new DecisionLog(spec.keepDecisions);
    this.timeline = new TimelineRecorder(spec.durationMs, spec.seriesCount);
    this.clairvoyant = new ClairvoyantBound(spec.pools, spec.warmupMs, spec.hosts);
    this.slo = spec.slo === undefined ? undefined : new SloMinutes(spec.slo, spec.durationMs);
    this.series = SeriesService.of(spec.slo, spec.durationMs, spec.seriesCount);
  }

  static readonly tally = Tally;

  count(tally: Tally): number {
    return this.tallies[tally];
  }

  /**
   * Begins the measured window and the timeline. `drainingStreamMs`: ∫ open streams on draining
   * streamlets dt; none if left out.
   */
  start(unserved: UnservedListener | undefined, drainingStreamMs?: (nowMs: number) => number): void {
    this.unserved = unserved;
    if (drainingStreamMs !== undefined) this.drainingStreamMs = drainingStreamMs;
    this.scheduler.scheduleAt(this.spec.warmupMs, Phase.Failure, this.startWindow);
    this.scheduler.scheduleAt(this.timeline.binEndMs, Phase.Sample, this.closeBin);
  }

  onArrival(request: StreamRequest): void {
    this.tallies[TALLY.arrived]++;
    if (request.attempt > 0) {
      if (this.isMeasured(request)) this.tallies[TALLY.reconnections]++;
      return;
    }
    this.timeline.arrival(request.series);
    if (!this.isMeasured(request)) return;
    this.tallies[TALLY.windowArrived]++;
    this.slo?.onArrival(minuteOf(request));
    this.series?.onArrival(request.series, minuteOf(request));
  }

  onWaiting(request: StreamRequest): void {
    this.levels.add(LEVEL.waiting, 1, this.scheduler.nowMs());
    if (request.attempt === 0 && this.isMeasured(request)) this.tallies[TALLY.windowWaited]++;
  }

  onRejected(request: StreamRequest, reason: RejectReason): void {
    this.tallies[TALLY.rejected]++;
    this.rejections[reason] = (this.rejections[reason] ?? 0) + 1;
    this.timeline.count(COUNT.rejected);
    if (request.attempt === 0 && this.isMeasured(request)) {
      this.tallies[TALLY.windowRejected]++;
      this.slo?.onRejected(minuteOf(request));
      this.series?.onRejected(request.series, minuteOf(request));
    }
    this.unserved?.onUnserved(request);
  }

  onAbandoned(request: StreamRequest): void {
    const nowMs = this.scheduler.nowMs();
    this.levels.add(LEVEL.waiting, -1, nowMs);
    this.tallies[TALLY.abandoned]++;
    this.timeline.count(COUNT.abandoned);
    if (request.attempt === 0 && this.isMeasured(request)) {
      this.tallies[TALLY.windowAbandoned]++;
      this.slo?.onAbandoned(minuteOf(request), nowMs - request.arrivedAtMs);
      this.series?.onAbandoned(request.series, minuteOf(request), nowMs - request.arrivedAtMs);
    }
    this.unserved?.onUnserved(request);
  }

  onAssigned(request: StreamRequest, _id: StreamletId, waited: boolean): void {
    const nowMs = this.scheduler.nowMs();
    if (waited) this.levels.add(LEVEL.waiting, -1, nowMs);
    this.levels.add(LEVEL.open, 1, nowMs);
    this.clairvoyant.onTaken(request.pool, nowMs);
    this.tallies[TALLY.assigned]++;
    if (request.attempt > 0 || !this.isMeasured(request)) return;
    const waitMs = waitMsOf(request);
    this.startLatency.record(waitMs);
    this.slo?.onServed(minuteOf(request), waitMs);
    this.series?.onServed(request.series, minuteOf(request), waitMs);
  }

  onStreamEnded(request: StreamRequest, end: StreamEnd, degraded: boolean): void {
    const nowMs = this.scheduler.nowMs();
    this.levels.add(LEVEL.open, -1, nowMs);
    this.clairvoyant.onReleased(request.pool, nowMs);
    this.tallies[TALLY.servedMs] += nowMs - request.startedAtMs;
    const measured = request.attempt === 0 && this.isMeasured(request);
    if (measured) {
      this.tallies[TALLY.windowEnded]++;
      if (degraded) this.tallies[TALLY.windowDegraded]++;
    }
    if (end === "completed") {
      this.tallies[TALLY.completed]++;
      if (measured) {
        this.tallies[TALLY.windowCompleted]++;
        this.tallies[TALLY.responseMs] += nowMs - request.arrivedAtMs;
      }
      return;
    }
    this.tallies[TALLY.interrupted]++;
    this.timeline.count(COUNT.interrupted);
    if (nowMs === this.crashedAtMs && nowMs >= this.spec.warmupMs) this.tallies[TALLY.windowHurt]++;
    if (measured) {
      this.tallies[TALLY.windowInterrupted]++;
      this.slo?.onInterrupted(minuteOf(request));
      this.series?.onInterrupted(request.series, minuteOf(request));
    }
    this.unserved?.onInterrupted(request);
  }

  onStreamletState({ pool, from, to, reason }: StreamletChange): void {
    const nowMs = this.scheduler.nowMs();
    this.changeState(from, -1, pool, nowMs);
    this.changeState(to, 1, pool, nowMs);
    if (from === "none") {
      this.timeline.count(COUNT.spawns);
      if (nowMs >= this.spec.warmupMs) this.tallies[TALLY.spawns]++;
    }
    if (to !== "stopped") return;
    this.stops[reason] = (this.stops[reason] ?? 0) + 1;
    if (reason !== "" && failedInService(reason)) {
      this.crashedAtMs = nowMs;
      this.timeline.count(COUNT.crashes);
      if (nowMs >= this.spec.warmupMs) this.tallies[TALLY.crashes]++;
    }
  }

  onTrainer(event: TrainerEvent): void {
    this.log.addTrainerEvent(event);
  }

  onDecision(decision: DecisionRecord): void {
    this.log.add(decision);
  }

  onPolicyAsked(): void {
    this.log.ask();
  }

  onPolicyFailure(failure: PolicyFailureRecord): void {
    this.log.fail(failure);
  }

  /** This request still waits at the end of the run. Call it once for each. */
  onStillWaiting(request: StreamRequest): void {
    if (request.attempt > 0 || !this.isMeasured(request)) return;
    const waitMs = this.scheduler.nowMs() - request.arrivedAtMs;
    this.stillWaiting.record(waitMs);
    this.slo?.onStillWaiting(minuteOf(request), waitMs);
    this.series?.onStillWaiting(request.series, minuteOf(request), waitMs);
  }

  onHosts(count: number): void {
    this.levels.add(LEVEL.hosts, count - this.levels.value(LEVEL.hosts), this.scheduler.nowMs());
  }

  /** ∫ open streams on draining streamlets dt within the window, in ms. */
  openDrainingMs(endMs: number): number {
    return this.drainingStreamMs(endMs) - this.drainingBeforeWindowMs;
  }

  private isMeasured(request: StreamRequest): boolean {
    return request.arrivedAtMs >= this.spec.warmupMs;
  }

  private changeState(state: StreamletState | "none", delta: number, pool: number, nowMs: number): void {
    if (state === "ready") {
      this.levels.add(LEVEL.ready, delta, nowMs);
      this.levels.add(LEVEL.readySlots, delta * this.spec.pools[pool].slots, nowMs);
    } else if (state === "spawning") this.levels.add(LEVEL.spawning, delta, nowMs);
    else if (state === "draining") this.levels.add(LEVEL.draining, delta, nowMs);
    else if (state === "parked") this.levels.add(LEVEL.parked, delta, nowMs);
  }

  private readonly startWindow = (): void => {
    const nowMs = this.scheduler.nowMs();
    this.levels.startWindow(nowMs);
    this.drainingBeforeWindowMs = this.drainingStreamMs(nowMs);
  };

  private readonly closeBin = (): void => {
    if (this.timeline.closeBin(this.levels, this.drainingStreamMs(this.timeline.binEndMs)))
      this.scheduler.scheduleAt(this.timeline.binEndMs, Phase.Sample, this.closeBin);
  };
}
