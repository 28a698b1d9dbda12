// Connects the control plane with the world: decisions go to the data plane and to waiting
// clients, and reports come back as outside events. Its only state is the list of waiting
// clients.
import type { Socket } from "node:net";
import { InputError } from "../../base/errors.js";
import type { PastArrivals } from "../../control/monitor/arrival-counts.js";
import { ThreadTraining } from "../../forecasting/thread-training.js";
import type { StopReason, StreamletId, StreamRequest } from "../../ports/fleet.js";
import type { RejectReason, UnservedReason } from "../../ports/reasons.js";
import type { Telemetry } from "../../ports/telemetry.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { TelemetryTee } from "../../world/telemetry-tee.js";
import type { UserModules } from "../../world/user-modules.js";
import type { LineSink } from "../log/run-log.js";
import { writeHeader } from "../log/scenario-record.js";
import { MonotonicClock } from "../machine/host-clock.js";
import type { StreamletListener } from "../manager/streamlet-listener.js";
import type { Beat, OperatorRequest } from "../wire/messages.js";
import type { StreamOrder } from "../wire/stream-order.js";
import type { StreamReport } from "../wire/stream-report.js";
import { LiveWorld } from "./live-world.js";
import { noTelemetry } from "./no-telemetry.js";
import { PacedDriver } from "./paced-driver.js";
import type { PendingClient } from "./pending-client.js";
import type { FleetActuator } from "./process-fleet.js";

/** Carries decisions out: a ProcessHost in this process, or a manager in its own. */
export interface DataPlane {
  launch(id: StreamletId, pool: number): void;
  open(id: StreamletId, order: StreamOrder, socket: Socket): void;
  stop(id: StreamletId, reason: StopReason): void;
  kill(id: StreamletId, reason: StopReason): void;
}

/** A request as the gateway server has understood it. */
export interface Admission {
  readonly series: number;
  readonly region: number;
  readonly format: number;
  readonly attempt: number;
  /** Finite: a client that waited for ever would be a leak. */
  readonly patienceMs: number;
  /**
   * The hash of the client's name for its stream, if it gives one; the same over reconnections.
   */
  readonly source?: number;
}

/** Receives each stream's end and each heartbeat, with all measurements. */
export interface LiveListener {
  onReport(id: StreamletId, report: StreamReport): void;
  onBeat(id: StreamletId, beat: Beat): void;
  onStopped(id: StreamletId, reason: StopReason, detail: string, lost: readonly number[]): void;
}

export interface LiveRunParts {
  readonly scenario: Scenario;
  readonly policy: PolicySpec;
  readonly modules: UserModules;
  readonly sink: LineSink;
  readonly telemetry?: Telemetry;
  readonly listener?: LiveListener;
  readonly room: number;
  /** Arrivals counted before t=0, if a history was kept. */
  readonly past?: PastArrivals | undefined;
  readonly version: string;
  readonly retryAfterSeconds: number;
  /** The speed of the run's clock relative to wall time; 1 if left out. */
  readonly speed?: number;
}

/** One run: control plane, driver, and the clients that wait. */
export class LiveRun implements FleetActuator, StreamletListener {
  readonly world: LiveWorld;
  readonly driver: PacedDriver;
  private readonly trainer: ThreadTraining;
  private plane: DataPlane | undefined;
  private readonly waiting = new Map<number, PendingClient>();
  /** By streamlet: the open streams that had had an error by its last heartbeat. */
  private readonly degraded = new Map<StreamletId, readonly number[]>();
  private lastRequest = 0;
  private closed = false;

