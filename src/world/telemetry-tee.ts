import type { StreamEnd, StreamletId, StreamRequest } from "../ports/fleet.js";
import type {
  DecisionRecord,
  PolicyFailureRecord,
  RejectReason,
  StreamletChange,
  Telemetry,
} from "../ports/telemetry.js";
import type { TrainerEvent } from "../ports/training.js";

/**
 * Passes each report to two listeners, the first one first: the recorder measures while a second
 * one watches.
 */
export class TelemetryTee implements Telemetry {
  constructor(
    private readonly first: Telemetry,
    private readonly second: Telemetry,
  ) {}

  onArrival(request: StreamRequest): void {
    this.first.onArrival(request);
    this.second.onArrival(request);
  }

  onRejected(request: StreamRequest, reason: RejectReason): void {
    this.first.onRejected(request, reason);
    this.second.onRejected(request, reason);
  }

  onAbandoned(request: StreamRequest): void {
    this.first.onAbandoned(request);
    this.second.onAbandoned(request);
  }

  onWaiting(request: StreamRequest): void {
    this.first.onWaiting(request);
    this.second.onWaiting(request);
  }

  onAssigned(request: StreamRequest, id: StreamletId, waited: boolean): void {
    this.first.onAssigned(request, id, waited);
    this.second.onAssigned(request, id, waited);
  }

  onStreamEnded(request: StreamRequest, end: StreamEnd, degraded: boolean): void {
    this.first.onStreamEnded(request, end, degraded);
    this.second.onStreamEnded(request, end, degraded);
  }

  onStreamletState(change: StreamletChange): void {
    this.first.onStreamletState(change);
    this.second.onStreamletState(change);
  }

  onDecision(decision: DecisionRecord): void {
    this.first.onDecision(decision);
    this.second.onDecision(decision);
  }

  onPolicyAsked(): void {
    this.first.onPolicyAsked?.();
    this.second.onPolicyAsked?.();
  }

  onPolicyFailure(failure: PolicyFailureRecord): void {
    this.first.onPolicyFailure?.(failure);
    this.second.onPolicyFailure?.(failure);
  }

  onTrainer(event: TrainerEvent): void {
    this.first.onTrainer?.(event);
    this.second.onTrainer?.(event);
  }

  onHosts(count: number): void {
    this.first.onHosts?.(count);
    this.second.onHosts?.(count);
  }
}
