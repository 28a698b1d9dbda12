// Watching a simulation of 4,500 to 5,000 streamlets in the terminal at full speed: the CPU time
// of a frame, and how much more CPU the simulation takes than without a watcher. CPU time,
// paired, since a busy machine stretches wall time.
import { parseScenario } from "../../dist/experiment/scenario-file.js";
import { Terminal } from "../../dist/tui/run/terminal.js";
import { WatchSession } from "../../dist/tui/run/watch-session.js";
import { simulatedRun } from "../../dist/tui/source/simulated-run.js";
import { SteppedSource } from "../../dist/tui/source/stepped-source.js";
import { SPEEDS } from "../../dist/tui/state/ui-state.js";
import { SimulatedRun } from "../../dist/world/simulate.js";
import { noUserModules } from "../../dist/world/user-modules.js";
import { median } from "./measure.mjs";

const PAIRS = 5;
const WORLD = {
  name: "watched",
  seed: 1,
  duration: "1h",
  traffic: { source: "sinusoid", rate: "300/s", amplitude: 0.05, period: "1h" },
  streams: { holding: { kind: "exponential", mean: "2min" } },
  fleet: { streamlet: { slots: 8, spawn: { kind: "constant", value: "2s" } }, max: 8000 },
  policies: [{ kind: "square-root", min: 5000 }],
  slo: { startLatencyP99: "200ms" },
};

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function unwatched(scenario) {
  const began = cpuMs();
  new SimulatedRun(scenario, scenario.policies[0], noUserModules).advance(scenario.durationMs);
  return cpuMs() - began;
}

async function watched(scenario) {
  const began = cpuMs();
  const source = new SteppedSource("simulation", simulatedRun(scenario, scenario.policies[0], noUserModules));
  const terminal = new Terminal({ columns: 200, rows: 60, write: () => true });
  terminal.enter();
  const session = new WatchSession(source, terminal, { withColour: true, speed: SPEEDS.length - 1 });
  const ended = session.run(new AbortController().signal);
  const look = setInterval(() => {
    if (source.reachedMs >= source.endMs) session.key({ text: "q" });
  }, 20);
  await ended;
  clearInterval(look);
  terminal.leave();
  return { cpuMs: cpuMs() - began, cost: session.cost };
}

export async function run() {
  const scenario = await parseScenario("watched.yaml", JSON.stringify(WORLD));
  unwatched(scenario);
  await watched(scenario);
  const pairs = [];
  for (let i = 0; i < PAIRS; i++) {
    const theirs = unwatched(scenario);
    pairs.push({ theirs, ...(await watched(scenario)) });
  }
  const frameMs = median(pairs.map(({ cost }) => cost.drawMs / cost.frames));
  const ratios = pairs.map(({ cpuMs: ours, theirs }) => ours / theirs);
  const share = median(ratios) - 1;
  const mostBytes = Math.max(...pairs.map(({ cost }) => cost.mostBytes));
  const frames = median(pairs.map(({ cost }) => cost.frames));
  return [
    {
      key: "watch.frameMs",
      what: "A frame of 200 × 60 cells, 5,000 streamlets (10 frames a second leave 100 ms)",
      value: frameMs,
      unit: "ms",
      atMost: 10,
      detail: `CPU time; ${frames} frames a run, at most ${mostBytes} bytes each`,
    },
    {
      key: "watch.cost",
      what: "Watching a simulation at full speed: CPU time beyond that of the simulation",
      value: share,
      unit: "",
      atMost: 0.1,
      detail: `${PAIRS} pairs of runs, ${ratios.map((ratio) => ratio.toFixed(2)).join(", ")}`,
    },
  ];
}
