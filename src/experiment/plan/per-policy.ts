import type { DayRuns, Design } from "./day-runs.js";
import { choiceText } from "./plan-text.js";
import type { PlanQuestion } from "./question.js";
import { type DesignSearchSpec, searchDesigns } from "./search-designs.js";
import type { Sizing } from "./size.js";
import { valuesOf } from "./values.js";

/** A policy at its cheapest values that meet every day of the search. */
export interface PolicyBest {
  readonly policy: string;
  readonly design: string;
  readonly values: ReturnType<typeof valuesOf>;
  /**
   * Mean over the measured time of the days on which costs are compared; null if no value meets
   * them all.
   */
  readonly cost: number | null;
  readonly stamp: "simulated" | "estimated";
}

const HOUR_MS = 3_600_000;

/**
 * Every policy at its best values, cheapest first, and a fixed fleet by the estimate. The answer
 * is proved on fresh days; its alternatives meet the days of the search.
 */
export async function bestPerPolicy(
  question: PlanQuestion,
  spec: DesignSearchSpec,
  sizing: Sizing,
  answer: Design | undefined,
  runs: DayRuns,
): Promise<PolicyBest[]> {
  const { policies } = question.scenario;
  const best: PolicyBest[] = [];
  for (let policy = 0; policies.length > 1 && policy < policies.length; policy++) {
    const { name } = policies[policy];
    const design =
      answer?.policy === policy ? answer : (await searchDesigns({ ...spec, only: policy }, runs)).winner?.design;
    if (design === undefined) {
      best.push({
        policy: name,
        design: `${name}: no value meets every day`,
        values: {},
        cost: null,
        stamp: "simulated",
      });
      continue;
    }
    const outcomes = await runs.run(spec.days.slice(0, spec.costDays).map((day) => ({ design, day })));
    const cost = outcomes.reduce((sum, one) => sum + one.cost, 0) / outcomes.length;
    best.push({
      policy: name,
      design: choiceText(name, design.choice),
      values: valuesOf(design.choice),
      cost,
      stamp: "simulated",
    });
  }
  const dearness = ({ cost }: PolicyBest): number => cost ?? Number.POSITIVE_INFINITY;
  return [...best, fixedFleet(question, sizing)].sort((a, b) => dearness(a) - dearness(b));
}

/** A static fleet as large as the estimate for the peak, with the hosts that it needs. */
function fixedFleet({ scenario, survive }: PlanQuestion, sizing: Sizing): PolicyBest {
  const hours = (scenario.durationMs - scenario.warmupMs) / HOUR_MS;
  const streamlets = sizing.pools.reduce((sum, one) => sum + one.streamlets.estimated, 0);
  const hosts = sizing.hosts.reduce((sum, one) => sum + (one?.estimated ?? 0), 0);
  return {
    policy: "fixed fleet",
    design:
      `${streamlets} streamlets${hosts > 0 ? ` on ${hosts} hosts` : ""} ` +
      `all day${survive.length > 0 ? ", no failure survived" : ""}`,
    values: {},
    cost: hours * (streamlets * scenario.cost.streamletHour + hosts * scenario.cost.hostHour),
    stamp: "estimated",
  };
}