  constructor(private readonly parts: LiveRunParts) {
    const { scenario, policy, modules, sink, room, version, past } = parts;
    if (policy.min > room) {
      throw new InputError({
        code: "HR1509",
        got: `at least ${policy.min} streamlets asked for`,
        expected: `at most ${room}, the most that this machine may hold (--room)`,
      });
    }
    const known = past === undefined ? {} : { past };
    sink(writeHeader({ kind: "run", version, scenario, policy, startedAt: Date.now(), room, ...known }));
    const telemetry = new TelemetryTee(parts.telemetry ?? noTelemetry, this.answers());
    this.world = new LiveWorld(scenario, policy, { modules, actuator: this, sink, telemetry, room, past });
    this.driver = new PacedDriver(this.world, new MonotonicClock(parts.speed));
    this.trainer = new ThreadTraining((event) => event());
    this.world.training.connect(this.trainer, (event) => this.driver.inject(event));
  }

  /** Begins at t=0; the data plane must be up. */
  start(plane: DataPlane, untilMs: number, onEnd: () => void): void {
    this.plane = plane;
    this.driver.start(untilMs, () => {
      this.closed = true;
      void this.trainer.close();
      for (const client of this.waiting.values()) client.refuse("shutting-down", this.parts.retryAfterSeconds);
      this.waiting.clear();
      onEnd();
    });
  }

  get waitingClients(): number {
    return this.waiting.size;
  }

  /**
   * Injects a request. `client` makes the pending client, once the request has its number and can
   * be withdrawn.
   */
  request(admission: Admission, client: (onGone: () => void) => PendingClient): void {
    const request = ++this.lastRequest;
    const pending = client(() => this.withdraw(request));
    if (this.closed) {
      pending.refuse("shutting-down", this.parts.retryAfterSeconds);
      return;
    }
    this.waiting.set(request, pending);
    this.driver.inject({ kind: "request", request, ...admission });
    if (this.waiting.has(request)) pending.wait();
  }

  // --- orders of the control plane

  launch(id: StreamletId, pool: number): void {
    this.plane?.launch(id, pool);
  }

  open(id: StreamletId, request: StreamRequest): void {
    const client = this.waiting.get(request.id);
    if (client === undefined) return;
    this.waiting.delete(request.id);
    this.plane?.open(id, client.order(request.id), client.socket);
  }

  stop(id: StreamletId, reason: StopReason): void {
    this.plane?.stop(id, reason);
  }

  kill(id: StreamletId, reason: StopReason): void {
    this.plane?.kill(id, reason);
  }

  // --- reports of the data plane

  onReady(id: StreamletId): void {
    this.driver.inject({ kind: "ready", id });
  }

  onEnded(id: StreamletId, report: StreamReport): void {
    this.parts.listener?.onReport(id, report);
    const degraded = report.errorCount > 0;
    this.driver.inject({ kind: "ended", id, request: report.stream, end: report.end, degraded });
  }

  onBeat(id: StreamletId, beat: Beat): void {
    this.parts.listener?.onBeat(id, beat);
    if (beat.degraded === undefined) this.degraded.delete(id);
    else this.degraded.set(id, beat.degraded);
  }

  onStopped(id: StreamletId, reason: StopReason, detail: string, lost: readonly number[]): void {
    this.parts.listener?.onStopped(id, reason, detail, lost);
    const degraded = this.degraded.get(id);
    this.degraded.delete(id);
    this.driver.inject({ kind: "stopped", id, reason, ...(degraded === undefined ? {} : { degraded }) });
  }

  /** An operator asks, by the manager's API. */
  onAsked({ ask, id }: OperatorRequest): void {
    this.driver.inject({ kind: "asked", ask, id });
  }

  private withdraw(request: number): void {
    // It may have been answered in this very turn.
    if (this.waiting.has(request)) this.driver.inject({ kind: "withdrawn", request });
  }

  /** The control plane's answers to waiting clients. */
  private answers(): Telemetry {
    return {
      ...noTelemetry,
      onRejected: (request: StreamRequest, reason: RejectReason) => this.refuse(request.id, reason),
      onAbandoned: (request: StreamRequest) => this.refuse(request.id, "no-free-slot"),
    };
  }

  private refuse(request: number, reason: UnservedReason): void {
    const client = this.waiting.get(request);
    this.waiting.delete(request);
    client?.refuse(reason, this.parts.retryAfterSeconds);
  }
}
