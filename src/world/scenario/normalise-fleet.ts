import { constantLaw, empiricalLaw } from "../../base/distribution.js";
import { normaliseLaw } from "./normalise-law.js";
import { hostPolicyKinds, normaliseInner, type WrittenPolicy } from "./normalise-policy.js";
import type { TrafficNames } from "./normalise-series.js";
import type { Resources } from "./resources.js";
import type { FleetSpec, HostsSpec, RegionSpec, SpawnSpec, StreamletClassSpec } from "./scenario.js";
import type { WrittenScenario } from "./schema/document.js";
import type { ScenarioFault } from "./schema/issues.js";

const OPEN = Number.POSITIVE_INFINITY;
/** Between two regions whose distance is left out: half a world's round trip, so that a stated one is always nearer. */
const UNKNOWN_DISTANCE_MS = 200;

/** As kubelet has it: a container that ran for 10 minutes starts again without back-off. */
const HEALTHY_AFTER_MS = 600_000;

/** More hosts than any region has; a runaway policy must not fill the memory. */
const MAX_ELASTIC_HOSTS = 10_000;

type WrittenRegion = NonNullable<WrittenScenario["fleet"]["regions"]>[number];
type WrittenClass = Exclude<WrittenScenario["fleet"]["streamlet"], readonly unknown[]>;

export function normaliseFleet(
  written: WrittenScenario,
  names: TrafficNames,
  resources: Resources,
  faults: ScenarioFault[],
): FleetSpec | undefined {
  const { fleet } = written;
  const before = faults.length;
  const list = Array.isArray(fleet.streamlet) ? fleet.streamlet : [fleet.streamlet];
  const classes = list.map((one, i) => normaliseClass(one, i, list.length, names, resources));
  const regions = names.regions.map((name, r) => normaliseRegion(name, r, written, names.regions, resources, faults));
  if (new Set(names.regions).size < names.regions.length) {
    faults.push({ path: ["fleet", "regions"], got: "two regions of one name", expected: "names that differ" });
  }
  if (new Set(classes.map((one) => one.name)).size < classes.length) {
    faults.push({
      path: ["fleet", "streamlet"],
      got: "two streamlet classes of one name",
      expected: "names that differ",
    });
  }
  if (fleet.max === 0) {
    faults.push({
      path: ["fleet", "max"],
      got: "no room for one streamlet",
      expected: "at least 1",
      remedy: "Leave it out for no limit",
    });
  }
  if (faults.length > before) return undefined;
  return {
    regions,
    classes,
    max: fleet.max ?? OPEN,
    warmPool: fleet.warmPool ?? 0,
    warmStart: fleet.warmStart === undefined ? constantLaw(0) : normaliseLaw(fleet.warmStart, resources),
    scaleIn: {},
    restart: {
      backoffMs: fleet.restart?.backoff ?? 1000,
      factor: fleet.restart?.factor ?? 2,
      maxMs: fleet.restart?.max ?? 300_000,
      healthyAfterMs: fleet.restart?.healthyAfter ?? HEALTHY_AFTER_MS,
    },
  };
}

function normaliseClass(
  one: WrittenClass,
  i: number,
  count: number,
  names: TrafficNames,
  resources: Resources,
): StreamletClassSpec {
  return {
    name: one.name ?? (count === 1 ? "streamlet" : (one.formats?.join("+") ?? `class-${i + 1}`)),
    slots: one.slots,
    cpu: one.cpu ?? OPEN,
    memoryBytes: one.memory ?? OPEN,
    bitsPerSecond: one.network ?? OPEN,
    baseMemoryBytes: one.baseMemory ?? 0,
    formats:
      one.formats === undefined
        ? names.formats.map((_, f) => f)
        : one.formats.map((format) => names.formats.indexOf(format)),
    weight: one.weight ?? one.slots,
    ...(one.pids === undefined ? {} : { pids: one.pids }),
    spawn: normaliseSpawn(one.spawn, resources),
  };
}

function normaliseSpawn(written: WrittenClass["spawn"], resources: Resources): SpawnSpec {
  if (written === undefined) return { law: constantLaw(0), contention: 0 };
  if (typeof written === "object" && "profile" in written) {
    const profile = resources.profile(written.profile);
    const law = empiricalLaw(profile.valuesMs);
    const { line } = profile;
    return { law, contention: written.contention ?? profile.contention, ...(line === undefined ? {} : { line }) };
  }
  const contention = typeof written === "number" ? 0 : (written.contention ?? 0);
  return { law: normaliseLaw(written, resources), contention };
}

function normaliseRegion(
  name: string,
  r: number,
  scenario: WrittenScenario,
  names: readonly string[],
  resources: Resources,
  faults: ScenarioFault[],
): RegionSpec {
  const written = scenario.fleet.regions;
  const region = written?.[r];
  if (region !== undefined && region.hosts === undefined) {
    for (const key of ["cpu", "memory", "network", "cpuOvercommit", "placement"] as const) {
      if (region[key] !== undefined)
        faults.push({
          path: ["fleet", "regions", r, key],
          atKey: true,
          got: `${key} of the hosts of region "${name}", which has none`,
          expected: "hosts beside it",
          remedy: "Add hosts: 4, or leave it out for no host limits",
        });
    }
  }
  const distances = region?.distance ?? {};
  for (const other of Object.keys(distances)) {
    if (!names.includes(other)) {
      faults.push({
        path: ["fleet", "regions", r, "distance", other],
        atKey: true,
        got: `the unknown region "${other}"`,
        expected: `one of ${names.join(", ")}`,
      });
    }
  }
  const distanceMs = names.map((other, o) => {
    if (o === r) return 0;
    return distances[other] ?? written?.[o]?.distance?.[name] ?? UNKNOWN_DISTANCE_MS;
  });
  const hosts = region === undefined ? undefined : normaliseHosts(region, r, scenario, resources, faults);
  return { name, hosts, max: region?.max ?? OPEN, distanceMs };
}

function normaliseHosts(
  region: WrittenRegion,
  r: number,
  scenario: WrittenScenario,
  resources: Resources,
  faults: ScenarioFault[],
): HostsSpec | undefined {
  const { hosts } = region;
  if (hosts === undefined) return undefined;
  const each = {
    cpu: region.cpu ?? OPEN,
    memoryBytes: region.memory ?? OPEN,
    bitsPerSecond: region.network ?? OPEN,
    cpuOvercommit: region.cpuOvercommit ?? 1,
    placement: region.placement ?? ("best-fit" as const),
  };
  if (typeof hosts === "number") return { ...each, count: hosts };
  const path = ["fleet", "regions", r, "hosts"];
  const { min = 1, max = MAX_ELASTIC_HOSTS } = hosts;
  if (min > max) faults.push({ path: [...path, "min"], got: `min ${min} above max ${max}`, expected: "min ≤ max" });
  if (each.cpu === OPEN && each.memoryBytes === OPEN && each.bitsPerSecond === OPEN) {
    faults.push({
      path,
      got: "elastic hosts without a limit, of which one is enough for ever",
      expected: "cpu, memory or network of a host",
    });
  }
  const entry = (hosts.policy ?? { kind: "predictive" }) as WrittenPolicy;
  const policy = normaliseInner(scenario, entry, [...path, "policy"], hostPolicyKinds, resources, faults);
  if (policy === undefined) return undefined;
  const spawn = hosts.spawn === undefined ? constantLaw(0) : normaliseLaw(hosts.spawn, resources);
  return { ...each, count: min, elastic: { min, max: Math.min(max, MAX_ELASTIC_HOSTS), spawn, policy } };
}
