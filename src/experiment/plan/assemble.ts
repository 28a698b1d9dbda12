import { provesShare } from "../../base/binomial.js";
import { estimate } from "../../base/statistics.js";
import { packageVersion } from "../version.js";
import { planAnswer } from "./answer.js";
import { commitmentOf } from "./commitment.js";
import type { Confirmed } from "./confirm.js";
import type { Day, DayOutcome, DayRuns, Design } from "./day-runs.js";
import { choiceAt, designKey, linesOf } from "./designs.js";
import type { AskedGrowth, GrowthOutlook } from "./growth.js";
import type { MeanRecord } from "./means.js";
import { HOURS_PER_MONTH } from "./month.js";
import type { PolicyBest } from "./per-policy.js";
import type { PlanDocument, PlanMiss } from "./plan-document.js";
import type { PlanQuestion } from "./question.js";
import { scheduleEstimate } from "./schedule.js";
import type { SeenDesign } from "./search-designs.js";
import { sensitivities } from "./sensitivity.js";
import type { Sizing } from "./size.js";
import { planStatements } from "./statements.js";
import { valuesOf } from "./values.js";
import type { WhatIfRecord } from "./what-if.js";

const HOUR_MS = 3_600_000;
/** Shown alternatives: the nearest in cost come first. */
const MOST_ALTERNATIVES = 12;

export interface PlanFindings {
  readonly sizing: Sizing;
  readonly confirmed: Confirmed;
  readonly whatIf: readonly WhatIfRecord[];
  readonly perPolicy: readonly PolicyBest[];
  readonly growth: { readonly asked: AskedGrowth; readonly outlook: GrowthOutlook } | undefined;
}

/** The last phase: the document from what the other phases found. */
export async function assemble(question: PlanQuestion, findings: PlanFindings, runs: DayRuns): Promise<PlanDocument> {
  const { sizing, confirmed } = findings;
  const { scenario, confidence, days } = question;
  const feasible = confirmed.design !== undefined && confirmed.means.every(({ met }) => met);
  const closest = feasible ? undefined : await closestOf(confirmed.search.others, runs);
  const design = confirmed.design ?? closest?.design ?? cheapestDesign(question);
  const outcomes = feasible ? confirmed.fresh : closest === undefined ? [] : [closest.outcome];
  const ordinary = confirmed.records.find(({ world }) => world === 0) ?? { met: 0, of: 0 };
  const proves = ({ met, of }: { readonly met: number; readonly of: number }): boolean =>
    of > 0 && provesShare(met, of, days, confidence);
  const commitment = commitmentOf(question, sizing, design.choice, findings.growth?.asked);
  const document: PlanDocument = {
    scenario: { name: scenario.name, hash: scenario.hash },
    seed: scenario.seed,
    version: packageVersion(),
    feasible,
    policy: scenario.policies[design.policy].name,
    values: valuesOf(design.choice),
    answer: "",
    cost: costOf(question, outcomes),
    promise: { met: ordinary.met, of: ordinary.of, days, confidence, proved: proves(ordinary) },
    statements: [],
    survives: confirmed.records
      .filter(({ world }) => world > 0)
      .map(({ world, met, of }) => ({
        failure: question.survive[world - 1].name,
        met,
        of,
        proved: proves({ met, of }),
      })),
    whatIf: findings.whatIf.map((record) => ({ ...record, proved: proves(record) })),
    alternatives: await alternativesOf(question, design, confirmed.search.others, runs),
    perPolicy: findings.perPolicy.map((one) => ({
      ...one,
      perMonth: one.cost === null ? null : one.cost * monthsFactor(scenario),
    })),
    nextCheaper: confirmed.cheaper.map(({ design: below, saves, fails }) => ({
      values: valuesOf(below.choice),
      saves,
      misses: "metric" in fails ? [meanMiss(fails)] : missesOf(question, fails.day, fails.outcome),
    })),
    means: confirmed.means.map((one) => ({ ...one })),
    ...(closest === undefined ? {} : { binding: missesOf(question, closest.day, closest.outcome) }),
    variables: question.variables.map(({ path, values, order }) => ({
      path,
      values: [...values],
      order,
      chosen: question.chosen,
    })),
    fallback: [...confirmed.search.fallbacks],
    sizing: sizingPart(question, sizing),
    sensitivity: sensitivities(question, sizing),
    ...(commitment === undefined ? {} : { commitment: { ...commitment, curve: [...commitment.curve] } }),
    ...(findings.growth === undefined ? {} : { growth: plainGrowth(findings.growth.outlook) }),
    runs: runs.runs,
    events: runs.events,
  };
  const answered = { ...document, answer: planAnswer(document, design) };
  return { ...answered, statements: planStatements(answered, question, sizing, confirmed) };
}

/** Factor from the cost of the measured time to that of a month of 730.5 hours. */
function monthsFactor({ durationMs, warmupMs }: PlanQuestion["scenario"]): number {
  return (HOURS_PER_MONTH * HOUR_MS) / (durationMs - warmupMs);
}

