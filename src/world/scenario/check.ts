import { distributionOf } from "../../base/distribution.js";
import { formatBytes, formatCount, formatDuration } from "../../base/units.js";
import { MAX_DESIRED } from "../../control/decider.js";
import { expectedArrivals } from "../history.js";
import { withUnit } from "../unit.js";
import type { Scenario } from "./scenario.js";
import type { ScenarioFault } from "./schema/issues.js";
import { reservedCaps } from "./sections/hosts.js";

/** 10 million open streams, as the lease table holds at most. */
const MAX_OPEN_STREAMS = 10_000_000;
/** A hundred years of minutes would exceed the memory of the SLO's counters. */
const MAX_DURATION_MS = 10 * 365 * 86_400_000;

/** Faults in values that are each valid. */
export function checkScenario(scenario: Scenario, meanHoldingMs: number): ScenarioFault[] {
  return [
    ...checkTimes(scenario),
    ...checkCapacity(scenario, (c, count) => (count === 1 ? ["fleet", "streamlet"] : ["fleet", "streamlet", c])),
    ...scenario.policies.flatMap((policy, i) =>
      policy.unit === undefined
        ? []
        : checkCapacity(withUnit(scenario, policy), () => ["policies", i, "unit"]).slice(0, 1),
    ),
    ...checkLoad(scenario, meanHoldingMs),
    ...checkSpawns(scenario),
    ...checkHogs(scenario),
    ...checkPolicies(scenario),
  ];
}

function checkTimes(scenario: Scenario): ScenarioFault[] {
  const faults: ScenarioFault[] = [];
  if (scenario.warmupMs >= scenario.durationMs) {
    faults.push({
      path: ["warmup"],
      got: `a warm-up of ${formatDuration(scenario.warmupMs)}`,
      expected: `less than the duration (${formatDuration(scenario.durationMs)})`,
      remedy: "Nothing would be measured: shorten the warm-up",
    });
  }
  if (scenario.durationMs > MAX_DURATION_MS) {
    faults.push({
      path: ["duration"],
      got: formatDuration(scenario.durationMs),
      expected: `at most ${formatDuration(MAX_DURATION_MS)}`,
    });
  }
  if (scenario.traffic.historyMs > MAX_DURATION_MS) {
    faults.push({
      path: ["traffic", "history"],
      got: formatDuration(scenario.traffic.historyMs),
      expected: `at most ${formatDuration(MAX_DURATION_MS)}`,
    });
  }
  if (scenario.durationMs < 1)
    faults.push({ path: ["duration"], got: formatDuration(scenario.durationMs), expected: "at least 1 ms" });
  return faults;
}

