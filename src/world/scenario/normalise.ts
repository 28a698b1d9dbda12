import { parseInstant } from "../../base/calendar.js";
import { constantLaw, distributionOf, type Law } from "../../base/distribution.js";
import { canonicalJson, hashText } from "../../base/hash.js";
import { checkScenario } from "./check.js";
import { normaliseFleet } from "./normalise-fleet.js";
import { normaliseLaw } from "./normalise-law.js";
import { isModule, normalisePolicies } from "./normalise-policy.js";
import { trafficNames, writtenSeries } from "./normalise-series.js";
import { DEFAULT_EPOCH, placeTrace } from "./normalise-trace.js";
import type { Resources } from "./resources.js";
import type { GatewaySpec, ReconnectSpec, Scenario, SloSpec, SourceSpec, TrafficSpec } from "./scenario.js";
import type { WrittenScenario } from "./schema/document.js";
import type { ScenarioFault } from "./schema/issues.js";
import type { WrittenLaw } from "./schema/law.js";

const DAY_MS = 86_400_000;
/** As live mode has it where a scenario says nothing. */
export const defaultQuarantine = { deaths: 3, windowMs: 60_000, holdMs: 600_000 } as const;

/** Fills every default in and resolves every name; `raw` is the document before its units were read. Faults are pushed. */
export function normaliseScenario(
  written: WrittenScenario,
  raw: unknown,
  resources: Resources,
  faults: ScenarioFault[],
): Scenario | undefined {
  const names = trafficNames(written, resources.trace);
  const traffic = normaliseTraffic(written, names, resources, faults);
  const fleet = normaliseFleet(written, names, resources, faults);
  const policies = normalisePolicies(written, raw, resources, faults);
  if (traffic === undefined || fleet === undefined || faults.length > 0) return undefined;
  const law = (of: WrittenLaw | undefined): Law | undefined =>
    of === undefined ? undefined : normaliseLaw(of, resources);
  const patience = law(written.streams.patience);
  const scenario: Scenario = {
    name: written.name,
    hash: "",
    seed: typeof written.seed === "number" ? written.seed : written.seed === undefined ? 1 : seedOf(written.seed),
    durationMs: written.duration,
    warmupMs: written.warmup ?? 0,
    replications: written.replications ?? 1,
    traffic,
    streams: {
      holding: normaliseLaw(written.streams.holding, resources),
      patience: patience?.kind === "constant" && patience.value === Number.POSITIVE_INFINITY ? undefined : patience,
      cpu: law(written.streams.cpu),
      memoryBytes: law(written.streams.memory),
      bitsPerSecond: law(written.streams.bitrate),
    },
    reconnect: reconnectOf(written),
    fleet,
    faults: {
      streamletMtbfMs: written.faults?.streamletMtbf ?? Number.POSITIVE_INFINITY,
      spawnFailure: written.faults?.spawnFailure ?? 0,
      hostMtbfMs: written.faults?.hostMtbf ?? Number.POSITIVE_INFINITY,
      hostRepair: law(written.faults?.hostRepair) ?? constantLaw(300_000),
      oomAboveBytes: written.faults?.oomAbove ?? Number.POSITIVE_INFINITY,
      // Absent where not written, so that the hashes of scenarios without them stay.
      ...(written.faults?.hangMtbf === undefined ? {} : { hangMtbfMs: written.faults.hangMtbf }),
      ...(written.faults?.hangTimeout === undefined ? {} : { hangTimeoutMs: written.faults.hangTimeout }),
      ...(written.faults?.memoryHogMtbf === undefined ? {} : { memoryHogMtbfMs: written.faults.memoryHogMtbf }),
    },
    gateway: gatewayOf(written),
    balancer: balancerOf(written, resources),
    routing: { spillOver: written.routing?.spillOver ?? written.spillOver ?? "nearest" },
    policies,
    slo: sloOf(written, faults),
    cost:
      written.cost === undefined
        ? undefined
        : {
            streamletHour: written.cost.streamletHour ?? 0,
            hostHour: written.cost.hostHour ?? 0,
            ...(written.cost.currency === undefined ? {} : { currency: written.cost.currency }),
          },
  };
  faults.push(...checkScenario(scenario, distributionOf(scenario.streams.holding).mean));
  return faults.length > 0 ? undefined : { ...scenario, hash: hashScenario(scenario) };
}

