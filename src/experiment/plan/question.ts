import { InputError, type SourcePlace } from "../../base/errors.js";
import { formatDuration } from "../../base/units.js";
import { readTextFile } from "../../traffic/text-file.js";
import { parseYaml, type SourceText } from "../../traffic/yaml-text.js";
import { expectedArrivals } from "../../world/history.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { planSection, type WrittenFailure, type WrittenPlan } from "../../world/scenario/schema/plan.js";
import type { WrittenRange } from "../../world/scenario/schema/value-range.js";
import type { SloSpec } from "../../world/scenario/sections/slo.js";
import { parseScenario, type ScenarioChanges } from "../scenario-file.js";
import { defaultVariables } from "./default-variables.js";
import { type Failure, failuresOf } from "./failure.js";
import { type MeanBound, meanBounds } from "./mean-bound.js";
import { HOURS_PER_MONTH, MOST_MONTHS } from "./month.js";
import { reclaimedHosts } from "./reclaim.js";
import { checkDesignCount, type Variable, writtenVariable } from "./variable.js";

/** Variables and failures from the command line instead of the file. */
export interface QuestionFlags {
  readonly variables?: readonly { readonly path: string; readonly range: WrittenRange }[];
  readonly confidence?: number;
  readonly mayMiss?: number;
  readonly seed?: number;
}

type Cost = NonNullable<Scenario["cost"]>;

/**
 * A checked question: the scenario, the variables, and the failures that the choice must survive.
 */
export interface PlanQuestion {
  readonly file: string;
  readonly text: string;
  readonly changes: ScenarioChanges;
  /** As written, before any variable is set. */
  readonly scenario: Scenario & { readonly slo: SloSpec; readonly cost: Cost };
  readonly variables: readonly Variable[];
  /** The variables were chosen for the user. */
  readonly chosen: boolean;
  readonly survive: readonly Failure[];
  readonly whatIf: readonly Failure[];
  /** At least this share of days must meet the SLO, with this confidence. */
  readonly days: number;
  readonly confidence: number;
  /** Days of each sample that may miss the SLO; the sample is larger for the same promise. */
  readonly mayMiss: number;
  /** Means over days that are bounded as well. */
  readonly means: readonly MeanBound[];
  readonly prices: NonNullable<WrittenPlan["prices"]>;
}

const DEFAULT_CONFIDENCE = 0.95;
/** 99.9 % of days at 95 % needs 2,995 of them, all of which must be met. */
const MOST_DAYS_SHARE = 0.999;

/**
 * Reads and checks the question of `headrace plan FILE`; every fault is an InputError at its
 * place.
 */
export async function readQuestion(file: string, flags: QuestionFlags = {}): Promise<PlanQuestion> {
  const text = await readTextFile(file, "a scenario file (YAML)");
  const yaml = parseYaml(file, text);
  const changes: ScenarioChanges = flags.seed === undefined ? {} : { seed: flags.seed };
  const scenario = await parseScenario(file, text, changes);
  const { slo, cost } = scenario;
  const whole = yaml.place([]);
  if (slo === undefined) {
    throw new InputError({
      code: "HR1209",
      where: whole,
      got: "a scenario without slo",
      expected: "slo, since a plan is the cheapest that meets it",
      remedy: "For example slo: {startLatencyP99: 200ms, rejectedRatio: 0.001}",
    });
  }
  if (cost === undefined || cost.streamletHour + cost.hostHour === 0) {
    throw new InputError({
      code: "HR1214",
      where: cost === undefined ? whole : yaml.place(["cost"], true),
      got: cost === undefined ? "a scenario without prices" : "prices that are all 0",
      expected: "cost, since a plan is the cheapest that meets the SLO",
      remedy: "For example cost: {streamletHour: 0.02, hostHour: 0.40}",
    });
  }
  checkDemand(scenario, yaml);
  checkDays(slo, yaml);
  const priced = { ...scenario, slo, cost };
  const section = planSection.parse((yaml.value as { readonly plan?: unknown }).plan ?? {});
  const { variables, chosen } = variablesOf(priced, yaml, section, flags, file);
  const known = new Set<string>();
  const failures = (key: "survive" | "whatIf", list: readonly WrittenFailure[] | undefined): Failure[] =>
    (list ?? []).flatMap((one, i) =>
      newFailures(known, failuresOf(one, scenario, yaml.place(["plan", key, i])), yaml.place(["plan", key, i])),
    );
  const survive = failures("survive", section.survive);
  return {
    file,
    text,
    changes,
    scenario: priced,
    variables,
    chosen,
    survive,
    whatIf: [...failures("whatIf", section.whatIf), ...reclaimOf(section.prices?.spot, scenario, yaml)],
    days: slo.days,
    confidence: flags.confidence ?? section.confidence ?? DEFAULT_CONFIDENCE,
    mayMiss: flags.mayMiss ?? section.mayMiss ?? 0,
    means: meanBounds(section.onAverage ?? {}),
    prices: checkedPrices(section.prices ?? {}, priced, yaml),
  };
}