/** Each class must fit on a host of each region that has hosts, and hold one stream. */
function checkCapacity(
  scenario: Scenario,
  pathOf: (index: number, count: number) => readonly (string | number)[],
): ScenarioFault[] {
  const faults: ScenarioFault[] = [];
  const streamMemory = scenario.streams.memoryBytes;
  const { classes, regions } = scenario.fleet;
  classes.forEach((one, c) => {
    const path = pathOf(c, classes.length);
    for (const region of regions) {
      const { hosts } = region;
      if (hosts === undefined) continue;
      const short = reservedCaps
        .filter(({ field, roomOf }) => one[field] !== Infinity && one[field] > roomOf(hosts))
        .map(({ field, inWords }) => inWords(one[field], hosts[field]));
      if (short.length > 0) {
        faults.push({
          path,
          got: `a streamlet that no host of region "${region.name}" can hold (${short.join(", ")})`,
          expected: "caps that fit on one host",
          remedy: "Lower the streamlet's caps or enlarge the hosts",
        });
      }
    }
    if (streamMemory === undefined) {
      if (one.baseMemoryBytes <= one.memoryBytes) return;
      faults.push({
        path: [...path, "baseMemory"],
        got: `an idle streamlet of ${formatBytes(one.baseMemoryBytes)} under a cap of ${formatBytes(one.memoryBytes)}`,
        expected: "baseMemory of at most memory",
        remedy: "Raise fleet.streamlet.memory, or lower baseMemory",
      });
      return;
    }
    const least = one.baseMemoryBytes + distributionOf(streamMemory).quantile(0);
    const cap = Math.min(one.memoryBytes, scenario.faults.oomAboveBytes);
    if (least > cap) {
      faults.push({
        path,
        got: `a streamlet of ${formatBytes(cap)} that cannot hold one stream (${formatBytes(least)})`,
        expected: "memory for at least one stream",
        remedy: "Raise fleet.streamlet.memory or lower streams.memory",
      });
    } else if (
      streamMemory.kind === "constant" &&
      one.baseMemoryBytes + one.slots * streamMemory.value > cap &&
      scenario.faults.oomAboveBytes === Infinity
    ) {
      faults.push({
        path: [...path, "slots"],
        got:
          `${one.slots} slots that need ` +
          `${formatBytes(one.baseMemoryBytes + one.slots * streamMemory.value)} when full`,
        expected: `at most the streamlet's ${formatBytes(cap)}`,
        remedy: "Lower slots, raise memory, or set faults.oomAbove to simulate the kills",
      });
    }
  });
  return faults;
}

/** Offered load that would exceed the memory, whatever the policy does. */
function checkLoad(scenario: Scenario, meanHoldingMs: number): ScenarioFault[] {
  const arrivals = expectedArrivals(scenario.traffic.source, 0, scenario.durationMs);
  const offered = (arrivals / scenario.durationMs) * Math.min(meanHoldingMs, scenario.durationMs);
  if (offered <= MAX_OPEN_STREAMS) return [];
  return [
    {
      path: ["traffic"],
      got: `an offered load of ${formatCount(offered)} open streams`,
      expected: `at most ${formatCount(MAX_OPEN_STREAMS)}, the most that memory holds`,
      remedy: "Lower traffic.rate or streams.holding",
    },
  ];
}

/**
 * Spawns that take no time, always fail and are retried at once would repeat for ever at one
 * instant.
 */
function checkSpawns({ faults, fleet }: Scenario): ScenarioFault[] {
  const atOnce = fleet.classes.some(({ spawn }) => spawn.law.kind === "constant" && spawn.law.value === 0);
  if (faults.spawnFailure < 1 || fleet.restart.backoffMs > 0 || !atOnce) return [];
  return [
    {
      path: ["faults", "spawnFailure"],
      got: "spawns that take no time, always fail, and are tried again at once",
      expected: "time to pass between two attempts",
      remedy: "Raise fleet.restart.backoff, or lower faults.spawnFailure below 1",
    },
  ];
}

/** Only a cap ends a streamlet that takes all memory. Without one it would fill the machine's. */
function checkHogs({ faults, fleet }: Scenario): ScenarioFault[] {
  const never = faults.memoryHogMtbfMs === Infinity;
  if (never || fleet.classes.every((one) => one.memoryBytes !== Infinity)) return [];
  return [
    {
      path: ["faults", "memoryHogMtbf"],
      got: "streamlets that take all memory, and no cap that ends them",
      expected: "memory of each streamlet class",
      remedy: "Set fleet.streamlet.memory, e.g. 96MiB, or leave memoryHogMtbf out",
    },
  ];
}

/** Streamlets that would exist from the start. */
function checkPolicies(scenario: Scenario): ScenarioFault[] {
  return scenario.policies.flatMap(({ min, knobs, kind }, i) => {
    const key = kind === "static" ? "count" : "min";
    const count = key === "count" ? Number(knobs.count) : min;
    if (!(count > MAX_DESIRED)) return [];
    const expected = `at most ${formatCount(MAX_DESIRED)} in each region and class`;
    return [{ path: ["policies", i, key], got: `${formatCount(count)} streamlets`, expected }];
  });
}
