import { balancerKinds } from "../../src/control/balancers/built-in.js";
import { formatTraceCsv } from "../../src/traffic/trace-writer.js";
import { Dice } from "./dice.js";
import { withoutIdleKeys } from "./idle-keys.js";
import { withExtras } from "./random-extras.js";
import { randomPolicies } from "./random-policies.js";

/** A scenario as a user would write it, and the files beside it that it names. */
export interface WrittenFiles {
  readonly document: Record<string, unknown>;
  readonly files: Readonly<Record<string, string>>;
}

/**
 * About this many arrivals a run: enough to fill and empty rooms, few enough for hundreds of
 * scenarios.
 */
const ARRIVALS = 1000;
const EPOCH_MS = Date.UTC(2026, 0, 5);

/**
 * A valid scenario, drawn from the seed. The traffic is scaled to the duration; the fleet is
 * anything from far too small to too large.
 */
export function randomScenario(seed: number): WrittenFiles {
  const dice = new Dice(`swarm/${seed}`);
  const durationS = dice.pick([1, 60, 600, 3600, 7200, 100_000]) * dice.pick([1, 1, 1.37]);
  const ratePerSecond = dice.number(ARRIVALS / 20, ARRIVALS * 2) / durationS;
  const regions = ["eu", "us", "ap"].slice(0, dice.whole(1, 3));
  const formats = ["mpegts", "frames", "av1"].slice(0, dice.whole(1, 3));
  const files: Record<string, string> = {};
  const holdingS = dice.number(0.001, 0.5) * durationS;
  const slots = dice.pick([1, 1, 2, 4, 8, 50]);
  const size = Math.max(1, Math.ceil(((ratePerSecond * holdingS) / slots) * dice.number(0.3, 3)));
  const streams = randomStreams(dice, holdingS);
  const document = {
    name: `swarm-${seed}`,
    seed,
    duration: `${durationS}s`,
    ...dice.maybe(0.6, "warmup", () => `${Number((durationS * dice.number(0.001, 0.9)).toPrecision(3))}s`),
    traffic: randomTraffic(dice, ratePerSecond, durationS, regions, formats, files),
    streams,
    ...dice.maybe(0.5, "reconnect", () => randomReconnect(dice, durationS)),
    fleet: randomFleet(dice, { regions, formats, slots, size, durationS, heavy: "memory" in streams }),
    ...dice.maybe("memory" in streams ? 1 : 0.6, "faults", () => randomFaults(dice, durationS, "memory" in streams)),
    ...dice.maybe(0.6, "gateway", () => ({ waitingRoom: dice.pick([0, 1, 10, 1000, "infinite"]) })),
    ...dice.maybe(0.8, "balancer", () => randomBalancer(dice)),
    ...dice.maybe(0.5, "routing", () => ({ spillOver: dice.pick(["none", "nearest", "any"]) })),
    policies: randomPolicies(dice, size, durationS),
    ...dice.maybe(0.5, "slo", () => ({ startLatencyP99: `${dice.number(1, 60_000)}ms`, rejectedRatio: 0.01 })),
    ...dice.maybe(0.5, "cost", () => ({ streamletHour: dice.number(0.001, 1), hostHour: dice.number(0.01, 10) })),
  };
  return { document: withoutIdleKeys(withExtras(document, seed, durationS)), files };
}

function law(dice: Dice, unit: string, mean: number): unknown {
  const quantity = (value: number): string | number => {
    const rounded = Number(value.toPrecision(3));
    return unit === "" ? rounded : `${rounded}${unit}`;
  };
  switch (dice.whole(0, 6)) {
    case 0:
      return quantity(mean);
    case 1:
      return { kind: "constant", value: quantity(mean) };
    case 2:
      return { kind: "exponential", mean: quantity(mean) };
    case 3:
      return { kind: "lognormal", mean: quantity(mean), cv: dice.number(0.1, 3) };
    case 4:
      return { kind: "lognormal", median: quantity(mean), p99: quantity(mean * dice.number(1.1, 30)) };
    case 5:
      return { kind: "pareto", mean: quantity(mean), shape: dice.number(1.1, 4) };
    default:
      return { kind: "empirical", values: [0.2, 0.7, 1, 1, 2.1].map((factor) => quantity(mean * factor)) };
  }
}

