import { costAtViolation, estimateOf, type MatchedValue, type Setting } from "../experiment/frontier/matched.js";
import type { ForecasterRow } from "../experiment/study/forecaster-table.js";
import type { MapCell } from "../experiment/study/steepness-map.js";
import type { AblationRow, StudyDocument, StudyWorldResult } from "../experiment/study/study-document.js";
import { LOOSE, STRICT } from "../experiment/study/verdicts.js";
import { relativeText, type TextTable } from "./frontier-tables.js";
import { formatInterval, formatNumber } from "./numbers.js";

const GROUP_NAMES: Readonly<Record<string, string>> = {
  shipped: "as shipped",
  equalised: "equalised",
  "square-root": "square-root",
};

/** The predictive policy against the best of each group, one row per world and group. */
export function verdictTable(title: string, worlds: readonly StudyWorldResult[]): TextTable {
  return {
    title,
    head: ["traffic", "spawn", "against the best", "violating minutes at its cost for 1 %", "cost at 0.1 %"],
    rows: worlds.flatMap((world) =>
      world.verdicts.map((verdict) => [
        world.key,
        world.spawn,
        GROUP_NAMES[verdict.group] ?? verdict.group,
        verdict.bestLoose === null ? "no match" : `${relativeText(verdict.violations)} (${verdict.bestLoose})`,
        verdict.bestStrict === null ? "no match" : `${relativeText(verdict.cost)} (${verdict.bestStrict})`,
      ]),
    ),
  };
}

/** Every arm of a world: costs at both matches, and the settings next to them. */
export function armsTable(world: StudyWorldResult): TextTable {
  const cheapest = Math.min(...world.frontiers.flatMap((one) => costAtViolation(one.settings, STRICT)?.value ?? []));
  return {
    title: `${world.title}, spawn ${world.spawn}`,
    head: [
      "policy",
      "cost at 1 %",
      "cost at 0.1 %",
      "above the cheapest",
      "above the clairvoyant",
      "knob",
      "settings (violating minutes)",
    ],
    rows: world.frontiers.map((one) => {
      const loose = costAtViolation(one.settings, LOOSE);
      const strict = costAtViolation(one.settings, STRICT);
      return [
        one.coarse === true ? `${one.name} (coarse pass only)` : one.name,
        costText(loose),
        costText(strict),
        strict === undefined ? "–" : `${formatNumber(100 * (strict.value / cheapest - 1), 2)} %`,
        regretText(one.settings, strict?.value),
        one.knob ?? "",
        one.settings
          .map((setting) => `${settingText(setting.value)} (${formatNumber(100 * mean(setting.violation), 2)} %)`)
          .join(", "),
      ];
    }),
  };
}

function costText(matched: MatchedValue | undefined): string {
  if (matched === undefined) return "–";
  const { value, halfWidth } = estimateOf(matched);
  return formatInterval(value, halfWidth);
}

/** Knobs that near nothing (1 − quantile) keep their digits. */
function settingText(value: number): string {
  return value > 0 && value < 1e-3 ? value.toExponential(1).replace("-", "−") : formatNumber(value);
}

/**
 * The cost at 0.1 % above the clairvoyant's. That lower bound is read from the setting with most
 * capacity, which serves nearly all requests.
 */
function regretText(settings: readonly Setting[], cost: number | undefined): string {
  const generous = settings.reduce((best, one) => (mean(one.violation) < mean(best.violation) ? one : best));
  if (cost === undefined || generous.oracleCost === undefined) return "–";
  const floor = mean(generous.oracleCost);
  return `${formatNumber(100 * (cost / floor - 1), 2)} %`;
}

/**
 * The value of each part of the predictive policy: the cost without it, relative to the complete
 * policy, at 0.1 %.
 */