/** Of everything that moves a number; not of the name, the seed, the money's name, or where files lie. */
function hashScenario(scenario: Scenario): string {
  const { name: _name, hash: _hash, seed: _seed, replications: _replications, ...rest } = scenario;
  const { source } = rest.traffic;
  const traffic = { ...rest.traffic, source: source.kind === "trace" ? { ...source, file: "" } : source };
  const placeless = <T extends { readonly kind: string; readonly module?: string }>({ module: _, ...one }: T) => ({
    ...one,
    kind: one.kind.replace(/^.*[/\\]/, ""),
  });
  const policies = rest.policies.map(placeless);
  const balancer = placeless(rest.balancer);
  const { currency: _currency, ...prices } = rest.cost ?? {};
  const cost = rest.cost === undefined ? undefined : prices;
  return hashText(canonicalJson({ ...rest, traffic, policies, balancer, cost }));
}

function seedOf(text: string): number {
  return Number.parseInt(hashText(text).slice(0, 8), 16);
}

function normaliseTraffic(
  written: WrittenScenario,
  names: ReturnType<typeof trafficNames>,
  resources: Resources,
  faults: ScenarioFault[],
): TrafficSpec | undefined {
  const { traffic } = written;
  faults.push(...strayKeys(traffic));
  const series = writtenSeries(written, names, faults);
  const base = { regions: names.regions, formats: names.formats };
  if (resources.trace !== undefined) {
    const placed = placeTrace(written, resources.trace, names, faults);
    if (placed === undefined) return undefined;
    return {
      ...base,
      epochMs: placed.epochMs,
      historyMs: placed.historyMs,
      series: placed.series ?? series,
      source: placed.source,
    };
  }
  const epochMs = parseInstant(traffic.epoch ?? DEFAULT_EPOCH);
  const source = syntheticSource(written, faults);
  if (source === undefined) return undefined;
  return { ...base, epochMs, historyMs: traffic.history ?? 0, series, source };
}

/** Keys of another source than the one that is named: left alone they would be passed over in silence. */
function strayKeys(traffic: WrittenScenario["traffic"]): ScenarioFault[] {
  const strangers = {
    poisson: ["amplitude", "period", "phase", "file", "scale", "speed"],
    sinusoid: ["file", "scale", "speed"],
    trace: ["amplitude", "period", "phase"],
    workload: ["amplitude", "period", "phase", "repeat", "end"],
  } as const;
  return strangers[traffic.source]
    .filter((key) => traffic[key] !== undefined)
    .map((key) => ({
      path: ["traffic", key],
      atKey: true,
      got: `${key}, which a ${traffic.source} source does not have`,
      remedy: "Remove it, or name another source",
    }));
}

function syntheticSource(written: WrittenScenario, faults: ScenarioFault[]): SourceSpec | undefined {
  const { traffic } = written;
  if (traffic.rate === undefined) {
    faults.push({
      path: ["traffic"],
      got: `source ${traffic.source} without rate`,
      expected: "rate",
      remedy: "For example rate: 12/s",
    });
    return undefined;
  }
  if (traffic.source === "poisson") return { kind: "poisson", ratePerSecond: traffic.rate };
  return {
    kind: "sinusoid",
    ratePerSecond: traffic.rate,
    amplitude: traffic.amplitude ?? 0.5,
    periodMs: traffic.period ?? DAY_MS,
    phaseMs: traffic.phase ?? 0,
  };
}

