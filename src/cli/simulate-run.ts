import { dirname, join } from "node:path";
import { InputError } from "../base/errors.js";
import { formatCount, formatDuration } from "../base/units.js";
import { type FinishedExperiment, runExperiment } from "../experiment/experiment.js";
import { checkFolder, folderName, writeFileAtomically } from "../experiment/output.js";
import { moduleSentences } from "../experiment/policy-failures.js";
import { readScenario, type ScenarioChanges } from "../experiment/scenario-file.js";
import { assertSlo } from "../experiment/slo-verdict.js";
import type { Scenario } from "../world/scenario/scenario.js";
import { ExitCode, interruptSignal } from "./outcome.js";
import { ProgressBar } from "./progress-bar.js";
import { renderTable } from "./result-table.js";
import type { SimulateArguments } from "./simulate.js";

/**
 * `headrace simulate`: reads every scenario before the first run, so that a fault in the last one
 * costs nothing.
 */
export async function simulateFiles(argv: SimulateArguments): Promise<void> {
  if (argv.json && argv.files.length > 1) {
    throw new InputError({
      code: "HR1006",
      got: `--json with ${argv.files.length} scenarios`,
      expected: "one scenario",
      remedy: "Run them one by one",
    });
  }
  const changes = changesOf(argv);
  const scenarios: { file: string; scenario: Scenario; folder: string }[] = [];
  for (const file of argv.files) {
    const scenario = await readScenario(file, changes);
    if (argv.assertSlo !== undefined) checkSlo(file, scenario);
    const folder = reportFolder(scenario, argv);
    const twin = scenarios.find((other) => other.folder === folder);
    if (twin !== undefined) {
      throw new InputError({
        code: "HR1210",
        where: file,
        got: `a second scenario named "${scenario.name}" (as in ${twin.file})`,
        expected: "names that differ, since each names its report",
        remedy: "Change name, or run them one by one with --out",
      });
    }
    if (!argv.json) await checkFolder(folder);
    if (argv.stats !== undefined) await checkFolder(dirname(argv.stats));
    scenarios.push({ file, scenario, folder });
  }
  for (const one of scenarios) {
    if (argv.explain === undefined) await simulateOne(one.file, one.scenario, one.folder, argv);
    else await explainOne(one.scenario, argv.explain, argv.json);
  }
}

async function explainOne(scenario: Scenario, when: string, json: boolean): Promise<void> {
  const { explainInstant } = await import("./why-run.js");
  await explainInstant(scenario, when, json);
}

function reportFolder(scenario: Scenario, argv: SimulateArguments): string {
  const name = folderName(scenario.name);
  if (argv.out === undefined) return join("reports", name);
  return argv.files.length === 1 ? argv.out : join(argv.out, name);
}

async function simulateOne(file: string, scenario: Scenario, folder: string, argv: SimulateArguments): Promise<void> {
  const quiet = argv.quiet || argv.json;
  if (!argv.quiet) announce(file, scenario);
  else if (!argv.json) process.stderr.write(`seed ${scenario.seed}\n`);
  const interrupt = interruptSignal();
  const bar = new ProgressBar("simulating", argv.quiet);
  try {
    const threads = argv.threads === undefined ? {} : { threads: argv.threads };
    const running = runExperiment(scenario, { onProgress: bar.show, signal: interrupt.signal, ...threads });
    // Loads the report's code while the threads run, which saves a quarter of a second at the
    // end. An error is reported there.
    if (!argv.json) import("../report/report.js").catch(() => undefined);
    const ran = await running;
    bar.clear();
    const outcome = await withFrontiers(ran, scenario, folder, argv, interrupt.signal);
    if (argv.stats !== undefined) await writeFileAtomically(argv.stats, `${JSON.stringify(outcome.stats)}\n`);
    // The table shows it too; --json and --quiet show only this line.
    if (quiet) for (const sentence of moduleSentences(outcome.document)) process.stderr.write(`${sentence}\n`);
    if (argv.json) process.stdout.write(`${JSON.stringify(outcome.document, null, 2)}\n`);
    else await report(file, scenario, folder, outcome, quiet, argv);
    if (argv.chromeTrace !== undefined) {
      const { writeChromeTrace } = await import("./why-run.js");
      await writeChromeTrace(scenario, argv.chromeTrace, argv.quiet);
    }
    if (argv.assertSlo !== undefined) reportAssertion(scenario, outcome, argv.assertSlo);
  } finally {
    interrupt.dispose();
  }
}

