import { InputError } from "../../base/errors.js";
import type { UserModules } from "../../world/user-modules.js";
import { isOutside, type LoggedEvent, loggedRecord } from "../log/logged-event.js";
import { phaseOf } from "../log/outside-event.js";
import type { LineSink } from "../log/run-log.js";
import { type RunHeader, readHeader, writeHeader } from "../log/scenario-record.js";
import { LiveWorld } from "../run/live-world.js";
import { noTelemetry } from "../run/no-telemetry.js";
import { noActuator } from "../run/process-fleet.js";

/**
 * Drives the world of a log with the log's outside events, at full speed, and writes the
 * resulting log. The same header and events give the same bytes. Returns the world at its end.
 * Throws an InputError at a line that is not a record. `measuredMs`: the length of the timeline,
 * for a run shorter than the scenario's duration (such as a server's month).
 */
export function replayRun(
  lines: Iterable<string>,
  file: string,
  modules: (header: RunHeader) => UserModules,
  sink: LineSink,
  measuredMs?: number,
): LiveWorld {
  let world: LiveWorld | undefined;
  let number = 0;
  for (const line of lines) {
    number++;
    if (world === undefined) {
      const header = readHeader(line, file);
      sink(writeHeader(header));
      const { room, past } = header;
      const parts = { modules: modules(header), actuator: noActuator, sink, telemetry: noTelemetry, room, past };
      const { scenario } = header;
      const measured = measuredMs === undefined ? scenario : { ...scenario, durationMs: measuredMs };
      world = new LiveWorld(measured, header.policy, parts);
      world.start();
      continue;
    }
    const record = loggedRecord(line, file, number);
    if (isOutside(record)) bringIn(world, record);
  }
  if (world === undefined)
    throw new InputError({ code: "HR1109", where: file, got: "an empty file", expected: "a run log" });
  return world;
}

/** The same three steps as in PacedDriver.inject. */
export function bringIn(world: LiveWorld, logged: LoggedEvent): void {
  const { at, ...event } = logged;
  world.kernel.run(at);
  if (event.kind !== "end") world.kernel.inject(at, phaseOf(event), () => world.apply(event));
  world.log.outside(at, event);
  world.kernel.run(at);
}
