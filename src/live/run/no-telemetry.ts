import type { Telemetry } from "../../ports/telemetry.js";

/** Drops every event. */
export const noTelemetry: Telemetry = {
  onArrival: () => undefined,
  onRejected: () => undefined,
  onAbandoned: () => undefined,
  onWaiting: () => undefined,
  onAssigned: () => undefined,
  onStreamEnded: () => undefined,
  onStreamletState: () => undefined,
  onDecision: () => undefined,
};
