import type { FleetListener, StopReason, StreamletId } from "../ports/fleet.js";
import type { FleetEntry, FleetLedger } from "./fleet-ledger.js";

/** The part of a fleet that its ledger does alone. The simulated and the real fleet share it. */
export abstract class LedgeredFleet<E extends FleetEntry> {
  protected abstract readonly ledger: FleetLedger<E>;

  /** Open streams over all streamlets. */
  get open(): number {
    return this.ledger.open;
  }

  subscribe(listener: FleetListener): void {
    this.ledger.subscribe(listener);
  }

  drain(id: StreamletId): void {
    this.ledger.drain(id);
  }

  undrain(id: StreamletId): void {
    this.ledger.undrain(id);
  }

  terminate(id: StreamletId, reason: StopReason): void {
    this.ledger.terminate(id, reason);
  }

  /** Streamlet-milliseconds so far, ended and living. */
  lifetimesMs(nowMs: number): number {
    return this.ledger.lifetimesMs(nowMs);
  }
}
