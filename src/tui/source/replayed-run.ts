import type { LoggedRun } from "../../live/log/run-log-reader.js";
import { bringIn } from "../../live/replay/replay.js";
import { LiveWorld } from "../../live/run/live-world.js";
import { noActuator } from "../../live/run/process-fleet.js";
import type { UserModules } from "../../world/user-modules.js";
import { FleetWatch } from "../../world/watch/fleet-watch.js";
import { runFacts } from "../../world/watch/run-facts.js";
import type { SteppedRun } from "./stepped-run.js";

/**
 * The replay of a live run's log, driven step by step. `onDifference` gets the number of the
 * first line that differs from the log: from there on the picture is not that of the run.
 */
export function replayedRun(run: LoggedRun, modules: UserModules, onDifference: (line: number) => void): SteppedRun {
  const { header, lines, events, endMs } = run;
  const scenario = { ...header.scenario, durationMs: Math.max(1, endMs) };
  const facts = runFacts(scenario, header.policy);
  // The first line is the header, which the world does not write.
  let line = 1;
  let isSame = true;
  const sink = (replayed: string): void => {
    if (isSame && lines[line] !== replayed) {
      isSame = false;
      onDifference(line + 1);
    }
    line++;
  };
  // The world is created with its listener, which reads the time only later.
  const watch = new FleetWatch(facts, { nowMs: () => world.kernel.nowMs() });
  const { room, past } = header;
  const parts = { modules, actuator: noActuator, sink, telemetry: watch, room, past };
  const world: LiveWorld = new LiveWorld(scenario, header.policy, parts);
  world.start();
  let next = 0;
  return {
    facts,
    runTo(atMs) {
      for (; next < events.length && events[next].at <= atMs; next++) bringIn(world, events[next]);
      world.kernel.run(atMs);
    },
    sample: () => watch.sample({ control: world.control, slo: world.recorder.slo }),
  };
}