export function costOf({ scenario, confidence }: PlanQuestion, outcomes: readonly DayOutcome[]): PlanDocument["cost"] {
  const day = estimate(
    outcomes.map(({ cost }) => cost),
    confidence,
  );
  const perMonth = monthsFactor(scenario);
  const mean = outcomes.length === 0 ? 0 : day.mean;
  return {
    mean,
    halfWidth: day.halfWidth,
    currency: scenario.cost.currency ?? "",
    perMonth: { mean: mean * perMonth, halfWidth: day.halfWidth === null ? null : day.halfWidth * perMonth },
  };
}

export function sizingPart(question: PlanQuestion, sizing: Sizing): PlanDocument["sizing"] {
  const { scenario } = question;
  return {
    schedule: { ...scheduleEstimate(question, sizing) },
    target: sizing.target,
    targetOf: sizing.targetOf,
    pools: sizing.pools.map(({ pool, peakLoad, peakAtMs, needed, streamlets, growthPerSpawn }) => ({
      pool,
      peakLoad,
      peakAtMs,
      slots: needed,
      streamlets,
      growthPerSpawn,
    })),
    hosts: sizing.hosts.flatMap((hosts, r) =>
      hosts === undefined ? [] : [{ region: scenario.fleet.regions[r].name, ...hosts }],
    ),
    leastStreamletHours: sizing.leastStreamletHours,
  };
}

function plainGrowth({ months, ...rest }: GrowthOutlook): NonNullable<PlanDocument["growth"]> {
  return { ...rest, months: months.map((one) => ({ ...one, needs: one.needs.map((need) => ({ ...need })) })) };
}

function missesOf({ survive }: PlanQuestion, day: Day, { misses }: DayOutcome): PlanMiss[] {
  const world = day.world === 0 ? "" : survive[day.world - 1].name;
  return misses.map(({ bound, share, allowed }) => ({ bound, share, allowed, day: day.replication, world }));
}

/** A mean over days above its bound. */
function meanMiss({ metric, mean, bound }: MeanRecord): PlanMiss {
  return { bound: metric, share: mean, allowed: bound, day: null, world: "" };
}

/** Of the designs that miss a day, the one that exceeds its bounds least. */
async function closestOf(others: readonly SeenDesign[], runs: DayRuns) {
  const wanted = others.flatMap(({ design, misses }) =>
    misses === undefined || "metric" in misses ? [] : [{ design, day: misses }],
  );
  const outcomes = await runs.run(wanted);
  const excess = ({ misses }: DayOutcome): number =>
    Math.max(0, ...misses.map(({ share, allowed }) => share / Math.max(allowed, 1e-9)));
  let best: { readonly design: Design; readonly day: Day; readonly outcome: DayOutcome } | undefined;
  wanted.forEach((one, i) => {
    if (best === undefined || excess(outcomes[i]) < excess(best.outcome)) best = { ...one, outcome: outcomes[i] };
  });
  return best;
}

/** The cheapest of the first line, if no design was run. */
function cheapestDesign({ scenario, variables }: PlanQuestion): Design {
  const [line] = linesOf(scenario.policies.length, variables);
  return { policy: line.policy, choice: choiceAt(line, { at: line.axes.map(() => 0) }) };
}

/** Designs to list besides the answer, per policy and line, nearest in cost first. */
async function alternativesOf(
  question: PlanQuestion,
  answer: Design,
  seen: readonly SeenDesign[],
  runs: DayRuns,
): Promise<PlanDocument["alternatives"]> {
  const answerKey = designKey(answer.policy, answer.choice);
  const others = seen.filter(({ design }) => designKey(design.policy, design.choice) !== answerKey);
  const first: Day = { world: 0, replication: 0 };
  const costs = await runs.run(others.map(({ design }) => ({ design, day: first })));
  const dayOf = ({ misses }: SeenDesign): Day => (misses === undefined || "metric" in misses ? first : misses);
  const missed = await runs.run(others.map((one) => ({ design: one.design, day: dayOf(one) })));
  const rows = others.map(({ design, misses }, i) => ({
    policy: question.scenario.policies[design.policy].name,
    values: valuesOf(design.choice),
    cost: costs[i].cost,
    perMonth: costs[i].cost * monthsFactor(question.scenario),
    days: 1,
    status: misses === undefined ? ("dearer" as const) : ("misses" as const),
    misses: misses === undefined ? [] : "metric" in misses ? [meanMiss(misses)] : missesOf(question, misses, missed[i]),
  }));
  const key = (row: (typeof rows)[number]): string => `${row.policy} ${JSON.stringify(row.values)}`;
  const unique = rows.filter((row, i) => rows.findIndex((other) => key(other) === key(row)) === i);
  const dearer = unique.filter(({ status }) => status === "dearer").sort((a, b) => a.cost - b.cost);
  const missing = unique.filter(({ status }) => status === "misses").sort((a, b) => b.cost - a.cost);
  return [...dearer.slice(0, MOST_ALTERNATIVES / 2), ...missing.slice(0, MOST_ALTERNATIVES / 2)];
}