function variablesOf(
  scenario: PlanQuestion["scenario"],
  yaml: SourceText,
  section: WrittenPlan,
  flags: QuestionFlags,
  file: string,
): { readonly variables: readonly Variable[]; readonly chosen: boolean } {
  const written: [string, WrittenRange, SourcePlace][] = [
    ...Object.entries(section.variables ?? {})
      .filter(([path]) => !(flags.variables ?? []).some((flag) => flag.path === path))
      .map(([path, range]): [string, WrittenRange, SourcePlace] => [
        path,
        range,
        yaml.place(["plan", "variables", path], true),
      ]),
    ...(flags.variables ?? []).map(({ path, range }): [string, WrittenRange, SourcePlace] => [
      path,
      range,
      { file: `--variable ${path}` },
    ]),
  ];
  const variables =
    written.length > 0
      ? written.map(([path, range, where]) => writtenVariable(yaml.value, path, range, where))
      : defaultVariables(scenario, yaml.value);
  const where = section.variables === undefined ? file : yaml.place(["plan", "variables"], true);
  if (variables.length === 0) {
    throw new InputError({
      code: "HR1706",
      where,
      got: "nothing that may be chosen",
      expected: "variables of the plan",
      remedy: "For example plan: {variables: {fleet.max: {from: 10, to: 100, step: 10}}}",
    });
  }
  checkTwice(variables);
  checkDesignCount(variables, scenario.policies.length, where);
  return { variables, chosen: written.length === 0 };
}

/** Each failure once, so that its days are simulated and reported once. */
function newFailures(known: Set<string>, failures: readonly Failure[], where: SourcePlace): readonly Failure[] {
  for (const { name } of failures) {
    if (known.has(name)) {
      throw new InputError({
        code: "HR1705",
        where,
        got: `"${name}" a second time`,
        expected: "each failure once, in survive or in whatIf",
        remedy: "Leave one of them out",
      });
    }
    known.add(name);
  }
  return failures;
}

/** Two paths for one key, such as policies.0.count and policies.static.count. */
function checkTwice(variables: readonly Variable[]): void {
  for (const [i, one] of variables.entries()) {
    const twin = variables.slice(0, i).find(({ steps }) => steps.join("/") === one.steps.join("/"));
    if (twin === undefined) continue;
    throw new InputError({
      code: "HR1706",
      ...(one.where === undefined ? {} : { where: one.where }),
      got: `${one.path}, which is the same as ${twin.path}`,
      expected: "each variable once",
    });
  }
}

/** No sample proves a share of days that is too near to all of them. */
function checkDays(slo: SloSpec, yaml: SourceText): void {
  if (slo.days <= MOST_DAYS_SHARE) return;
  throw new InputError({
    code: "HR1203",
    where: yaml.place(["slo", "days"]),
    got: `days: ${slo.days}`,
    expected: `at most ${MOST_DAYS_SHARE}`,
    remedy: "No sample proves more; a budget of violating minutes says what a day may miss",
  });
}

function checkDemand(scenario: Scenario, yaml: SourceText): void {
  const { source } = scenario.traffic;
  if (expectedArrivals(source, scenario.warmupMs, scenario.durationMs) > 0) return;
  throw new InputError({
    code: "HR1707",
    where: yaml.place(["traffic"], true),
    got: "no demand in the measured time",
    expected: "requests between the end of the warm-up and the end of the day",
    remedy: "Check traffic, its start and its end: a plan needs demand",
  });
}

/** A spot price is used only if the plan survives a reclaim of spot hosts, which is simulated. */
function reclaimOf(
  spot: NonNullable<PlanQuestion["prices"]["spot"]> | undefined,
  scenario: Scenario,
  yaml: SourceText,
): Failure[] {
  if (spot === undefined) return [];
  const { share, notice: noticeMs = 0 } = spot;
  return [reclaimedHosts(scenario, { share, noticeMs }, yaml.place(["plan", "prices", "spot"], true))];
}

function checkedPrices(
  prices: PlanQuestion["prices"],
  { cost }: PlanQuestion["scenario"],
  yaml: SourceText,
): PlanQuestion["prices"] {
  for (const kind of ["committed", "spot"] as const) {
    const price = prices[kind]?.hostHour;
    if (price === undefined || (cost.hostHour > 0 && price < cost.hostHour)) continue;
    throw new InputError({
      code: "HR1214",
      where: yaml.place(["plan", "prices", kind, "hostHour"]),
      got: `a ${kind} hour of a host at ${price}`,
      expected:
        cost.hostHour > 0 ? `less than ${cost.hostHour}, which is cost.hostHour` : "cost.hostHour, the price on demand",
      remedy: cost.hostHour > 0 ? "Nobody commits to pay more" : "Give cost.hostHour",
    });
  }
  const term = prices.committed?.term;
  if (term !== undefined && term > MOST_MONTHS * HOURS_PER_MONTH * 3_600_000) {
    throw new InputError({
      code: "HR1214",
      where: yaml.place(["plan", "prices", "committed", "term"]),
      got: `a term of ${formatDuration(term)}`,
      expected: `at most ${MOST_MONTHS} months`,
      remedy: "For example term: 365d",
    });
  }
  return prices;
}