/**
 * The requested sweeps, as parts of the document. Finished runs are kept in the report's folder,
 * so that the same command resumes after a stop.
 */
async function withFrontiers(
  outcome: FinishedExperiment,
  scenario: Scenario,
  folder: string,
  argv: SimulateArguments,
  signal: AbortSignal,
): Promise<FinishedExperiment> {
  if (!argv.frontier && !argv.spawnSweep) return outcome;
  const { runSweeps } = await import("./frontier-run.js");
  const keepIn = argv.json && argv.out === undefined ? undefined : folder;
  return { ...outcome, document: { ...outcome.document, ...(await runSweeps(scenario, keepIn, argv, signal)) } };
}

async function report(
  file: string,
  scenario: Scenario,
  folder: string,
  outcome: FinishedExperiment,
  quiet: boolean,
  argv: SimulateArguments,
): Promise<void> {
  const { writeReport } = await import("../report/report.js");
  const { indexHtml } = await writeReport(outcome, scenario, folder, { command: commandOf(file, scenario, argv) });
  if (quiet) return;
  process.stdout.write(`${renderTable(outcome.document)}\n`);
  if (argv.frontier || argv.spawnSweep) {
    const { renderSweeps } = await import("./frontier-run.js");
    process.stdout.write(`\n${renderSweeps(outcome.document)}\n`);
  }
  process.stdout.write(`\nReport: ${indexHtml}\n`);
}

/** What reproduces these numbers. */
function commandOf(file: string, scenario: Scenario, argv: SimulateArguments): string {
  const parts = ["headrace simulate", file, `--seed ${scenario.seed}`];
  if (argv.replications !== undefined) parts.push(`--replications ${argv.replications}`);
  if (argv.duration !== undefined) parts.push(`--duration ${argv.duration}`);
  if (argv.trace !== undefined) parts.push(`--trace ${argv.trace}`);
  if (argv.traceScale !== undefined) parts.push(`--trace-scale ${argv.traceScale}`);
  for (const policy of argv.policy ?? []) parts.push(`--policy ${policy}`);
  if (argv.frontier) parts.push("--frontier");
  if (argv.spawnSweep) parts.push("--spawn-sweep");
  return parts.join(" ");
}

function announce(file: string, scenario: Scenario): void {
  const policies = scenario.policies.map((policy) => policy.name).join(", ");
  const { source } = scenario.traffic;
  process.stderr.write(
    `${file}: ${formatDuration(scenario.durationMs)}, ` +
      `${replicationsText(scenario.replications)} of ${policies}; seed ${scenario.seed}\n`,
  );
  if (source.kind === "trace") {
    const unknown = source.interpolated > 0 ? `; ${formatCount(source.interpolated)} unknown values interpolated` : "";
    process.stderr.write(
      `traffic: ${source.file}, scaled by ${Number(source.scale.toPrecision(4))}, ` +
        `${formatDuration(scenario.traffic.historyMs)} of history${unknown}\n`,
    );
  }
}

function replicationsText(count: number): string {
  return count === 1 ? "1 replication" : `${formatCount(count)} paired replications`;
}

function checkSlo(file: string, scenario: Scenario): void {
  if (scenario.slo !== undefined) return;
  throw new InputError({
    code: "HR1209",
    where: "--assert-slo",
    got: `${file} without slo`,
    expected: "a scenario with slo, such as {startLatencyP99: 200ms}",
  });
}

function reportAssertion(scenario: Scenario, outcome: FinishedExperiment, demand: "met" | "proved"): void {
  const { holds, lines } = assertSlo(scenario, outcome.document, outcome.runs, demand);
  for (const line of lines) process.stderr.write(`${line}\n`);
  if (!holds) process.exitCode = ExitCode.no;
}

/** What the options change in a scenario. */
export function changesOf(argv: SimulateArguments): ScenarioChanges {
  return {
    ...(argv.seed === undefined ? {} : { seed: argv.seed }),
    ...(argv.replications === undefined ? {} : { replications: argv.replications }),
    ...(argv.duration === undefined ? {} : { duration: argv.duration }),
    ...(argv.trace === undefined ? {} : { trace: argv.trace }),
    ...(argv.traceScale === undefined ? {} : { traceScale: argv.traceScale }),
    ...(argv.policy === undefined ? {} : { policies: argv.policy }),
  };
}