function reconnectOf(written: WrittenScenario): ReconnectSpec | undefined {
  const reconnect = written.reconnect ?? written.streams.reconnect;
  if (reconnect === undefined) return undefined;
  return {
    backoffMs: reconnect.backoff ?? 1000,
    factor: reconnect.factor ?? 2,
    maxMs: reconnect.max ?? 30_000,
    attempts: reconnect.attempts ?? 5,
    jitter: reconnect.jitter ?? 0,
  };
}

function balancerOf(written: WrittenScenario, resources: Resources): Scenario["balancer"] {
  const balancer = written.balancer ?? "least-connections";
  const { kind, ...knobs } = typeof balancer === "string" ? { kind: balancer } : balancer;
  return isModule(kind) ? { kind, module: resources.modulePath(kind), knobs } : { kind, knobs };
}

/** The share of replications that must meet the SLO, if left out. */
const DAYS = 0.95;

function sloOf(written: WrittenScenario, faults: ScenarioFault[]): SloSpec | undefined {
  const { slo } = written;
  if (slo === undefined) return undefined;
  const { rejectedRatio, abandonedRatio, interruptedRatio, violatingMinutes, days, ...latencies } = slo;
  const bounds: { probability: number; boundMs: number }[] = [];
  for (const [key, boundMs] of Object.entries(latencies)) {
    const probability = latencyProbability(key);
    if (typeof probability === "number") bounds.push({ probability, boundMs: boundMs as number });
    else faults.push({ path: ["slo", key], atKey: true, ...probability });
  }
  if (bounds.length > 1)
    faults.push({ path: ["slo"], got: `${bounds.length} start-latency percentiles`, expected: "one" });
  const ratios = [rejectedRatio, abandonedRatio, interruptedRatio];
  if (Object.keys(latencies).length === 0 && ratios.every((bound) => bound === undefined)) {
    const expected = "startLatencyP99, rejectedRatio, abandonedRatio or interruptedRatio";
    faults.push({ path: ["slo"], got: "no bound", expected, remedy: "Add one, such as startLatencyP99: 200ms" });
  }
  return {
    startLatency: bounds[0],
    rejectedRatio,
    abandonedRatio,
    interruptedRatio,
    ...(violatingMinutes === undefined ? {} : { violatingMinutes }),
    days: days ?? DAYS,
  };
}

/** startLatencyP5, P50, P99 and P100 are per cent; further digits stand behind the point: P999 is 99.9 %. */
function latencyProbability(key: string): number | { readonly got: string; readonly remedy: string } {
  const digits = /^startLatencyP(\d{1,5})$/.exec(key)?.[1];
  if (digits === undefined) {
    const known = "startLatencyP99 (or P50, P95, P999), rejectedRatio, abandonedRatio, interruptedRatio";
    return { got: `unknown key "${key}"`, remedy: `Known here: ${known}, violatingMinutes, days` };
  }
  const probability =
    digits === "100" ? 1 : Number(digits.length <= 2 ? digits : `0.${digits}`) / (digits.length <= 2 ? 100 : 1);
  if (probability > 0 && !(digits.length > 3 && digits.startsWith("100"))) return probability;
  return {
    got: `the percentile "P${digits}"`,
    remedy: "Write P50 for 50 %, P99 for 99 %, P999 for 99.9 %, P100 for all",
  };
}

function gatewayOf({ gateway }: WrittenScenario): GatewaySpec {
  const waitingRoom = gateway?.waitingRoom ?? Number.POSITIVE_INFINITY;
  if (gateway?.quarantine === undefined) return { waitingRoom };
  const { deaths, window, hold } = gateway.quarantine;
  const { deaths: most, windowMs, holdMs } = defaultQuarantine;
  return {
    waitingRoom,
    quarantine: { deaths: deaths ?? most, windowMs: window ?? windowMs, holdMs: hold ?? holdMs },
  };
}
