import { InputError } from "../base/errors.js";
import { metricCatalogue } from "../experiment/metric-catalogue.js";
import { loadUserModules } from "../experiment/module-file.js";
import { parseScenario, readScenario } from "../experiment/scenario-file.js";
import { factsOf } from "../live/log/logged-facts.js";
import type { LoggedRun } from "../live/log/run-log-reader.js";
import { counterfactualRun } from "../live/replay/counterfactual.js";
import { liveResult } from "../live/replay/live-result.js";
import { replayRun } from "../live/replay/replay.js";
import { formatNumber, shownValue } from "../report/numbers.js";
import type { PolicySpec } from "../world/scenario/policy-spec.js";
import type { ReplayArguments } from "./replay.js";

const SHOWN = [
  "cost",
  "sloViolationMinutes",
  "startLatencyMsMean",
  "startLatencyMsP50",
  "startLatencyMsP99",
  "waitProbability",
  "rejectedRatio",
  "abandonedRatio",
  "interruptedRatio",
  "utilisationMean",
  "streamletHours",
  "streamletsReadyMean",
  "spawns",
  "crashes",
  "arrivals",
];

const CAVEAT =
  "Arrivals, patience, completed holding times and deaths as logged; " +
  "spawn times drawn from the logged ones; holding times that the log " +
  "cut short drawn from the longer ones. The first two columns " +
  "are one policy, as it was and as the model predicts it: their " +
  "difference is the model's error. Compare policies between the last two.";

/**
 * `replay --policy`: the logged policy as recorded, and counterfactual runs of it and of the
 * other.
 */
export async function replayOther(run: LoggedRun, wanted: string, argv: ReplayArguments): Promise<void> {
  const { scenario, policy } = run.header;
  const other = await policyOf(run, wanted, argv.scenario);
  const modules = await loadUserModules({ ...scenario, policies: [policy, other] });
  const world = replayRun(
    run.lines,
    run.file,
    () => modules,
    () => undefined,
  );
  const logged = liveResult(world, policy.name);
  if (logged === undefined) {
    throw new InputError({
      code: "HR1514",
      where: run.file,
      got: "a run that ended within its warm-up",
      expected: "a measured window",
    });
  }
  const facts = factsOf(run);
  const predicted = [policy, other].map((one) => counterfactualRun(run, facts, one, modules));
  const columns = [
    { name: `${policy.name}, as it was`, metrics: logged.metrics },
    { name: `${policy.name}, counterfactual`, metrics: predicted[0].metrics },
    { name: `${other.name}, counterfactual`, metrics: predicted[1].metrics },
  ];
  const document = {
    scenario: { name: scenario.name, hash: scenario.hash },
    seed: scenario.seed,
    columns,
    notCarriedOver: { asked: facts.asked },
    caveat: CAVEAT,
  };
  if (argv.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else if (!argv.quiet) {
    const asked = facts.asked === 0 ? "" : ` What operators asked for (${facts.asked} times) is left out.`;
    process.stdout.write(`${table(columns)}\n\n${CAVEAT}${asked}\n`);
  }
}

/**
 * A policy of the given scenario or of the log's by name or kind, or else a built-in kind with its
 * defaults.
 */
async function policyOf(run: LoggedRun, wanted: string, file: string | undefined): Promise<PolicySpec> {
  const { scenario } = run.header;
  if (file !== undefined) return (await readScenario(file, { policies: [wanted] })).policies[0];
  const known =
    scenario.policies.find((one) => one.name === wanted) ?? scenario.policies.find((one) => one.kind === wanted);
  if (known !== undefined) return known;
  const max = Number.isFinite(scenario.fleet.max) ? `, max: ${scenario.fleet.max}` : "";
  const stub =
    "name: stub\nduration: 1h\ntraffic: {source: poisson, rate: 1/s}\nstreams: {holding: 1s}\n" +
    `fleet: {streamlet: {slots: 1}${max}}\npolicies: [{kind: on-demand}]\n`;
  return (await parseScenario("--policy", stub, { policies: [wanted] })).policies[0];
}

function table(
  columns: readonly { readonly name: string; readonly metrics: Readonly<Record<string, number>> }[],
): string {
  const rows = SHOWN.filter((metric) => columns.some((column) => column.metrics[metric] !== undefined));
  const cells = rows.map((metric) => [
    labelOf(metric),
    ...columns.map(({ metrics }) => shown(metric, metrics[metric])),
  ]);
  const all = [["", ...columns.map((column) => column.name)], ...cells];
  const widths = all[0].map((_, i) => Math.max(...all.map((line) => line[i].length)));
  return all
    .map((line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[i] + 2))).join(""))
    .join("\n");
}

function labelOf(metric: string): string {
  const { label, unit } = metricCatalogue[metric];
  return unit === "" || unit === "currency" ? label : `${label} (${unit})`;
}

function shown(metric: string, value: number | undefined): string {
  if (value === undefined) return "–";
  return formatNumber(shownValue(value, metricCatalogue[metric]));
}