export function ablationTable(rows: readonly AblationRow[]): TextTable {
  const traces = [...new Set(rows.flatMap((row) => Object.keys(row.cost)))];
  return {
    title: "Cost without one part, relative to the whole policy",
    head: ["", "spawn", "at violating minutes", ...traces],
    rows: rows.map(({ name, spawn, violation, cost }) => [
      name,
      spawn,
      `${100 * violation} %`,
      ...traces.map((trace) => relativeText(cost[trace] ?? null)),
    ]),
  };
}

/** The ensemble against the same policy with simpler forecasts. */
export function forecasterTable(rows: readonly ForecasterRow[]): TextTable {
  return {
    title: "Cost of the predictive policy with the ensemble, relative to the same policy with a simpler forecast",
    head: ["time to capacity", "traffic", "at violating minutes", "against last value", "against seasonal naive"],
    rows: rows.map(({ spawn, traffic, violation, against }) => [
      spawn,
      traffic,
      `${100 * violation} %`,
      relativeText(against["last-value"]),
      relativeText(against["seasonal-naive"]),
    ]),
  };
}

/**
 * The predictive policy's cost against the best reactive one, for each time to capacity and each
 * steepest growth of demand (percent of its mean per minute).
 */
export function mapTable(cells: readonly MapCell[]): TextTable {
  const spawns = [...new Set(cells.map((cell) => cell.spawn))];
  const growths = [...new Set(cells.map((cell) => cell.steepness))];
  return {
    title: "Cost of prediction at 1 % violating minutes against the best reactive policy, by steepest growth a minute",
    head: ["time to capacity", ...growths.map((growth) => `${formatNumber(growth, 2)} %`)],
    rows: spawns.map((spawn) => [
      spawn,
      ...growths.map((growth) => mapText(cells.find((cell) => cell.spawn === spawn && cell.steepness === growth))),
    ]),
  };
}

function mapText(cell: MapCell | undefined): string {
  if (cell === undefined || cell.cost === null) return "no match";
  return `${relativeText(cell.cost)} (${cell.reactive})`;
}

/** In how many worlds each target is met. */
export function figuresTable(document: StudyDocument): TextTable {
  const at = (spawn: string): StudyWorldResult[] => document.worlds.filter((world) => world.spawn === spawn);
  const count = (worlds: readonly StudyWorldResult[], met: (world: StudyWorldResult) => boolean | undefined): string =>
    `${worlds.filter((world) => met(world) === true).length} of ${worlds.length}`;
  const violations = (world: StudyWorldResult, group: string): number =>
    world.verdicts.find((one) => one.group === group)?.violations?.value ?? Number.NaN;
  const cost = (world: StudyWorldResult, group: string): number =>
    world.verdicts.find((one) => one.group === group)?.cost?.value ?? Number.NaN;
  const rows: string[][] = [];
  for (const spawn of new Set(document.worlds.map((world) => world.spawn))) {
    const worlds = at(spawn);
    const line = (text: string, met: (world: StudyWorldResult) => boolean): void => {
      rows.push([`${text}, spawn ${spawn}`, count(worlds, met)]);
    };
    line("≥ 80 % fewer violating minutes than the best as shipped", (world) => violations(world, "shipped") <= -0.8);
    line("≥ 50 % fewer than the best equalised", (world) => violations(world, "equalised") <= -0.5);
    line("≥ 2 % cheaper at 0.1 % than the best as shipped", (world) => cost(world, "shipped") <= -0.02);
    line("≥ 6 % cheaper at 0.1 % than the best as shipped", (world) => cost(world, "shipped") <= -0.06);
    line("≥ 10 % cheaper at 0.1 % than the best as shipped", (world) => cost(world, "shipped") <= -0.1);
    line("significantly dearer at 0.1 % than the best of all others", (world) =>
      world.verdicts.some(({ cost: found }) => found !== null && found.value > (found.halfWidth ?? 0)),
    );
  }
  return { title: "Figures that were aimed for", head: ["figure", "met in"], rows };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
