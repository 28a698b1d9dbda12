import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { InputError } from "../base/errors.js";
import { type Accepted, accept } from "../experiment/check/accept.js";
import { type CheckOutcome, runCheck } from "../experiment/check/check.js";
import { gateText } from "../experiment/check/gate-text.js";
import { REGRESSION_FILE, type Regression, readRegression } from "../experiment/check/regression-file.js";
import { FailureNotes } from "../experiment/failure-notes.js";
import type { JobPoolOptions } from "../experiment/job-pool.js";
import type { JobRunner } from "../experiment/job-runner.js";
import { checkFolder, writeFileAtomically } from "../experiment/output.js";
import { readScenario } from "../experiment/scenario-file.js";
import { shellWord } from "../report/shell-word.js";
import type { CheckArguments } from "./check.js";
import { checkEngine, openRunner, poolOf } from "./engine-run.js";
import { ExitCode, interruptSignal } from "./outcome.js";
import { ProgressBar } from "./progress-bar.js";

/** Longest reason that a baseline keeps. */
const MOST_REASON = 500;

/**
 * `headrace check`: the gate, its first files (`--init`), and the acceptance of what it shows
 * (`--update`).
 */
export async function runCheckCommand(argv: CheckArguments): Promise<void> {
  refuseContradictions(argv);
  checkEngine(argv);
  for (const file of [argv.junit, argv.markdown]) if (file !== undefined) await checkFolder(dirname(file));
  if (argv.out !== undefined) await checkFolder(argv.out);
  if (argv.init !== undefined) {
    await initialise(argv, argv.init);
    return;
  }
  const regression = await readRegression(argv.file);
  await checkFolder(dirname(regression.baseline));
  await withProgress(argv, async (options) => {
    if (argv.update) await update(argv, regression, argv.reason ?? "", options);
    else await gate(argv, regression, options);
  });
}

function refuseContradictions(argv: CheckArguments): void {
  if (argv.update && argv.init !== undefined)
    throw new InputError({ code: "HR1006", got: "--init and --update together", expected: "one of them" });
  if (argv.reason !== undefined && !argv.update && argv.init === undefined)
    throw new InputError({ code: "HR1006", where: "--reason", got: "a reason without --update", expected: "both" });
  if (argv.update && (argv.reason ?? "").trim() === "") {
    throw new InputError({
      code: "HR1007",
      where: "--update",
      got: "no reason",
      expected: "why the figures are accepted",
      remedy: 'For example --reason "more headroom at night, see #12"',
    });
  }
  if ((argv.reason ?? "").length > MOST_REASON)
    throw new InputError({
      code: "HR1004",
      where: "--reason",
      got: `${argv.reason?.length} characters`,
      expected: `at most ${MOST_REASON}`,
    });
  const writes = argv.update || argv.init !== undefined;
  if (writes && [argv.junit, argv.markdown, argv.out].some((file) => file !== undefined))
    throw new InputError({
      code: "HR1006",
      got: "--junit, --markdown or --out with --update or --init",
      expected: "a check to report on",
    });
}

async function withProgress(argv: CheckArguments, work: (options: JobPoolOptions) => Promise<void>): Promise<void> {
  const interrupt = interruptSignal();
  const bar = new ProgressBar("checking", argv.quiet);
  const onProgress = (share: number): void => (share >= 1 ? bar.clear() : bar.show(share));
  const notes = new FailureNotes();
  let runner: JobRunner | undefined;
  try {
    runner = await openRunner(argv);
    await work({ signal: interrupt.signal, onProgress, onPolicyFailed: notes.add, ...poolOf(runner) });
  } finally {
    bar.clear();
    process.stderr.write(notes.text);
    interrupt.dispose();
    await runner?.close();
  }
}

async function gate(argv: CheckArguments, regression: Regression, options: JobPoolOptions): Promise<void> {
  const outcome = await runCheck(regression, options);
  const { document, divergences } = outcome;
  if (argv.junit !== undefined) {
    const { checkJunit } = await import("../report/check/junit.js");
    await writeFileAtomically(argv.junit, checkJunit(document));
  }
  if (argv.markdown !== undefined) {
    const { checkMarkdown } = await import("../report/check/pull-request.js");
    await writeFileAtomically(argv.markdown, checkMarkdown(document, divergences));
  }
  if (argv.out !== undefined) {
    const { writeCheckReport } = await import("../report/check/check-report.js");
    await writeCheckReport(outcome, argv.out, `headrace check ${shellWord(argv.file)}`);
  }
  await print(argv, outcome);
  if (document.verdict !== "identical" && document.verdict !== "same") process.exitCode = ExitCode.no;
}

async function print(argv: CheckArguments, { document, divergences }: CheckOutcome): Promise<void> {
  if (argv.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else if (!argv.quiet) {
    const { checkText } = await import("../report/check/check-text.js");
    process.stdout.write(`${checkText(document, divergences)}\n`);
    if (argv.out !== undefined) process.stdout.write(`\nPage: ${join(argv.out, "index.html")}\n`);
  }
  if (!argv.annotations) return;
  const { checkAnnotations } = await import("../report/check/annotations.js");
  const lines = checkAnnotations(document);
  // With --json stdout is one document; GitHub reads commands from stderr as well.
  const stream = argv.json ? process.stderr : process.stdout;
  for (const line of lines) stream.write(`${line}\n`);
}

async function update(
  argv: CheckArguments,
  regression: Regression,
  reason: string,
  options: JobPoolOptions,
): Promise<void> {
  await report(argv, regression, await accept(regression, reason.trim(), options));
}

async function report(argv: CheckArguments, regression: Regression, accepted: Accepted): Promise<void> {
  const { acceptedDocument, acceptedText } = await import("../report/check/accepted-text.js");
  if (argv.json) process.stdout.write(`${JSON.stringify(acceptedDocument(accepted), null, 2)}\n`);
  else if (!argv.quiet)
    process.stdout.write(`${acceptedText(accepted)}\nBaseline: ${relative("", regression.baseline)}\n`);
}

/** Writes the gate's file into the working folder; an existing one is kept. */
async function initialise(argv: CheckArguments, scenarioFile: string): Promise<void> {
  const file = argv.file;
  if (existsSync(file)) {
    throw new InputError({
      code: "HR1107",
      where: file,
      got: "a gate that is there already",
      expected: "a new file",
      remedy: `Add the scenario to it, or name another: headrace check other.yaml --init ${scenarioFile}`,
    });
  }
  await checkFolder(dirname(resolve(file)));
  const scenario = await readScenario(scenarioFile);
  const written = relative(dirname(resolve(file)), resolve(scenarioFile)).replaceAll("\\", "/");
  const name = file === REGRESSION_FILE ? "regression-baseline.json" : `${file.replace(/\.ya?ml$/, "")}-baseline.json`;
  const baseline = relative(dirname(resolve(file)), resolve(name)).replaceAll("\\", "/");
  const text = gateText(scenario, written, baseline);
  const { parseRegression } = await import("../experiment/check/regression-file.js");
  const regression = parseRegression(file, text);
  if (existsSync(regression.baseline)) {
    throw new InputError({
      code: "HR1107",
      where: regression.baseline,
      got: "a baseline that is there already",
      expected: "a new file",
      remedy: "Remove it, or choose another name for the gate",
    });
  }
  await withProgress(argv, async (options) => {
    const accepted = await accept(regression, argv.reason ?? "the first baseline", options);
    await writeFileAtomically(file, text);
    await report(argv, regression, accepted);
    if (!argv.quiet && !argv.json) process.stdout.write(`Gate: ${file}\n`);
  });
}
