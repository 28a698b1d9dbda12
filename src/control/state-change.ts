import type { StopReason } from "../ports/fleet.js";
import type { StreamletState, Telemetry } from "../ports/telemetry.js";
import type { Streamlet } from "./streamlet.js";

/** Puts a streamlet into a state, and reports the change. `reason` says why it stopped. */
export function changeState(
  streamlet: Streamlet,
  to: StreamletState,
  reason: StopReason | "",
  telemetry: Telemetry,
): void {
  const from = streamlet.state;
  streamlet.state = to;
  const { id, pool } = streamlet;
  telemetry.onStreamletState({ id, pool, from, to, reason });
}
