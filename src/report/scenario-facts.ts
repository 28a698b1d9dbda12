import type { Law } from "../base/distribution.js";
import { caveatsOf } from "../control/policies/caveats.js";
import { HANG_TIMEOUT_MS, type PolicySpec, type Scenario, type SourceSpec } from "../world/scenario/scenario.js";
import { formatDuration, formatNumber } from "./numbers.js";

/** The scenario in words: what a reader needs in order to judge the numbers. */
export function scenarioFacts(scenario: Scenario): [string, string][] {
  const { fleet, streams, traffic, faults } = scenario;
  const facts: [string, string][] = [
    [
      "Length",
      `${formatDuration(scenario.durationMs)}, of which ${formatDuration(scenario.warmupMs)} warm-up that no metric counts`,
    ],
    [
      "History",
      traffic.historyMs > 0 ? `${formatDuration(traffic.historyMs)} before the start, for forecasters` : "none",
    ],
    ["Traffic", describeSource(traffic.source)],
    [
      "Series",
      traffic.series
        .map((series) =>
          [traffic.regions[series.region], traffic.formats[series.format], series.segment].filter(Boolean).join(" · "),
        )
        .join(", "),
    ],
    ["Holding time", describeLaw(streams.holding, formatDuration)],
    ["Patience", streams.patience === undefined ? "infinite" : describeLaw(streams.patience, formatDuration)],
    [
      "Regions",
      fleet.regions
        .map((region) => `${region.name}${region.hosts === undefined ? "" : ` (${region.hosts.count} hosts)`}`)
        .join(", "),
    ],
    [
      "Streamlets",
      fleet.classes
        .map((kind) => `${kind.name}: ${kind.slots} slots, spawn ${describeLaw(kind.spawn.law, formatDuration)}`)
        .join("; "),
    ],
    ["At most", fleet.max === Number.POSITIVE_INFINITY ? "no limit" : `${formatNumber(fleet.max)} streamlets`],
    ["Balancer", scenario.balancer.kind],
    ["Faults", describeFaults(faults)],
  ];
  if (scenario.cost !== undefined)
    facts.push([
      "Prices",
      `${scenario.cost.currency === undefined ? "" : `in ${scenario.cost.currency}: `}${scenario.cost.streamletHour} per streamlet-hour, ${scenario.cost.hostHour} per host-hour`,
    ]);
  return facts;
}

export function policyFacts(policies: readonly PolicySpec[]): [string, string][] {
  return policies.map((policy) => {
    const max = policy.max === Number.POSITIVE_INFINITY ? "no limit" : String(policy.max);
    const mode = policy.mode === "active" ? [] : [policy.mode];
    const knobs = Object.entries(policy.knobs).map(([name, value]) => `${name} ${describeKnob(name, value)}`);
    return [
      policy.name,
      [
        policy.kind,
        ...mode,
        `min ${policy.min}`,
        `max ${max}`,
        `tick ${formatDuration(policy.tickMs)}`,
        `scrape lag ${formatDuration(policy.scrapeLagMs)}`,
        ...knobs,
        ...caveatsOf([policy]).map((caveat) => caveat.slice(policy.name.length + 2)),
      ].join(", "),
    ];
  });
}

function describeLaw(law: Law, format: (value: number) => string): string {
  switch (law.kind) {
    case "constant":
      return `constant ${format(law.value)}`;
    case "exponential":
      return `exponential, mean ${format(law.mean)}`;
    case "lognormal":
      return `lognormal, median ${format(Math.exp(law.mu))}, mean ${format(Math.exp(law.mu + (law.sigma * law.sigma) / 2))}`;
    case "pareto":
      return `Pareto, at least ${format(law.scale)}, shape ${formatNumber(law.shape)}`;
    case "empirical":
      return `empirical, ${formatNumber(law.sorted.length)} values, median ${format(law.sorted[Math.floor(law.sorted.length / 2)])}`;
  }
}

function describeSource(source: SourceSpec): string {
  switch (source.kind) {
    case "poisson":
      return `Poisson, ${formatNumber(source.ratePerSecond)} arrivals per second`;
    case "sinusoid":
      return `sinusoid, mean ${formatNumber(source.ratePerSecond)} arrivals per second, amplitude ${formatNumber(source.amplitude)}, period ${formatDuration(source.periodMs)}`;
    case "trace": {
      const unknown = source.interpolated === 0 ? "" : `, ${source.interpolated} unknown values interpolated`;
      return `trace ${source.file}, bins of ${formatDuration(source.binMs)}, scaled by ${formatNumber(source.scale)}${unknown}`;
    }
  }
}

function describeFaults(faults: Scenario["faults"]): string {
  const parts: string[] = [];
  if (Number.isFinite(faults.streamletMtbfMs))
    parts.push(`a streamlet crashes every ${formatDuration(faults.streamletMtbfMs)} (mean)`);
  const { hangMtbfMs = Infinity, memoryHogMtbfMs = Infinity } = faults;
  if (Number.isFinite(hangMtbfMs)) {
    const timeout = formatDuration(faults.hangTimeoutMs ?? HANG_TIMEOUT_MS);
    parts.push(`one hangs every ${formatDuration(hangMtbfMs)} (mean) and is found after ${timeout}`);
  }
  if (Number.isFinite(memoryHogMtbfMs))
    parts.push(`one takes all memory every ${formatDuration(memoryHogMtbfMs)} (mean)`);
  if (faults.spawnFailure > 0) parts.push(`${formatNumber(faults.spawnFailure * 100)} % of spawns fail`);
  if (Number.isFinite(faults.hostMtbfMs)) parts.push(`a host fails every ${formatDuration(faults.hostMtbfMs)} (mean)`);
  return parts.join(", ") || "none";
}

function describeKnob(name: string, value: unknown): string {
  if (typeof value === "number") return name.endsWith("Ms") ? formatDuration(value) : formatNumber(value, 6);
  if (typeof value === "string" || typeof value === "boolean") return String(value);
  return JSON.stringify(value) ?? "unset";
}
