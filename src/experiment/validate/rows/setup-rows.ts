import {
  type SetupQueue,
  type SetupQueueMeans,
  setupQueueMeans,
  singleServerSetupResponseMs,
  staggeredSetupQueueMeans,
  unlimitedSetupQueueMeans,
} from "../../../base/setup-queues.js";
import { fixedSpawnReference } from "../fixed-spawn-reference.js";
import { metric, secondsOf } from "../measures.js";
import {
  type Check,
  meanWidth,
  NARROW,
  type RowScenario,
  type RunLength,
  runLength,
  type ValidationRow,
} from "../row.js";
import { exponentialHolding } from "./queue-scenario.js";

const HOLDING_MS = 1000;
const SPAWN_S = 10;
const exponentialSpawn = { kind: "exponential", mean: `${SPAWN_S}s` };
const constantSpawn = { kind: "constant", value: `${SPAWN_S}s` };
/** An on-demand policy reads the whole fleet at each event. */
const COST_PER_ARRIVAL = 3;

/** Streamlets of one slot: created when a request waits, and ended as soon as they are idle. */
function setupScenario(
  load: number,
  spawn: Readonly<Record<string, unknown>>,
  max: number | undefined,
  knobs: Readonly<Record<string, unknown>> = {},
): RowScenario {
  return {
    traffic: { source: "poisson", rate: `${load}/s` },
    streams: { holding: exponentialHolding },
    fleet: { streamlet: { slots: 1, spawn }, ...(max === undefined ? {} : { max }) },
    policies: [{ kind: "on-demand", idleTimeout: "0s", ...knobs }],
  };
}

function responseCheck(exact: Check["exact"], utilisation: number): Check {
  return {
    quantity: "E[response]",
    unit: "s",
    exact,
    measure: secondsOf("responseMsMean"),
    widestHalfWidth: meanWidth(utilisation),
    controlled: true,
  };
}

function spawningCheck(exact: Check["exact"]): Check {
  return {
    quantity: "E[spawning]",
    unit: "",
    exact,
    measure: metric("streamletsSpawningMean"),
    widestHalfWidth: NARROW,
    controlled: true,
  };
}

/** The controls use E[on], so it is checked without them. */
function onCheck(exact: number): Check {
  return {
    quantity: "E[on]",
    unit: "",
    exact,
    measure: metric("streamletsReadyMean"),
    widestHalfWidth: NARROW,
    controlled: false,
  };
}

const row = (parts: Omit<ValidationRow, "arrivalsPerSecond" | "costPerArrival">): ValidationRow => ({
  ...parts,
  arrivalsPerSecond: parts.load,
  costPerArrival: COST_PER_ARRIVAL,
});

function singleServerRow(
  id: string,
  letter: string,
  spawn: Readonly<Record<string, unknown>>,
  spawnCv: number,
  length: RunLength,
): ValidationRow {
  const load = 0.5;
  return row({
    id,
    model: `M/M/1/setup at ${load} erlangs, spawn ${letter} of mean ${SPAWN_S} s`,
    source: "Welch 1964",
    scenario: setupScenario(load, spawn, 1),
    length,
    load,
    checks: [
      responseCheck(singleServerSetupResponseMs(load, HOLDING_MS, SPAWN_S * 1000, spawnCv) / 1000, load),
      // Renewal reward: of the time off, 1 − ρ, a mean setup in every 1/λ + E[D].
      spawningCheck((1 - load) / (1 + 1 / (load * SPAWN_S))),
    ],
  });
}

function clusterRow(
  names: Pick<ValidationRow, "id" | "model" | "source">,
  { servers, load, setupMs }: SetupQueue,
  means: SetupQueueMeans,
  knobs: Readonly<Record<string, unknown>>,
  length: RunLength,
): ValidationRow {
  return row({
    ...names,
    scenario: setupScenario(load, { kind: "exponential", mean: `${setupMs / 1000}s` }, servers, knobs),
    length,
    load,
    checks: [responseCheck(means.responseMs / 1000, load / servers), onCheck(means.on), spawningCheck(means.inSetup)],
  });
}

/** No closed form: compared with a second, independent simulation. */
function fixedSpawnRow(servers: number, load: number, length: RunLength): ValidationRow {
  return row({
    id: `fixed-spawn-${servers}`,
    model: `M/M/${servers}/setup at ${load} erlangs, spawn D of ${SPAWN_S} s`,
    source: "second simulation; Williams, Wang, Harchol-Balter 2022",
    scenario: setupScenario(load, constantSpawn, servers),
    length,
    load,
    checks: [responseCheck({ reference: "responseS" }, load / servers), spawningCheck({ reference: "spawning" })],
    reference: (seed, effort, signal) =>
      fixedSpawnReference({ servers, load, spawnS: SPAWN_S, ...length }, seed, effort, signal),
  });
}

const ten: SetupQueue = { servers: 10, load: 5, holdingMs: HOLDING_MS, setupMs: SPAWN_S * 1000 };
/** Spawns of 10 s, one at a time, would give backlogs that need 40 M requests to average out. */
const staggered: SetupQueue = { servers: 4, load: 2, holdingMs: HOLDING_MS, setupMs: 1000 };
const unlimited = unlimitedSetupQueueMeans(ten);

export const setupRows: readonly ValidationRow[] = [
  singleServerRow("setup-1", "M", exponentialSpawn, 1, runLength(7.2e6, 300)),
  singleServerRow("setup-1-constant", "D", constantSpawn, 0, runLength(5e5, 300)),
  clusterRow(
    {
      id: "setup-10",
      model: "M/M/10/setup at 5 erlangs, spawn M of mean 10 s",
      source: "Gandhi, Doroudi, Harchol-Balter, Scheller-Wolf 2013",
    },
    ten,
    setupQueueMeans(ten),
    {},
    runLength(6.8e5, 200),
  ),
  clusterRow(
    {
      id: "staggered-setup-4",
      model: "M/M/4/setup one at a time, at 2 erlangs, spawn M of mean 1 s",
      source: "Gandhi, Harchol-Balter, Adan 2010",
    },
    staggered,
    staggeredSetupQueueMeans(staggered),
    { spawnsAtOnce: 1 },
    runLength(3.6e5, 200),
  ),
  row({
    id: "setup-unlimited",
    model: `M/M/∞/setup at 5 erlangs, spawn M of mean ${SPAWN_S} s`,
    source: "Gandhi, Harchol-Balter, Adan 2010",
    scenario: setupScenario(5, exponentialSpawn, undefined),
    length: runLength(3.6e5, 200),
    load: 5,
    checks: [responseCheck(unlimited.responseMs / 1000, 0), onCheck(unlimited.on), spawningCheck(unlimited.inSetup)],
  }),
  fixedSpawnRow(10, 5, runLength(3.9e5, 200)),
  fixedSpawnRow(30, 15, runLength(2.7e5, 200)),
];