function randomStreams(dice: Dice, holdingS: number): Record<string, unknown> {
  return {
    holding: law(dice, "s", holdingS),
    ...dice.maybe(0.6, "patience", () =>
      dice.chance(0.2) ? "infinite" : law(dice, "s", dice.number(0.01, 2) * holdingS),
    ),
    ...dice.maybe(0.4, "cpu", () => law(dice, "", dice.number(0.005, 0.2))),
    ...dice.maybe(0.4, "memory", () => law(dice, "MiB", dice.number(0.5, 8))),
    ...dice.maybe(0.4, "bitrate", () => law(dice, "Mbps", dice.number(0.5, 8))),
  };
}

function randomReconnect(dice: Dice, durationS: number): Record<string, unknown> {
  return {
    backoff: dice.pick(["0s", "1ms", `${durationS / 1000}s`, "1s"]),
    factor: dice.pick([1, 2, 3]),
    max: `${Number((durationS / 20).toPrecision(3))}s`,
    attempts: dice.whole(1, 6),
    jitter: dice.pick([0, 0.5, 1]),
  };
}

function randomTraffic(
  dice: Dice,
  ratePerSecond: number,
  durationS: number,
  regions: readonly string[],
  formats: readonly string[],
  files: Record<string, string>,
): Record<string, unknown> {
  const rate = `${Number(ratePerSecond.toPrecision(4))}/s`;
  const mix = (): unknown[] =>
    Array.from({ length: dice.whole(1, 5) }, (_, i) => ({
      region: dice.pick(regions),
      format: dice.pick(formats),
      segment: `segment-${i}`,
      share: dice.number(0.1, 10),
    }));
  const history = (): string => `${Number((durationS * dice.number(0.5, 3)).toPrecision(3))}s`;
  const common = { rate, ...dice.maybe(0.4, "history", history) };
  const source = dice.pick(["poisson", "poisson", "sinusoid", "sinusoid", "trace", "trace", "workload"]);
  if (source === "poisson") return { source, ...common, ...dice.maybe(0.6, "mix", mix) };
  if (source === "sinusoid") {
    const amplitude = dice.pick([0, 0.5, 1]);
    const period = `${Number((durationS * dice.number(0.1, 2)).toPrecision(3))}s`;
    return { source, ...common, amplitude, period, phase: `${durationS / 4}s`, ...dice.maybe(0.6, "mix", mix) };
  }
  if (source === "workload") {
    files["swarm.workload.json"] = workload(dice, ratePerSecond);
    return { source, file: "swarm.workload.json", rate, ...dice.maybe(0.6, "mix", mix) };
  }
  const byRegion = dice.chance(0.5) || regions.length === 1;
  const byFormat = dice.chance(0.5) || formats.length === 1;
  files["swarm.csv"] = trace(dice, ratePerSecond, durationS, byRegion ? regions : [], byFormat ? formats : []);
  const columns = byRegion && byFormat && dice.chance(0.7);
  if (!columns) files["swarm.csv"] = trace(dice, ratePerSecond, durationS, [], []);
  return {
    source,
    file: "swarm.csv",
    ...(dice.chance(0.7) ? { rate } : { scale: dice.number(0.1, 2) }),
    counts: dice.pick(["poisson", "exact"]),
    repeat: dice.chance(0.3),
    ...(columns ? {} : dice.maybe(0.6, "mix", mix)),
  };
}

/**
 * Half as long again as the run, so that some runs start in the middle of a bin and have a
 * history.
 */
function trace(
  dice: Dice,
  ratePerSecond: number,
  durationS: number,
  regions: readonly string[],
  formats: readonly string[],
): string {
  const binS = Math.max(1, Math.round(durationS / dice.whole(5, 60)));
  const bins = Math.ceil((durationS * 1.5) / binS) + 1;
  const series = (regions.length > 0 ? regions : [""]).flatMap((region) =>
    (formats.length > 0 ? formats : [""]).map((format) => ({ region, format, segment: "" })),
  );
  const mean = (ratePerSecond * binS) / series.length;
  const values = series.map(() =>
    Float64Array.from({ length: bins }, () =>
      dice.chance(0.05) ? Number.NaN : Math.round(mean * dice.whole(0, 20)) / 10,
    ),
  );
  // The first value is known and not 0: a trace of only unknown or absent requests is an
  // InputError.
  for (const column of values) column.fill(1 + mean, 0, 1).fill(1 + mean, bins - 2, bins);
  const columns = { region: regions.length > 0, format: formats.length > 0, segment: false };
  return formatTraceCsv({ file: "", startMs: EPOCH_MS, binMs: binS * 1000, columns, series, values, interpolated: 0 });
}

