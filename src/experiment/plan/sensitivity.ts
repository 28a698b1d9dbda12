import type { Law } from "../../base/distribution.js";
import { scaledLaw, withDemand } from "./failure.js";
import type { PlanQuestion } from "./question.js";
import { type Sizing, size } from "./size.js";

/** By how much the estimated slots at the peak change with one input. */
export interface Sensitivity {
  readonly input: string;
  /** Relative change of the slots of all pools, including headroom for spawns. */
  readonly change: number;
}

type Scenario = PlanQuestion["scenario"];

/** The inputs that change the answer most: sizes by the estimate, the largest change first. */
export function sensitivities({ scenario }: PlanQuestion, today: Sizing): Sensitivity[] {
  const holding = (factor: number): Scenario => ({
    ...scenario,
    streams: { ...scenario.streams, holding: scaledLaw(scenario.streams.holding as Law, factor) },
  });
  const spawns = (factor: number): Scenario => ({
    ...scenario,
    fleet: {
      ...scenario.fleet,
      classes: scenario.fleet.classes.map((one) => ({
        ...one,
        spawn: { ...one.spawn, law: scaledLaw(one.spawn.law, factor) },
      })),
    },
  });
  const stricter: Scenario = { ...scenario, slo: tenTimesStricter(scenario.slo) };
  const changed: [string, Scenario][] = [
    ["demand +10 %", { ...scenario, ...withDemand(scenario, 1.1) } as Scenario],
    ["holding time +10 %", holding(1.1)],
    ["spawns twice as long", spawns(2)],
    ["an SLO ten times as strict", stricter],
  ];
  const base = slotsOf(today);
  return changed
    .map(([input, world]) => ({ input, change: base === 0 ? 0 : slotsOf(size(world)) / base - 1 }))
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
}

function slotsOf({ pools }: Sizing): number {
  return pools.reduce((sum, { needed, growthPerSpawn }) => sum + needed.estimated + growthPerSpawn, 0);
}

function tenTimesStricter(slo: Scenario["slo"]): Scenario["slo"] {
  const part = (bound: number | undefined): number | undefined => (bound === undefined ? undefined : bound / 10);
  const latency = slo.startLatency;
  return {
    ...slo,
    startLatency: latency === undefined ? undefined : { ...latency, probability: 1 - (1 - latency.probability) / 10 },
    rejectedRatio: part(slo.rejectedRatio),
    abandonedRatio: part(slo.abandonedRatio),
  };
}
