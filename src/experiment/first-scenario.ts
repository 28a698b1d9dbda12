/** What a first scenario is made from. */
export interface FirstScenario {
  readonly name: string;
  readonly traffic: FirstTraffic;
  /** Mean time that a stream holds its slot, as written, such as "5min". */
  readonly holding: string;
  /** Streams that one streamlet serves at once. */
  readonly slots: number;
  /** Typical time until a streamlet is ready, and the time that 99 % do not exceed, in ms. */
  readonly spawnMs: number;
  readonly slowSpawnMs: number;
  /** The policy to compare with, if there is a Kubernetes object for it. */
  readonly manifest?: FirstManifest;
}

/** A daily wave of this mean rate, or a trace of this length and total. */
export type FirstTraffic =
  | { readonly kind: "wave"; readonly rate: string; readonly perSecond: number }
  | { readonly kind: "trace"; readonly file: string; readonly lengthMs: number; readonly requests: number };

export interface FirstManifest {
  readonly kind: "hpa" | "keda";
  readonly file: string;
  /** The meaning of each metric of the manifest; the user must check guessed ones. */
  readonly metricNames: ReadonlyMap<string, string>;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** This many simulated requests take some ten seconds on two cores. */
const REQUESTS_IN_ALL = 4_000_000;

/** The scenario as text (YAML), with a comment beside each value that the user should set. */
export function firstScenarioText(first: FirstScenario): string {
  const { traffic } = first;
  const durationMs = traffic.kind === "wave" ? DAY_MS : Math.min(DAY_MS, traffic.lengthMs);
  const requests =
    traffic.kind === "wave"
      ? (traffic.perSecond * durationMs) / 1000
      : traffic.requests * (durationMs / traffic.lengthMs);
  const replications = Math.max(2, Math.min(10, Math.floor(REQUESTS_IN_ALL / 2 / Math.max(1, requests))));
  const warmupMs = Math.min(HOUR_MS, Math.floor(durationMs / 10 / 1000) * 1000);
  return [
    "# Written by `headrace init`. Run it: headrace simulate FILE. What a key means: headrace explain KEY.",
    `name: ${JSON.stringify(first.name)}`,
    "seed: 1",
    `duration: ${quantity(durationMs)}`,
    `warmup: ${quantity(warmupMs)}                # counted by no metric`,
    `replications: ${replications}            # more of them narrow the intervals`,
    "",
    ...trafficLines(traffic),
    "",
    "streams:",
    `  holding: {kind: lognormal, mean: ${first.holding}, cv: 1.5}   # how long a stream holds its slot`,
    "  patience: 10s                # how long a request waits for one",
    "",
    "fleet:",
    "  streamlet:",
    `    slots: ${first.slots}                   # streams that one streamlet serves at once`,
    `    spawn: {kind: lognormal, median: ${quantity(first.spawnMs)}, ` +
      `p99: ${quantity(first.slowSpawnMs)}}   # measured: headrace calibrate`,
    "",
    "# The first policy is the baseline. Each has a knob that decides how much it spends: compare cost and",
    "# violations together, or find settings that violate equally often with `headrace simulate FILE --frontier`.",
    "policies:",
    `  - ${policyText(first.manifest)}`,
    "  - {kind: predictive}",
    "",
    "slo: {startLatencyP99: 200ms, rejectedRatio: 0.001, violatingMinutes: 1%}",
    "cost: {currency: EUR, streamletHour: 0.02}   # your price of a streamlet for an hour",
    "",
  ].join("\n");
}

function trafficLines(traffic: FirstTraffic): string[] {
  if (traffic.kind === "wave")
    return [
      "traffic:                       # a daily wave; your own: headrace trace import",
      "  source: sinusoid",
      `  rate: ${traffic.rate}`,
      "  amplitude: 0.6",
      "  history: 7d                  # what forecasters may learn from",
    ];
  return [
    "traffic:",
    "  source: trace",
    `  file: ${JSON.stringify(traffic.file)}`,
    "  scale: 1                     # its own level",
    `  history: ${quantity(Math.max(0, Math.min(14 * DAY_MS, traffic.lengthMs - DAY_MS)))} ` +
      "                 # what forecasters may learn from",
  ];
}

function policyText(manifest: FirstManifest | undefined): string {
  if (manifest === undefined) return "{kind: hpa}";
  const names = Array.from(manifest.metricNames, ([name, metric]) => `${JSON.stringify(name)}: ${metric}`);
  const named = names.length === 0 ? "" : `, metricNames: {${names.join(", ")}}`;
  return `{kind: ${manifest.kind}, manifest: ${JSON.stringify(manifest.file)}${named}}`;
}

/** In the largest unit of which it is a whole number. */
function quantity(ms: number): string {
  const units: readonly (readonly [string, number])[] = [
    ["d", DAY_MS],
    ["h", HOUR_MS],
    ["min", 60_000],
    ["s", 1000],
  ];
  const [unit, size] = units.find(([, one]) => ms >= one && ms % one === 0) ?? ["ms", 1];
  return ms === 0 ? "0s" : `${ms / size}${unit}`;
}