function workload(dice: Dice, meanPerSecond: number): string {
  const hours = (): number[] => Array.from({ length: 24 }, () => dice.number(0.2, 5));
  return JSON.stringify({
    kind: "workload",
    binSeconds: 60,
    seed: dice.whole(0, 1000),
    series: [{ meanPerSecond, weekday: hours(), weekend: hours() }],
    noise: { sigma: 0.2, correlation: 0.8 },
    dayToDaySigma: 0.1,
    trendPerWeek: 0.01,
    flashCrowds: { perWeek: 5, height: 3, decayMinutes: 10 },
  });
}

interface FleetFrame {
  readonly regions: readonly string[];
  readonly formats: readonly string[];
  readonly slots: number;
  readonly size: number;
  readonly durationS: number;
  readonly heavy: boolean;
}

function randomFleet(dice: Dice, frame: FleetFrame): Record<string, unknown> {
  const { regions, formats, slots, size, durationS } = frame;
  const spawnS = durationS * dice.number(0.00001, 0.05);
  const one = (name: string, decodes: readonly string[]): unknown => ({
    name,
    slots: dice.chance(0.7) ? slots : slots + 1,
    ...dice.maybe(0.5, "cpu", () => dice.number(0.1, 2)),
    // Never below the need of one stream, often below that of all slots; faults.oomAbove is then
    // set.
    ...(frame.heavy ? { memory: "100MiB", baseMemory: "10MiB" } : dice.maybe(0.5, "memory", () => "64MiB")),
    ...dice.maybe(0.5, "network", () => `${dice.number(5, 500)}Mbps`),
    ...dice.maybe(0.2, "weight", () => dice.number(0.5, 5)),
    formats: decodes,
    ...dice.maybe(0.8, "spawn", () => law(dice, "s", spawnS)),
  });
  const all = one("all", formats);
  const classes = formats.length > 1 && dice.chance(0.6) ? [...formats.map((name) => one(name, [name])), all] : all;
  const hosted = dice.chance(0.6);
  return {
    regions: regions.map((name, r) => ({
      name,
      ...(hosted ? { hosts: dice.whole(1, 5), cpu: 16, memory: "8GiB", network: "10Gbps" } : {}),
      ...(hosted ? dice.maybe(0.3, "placement", () => dice.pick(["best-fit", "spread"])) : {}),
      ...dice.maybe(0.2, "max", () => dice.whole(1, size + 1)),
      ...(r === 0 && regions.length > 1 ? { distance: { [regions[1]]: `${dice.number(1, 200)}ms` } } : {}),
    })),
    streamlet: classes,
    max: dice.pick([size, size * 4, 2000]),
    ...dice.maybe(0.3, "warmPool", () => dice.whole(0, 3)),
    ...dice.maybe(0.2, "warmStart", () => `${Number((spawnS / 10).toPrecision(3))}s`),
    ...dice.maybe(0.4, "scaleIn", () => ({
      victims: dice.pick(["emptiest", "newest", "oldest", "random"]),
      undrain: dice.chance(0.5),
      lazy: dice.chance(0.3),
    })),
    ...dice.maybe(0.3, "restart", () => ({ backoff: dice.pick(["0s", "10ms", "5s"]), factor: 2, max: "1min" })),
  };
}

function randomFaults(dice: Dice, durationS: number, heavy: boolean): Record<string, unknown> {
  const span = (low: number, high: number): string => `${Number((durationS * dice.number(low, high)).toPrecision(3))}s`;
  return {
    ...dice.maybe(0.5, "streamletMtbf", () => span(0.05, 5)),
    ...dice.maybe(0.4, "spawnFailure", () => dice.pick([0.001, 0.1, 0.5, 1])),
    ...dice.maybe(0.3, "hostMtbf", () => span(0.2, 5)),
    ...dice.maybe(0.3, "hostRepair", () => law(dice, "s", durationS / 50)),
    ...(heavy ? { oomAbove: "90MiB" } : {}),
  };
}

function randomBalancer(dice: Dice): unknown {
  const kind = dice.pick(balancerKinds);
  if (kind === "weighted-score" && dice.chance(0.5))
    return { kind, load: dice.number(0.1, 3), distance: dice.number(0.1, 3), format: dice.number(0.1, 3) };
  return kind;
}
