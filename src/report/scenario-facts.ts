import { formatBytes } from "../base/units.js";
import { caveatsOf } from "../control/policies/caveats.js";
import type { PolicySpec, UnitSpec } from "../world/scenario/policy-spec.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { type FactWords, lawInWords } from "../world/scenario/section.js";
import { sections } from "../world/scenario/sections.js";
import { formatDuration, formatNumber } from "./numbers.js";

const words: FactWords = { duration: formatDuration, number: formatNumber, bytes: formatBytes };

/**
 * The scenario in words, so that a reader can judge the numbers. Each section contributes its own
 * lines.
 */
export function scenarioFacts(scenario: Scenario): (readonly [string, string])[] {
  const { durationMs, warmupMs } = scenario;
  const warmup = `${formatDuration(warmupMs)} warm-up that no metric counts`;
  return [
    ["Length", `${formatDuration(durationMs)}, of which ${warmup}`],
    ...sections.flatMap((section) => section.facts(scenario, words)),
  ];
}

export function policyFacts(policies: readonly PolicySpec[]): [string, string][] {
  return policies.map((policy) => {
    const max = policy.max === Number.POSITIVE_INFINITY ? "no limit" : String(policy.max);
    const mode = policy.mode === "active" ? [] : [policy.mode];
    const knobs = Object.entries(policy.knobs).map(([name, value]) => `${name} ${describeKnob(name, value)}`);
    const { victims, undrain, lazy } = policy.scaleIn;
    return [
      policy.name,
      [
        policy.kind,
        ...mode,
        `min ${policy.min}`,
        `max ${max}`,
        `tick ${formatDuration(policy.tickMs)}`,
        `scrape lag ${formatDuration(policy.scrapeLagMs)}`,
        `scale-in ${victims}${undrain ? ", undrains" : ""}${lazy ? ", lazy" : ""}`,
        ...(policy.unit === undefined ? [] : unitInWords(policy.unit)),
        ...knobs,
        ...caveatsOf([policy]).map((caveat) => caveat.slice(policy.name.length + 2)),
      ].join(", "),
    ];
  });
}

/** What a policy has in place of the fleet's streamlets. */
function unitInWords(unit: UnitSpec): string[] {
  const { slots, cpu, memoryBytes, baseMemoryBytes, bitsPerSecond, spawn, streamletHour, streamletMtbfMs } = unit;
  return [
    `units of ${formatNumber(slots)} slots`,
    ...(cpu === undefined ? [] : [`${formatNumber(cpu)} cores`]),
    ...(memoryBytes === undefined ? [] : [`memory ${formatBytes(memoryBytes)}`]),
    ...(baseMemoryBytes === undefined ? [] : [`${formatBytes(baseMemoryBytes)} when idle`]),
    ...(bitsPerSecond === undefined ? [] : [`${formatNumber(bitsPerSecond / 1e6)} Mbps`]),
    ...(spawn === undefined ? [] : [`spawn ${lawInWords(spawn.law, formatDuration, words)}`]),
    ...(streamletHour === undefined ? [] : [`${formatNumber(streamletHour)} an hour`]),
    ...(streamletMtbfMs === undefined ? [] : [`a crash every ${formatDuration(streamletMtbfMs)} (mean)`]),
  ];
}

function describeKnob(name: string, value: unknown): string {
  if (typeof value === "number") return name.endsWith("Ms") ? formatDuration(value) : formatNumber(value, 6);
  if (typeof value === "string" || typeof value === "boolean") return String(value);
  return JSON.stringify(value) ?? "unset";
}
