import { dirname, join } from "node:path";
import { InputError } from "../base/errors.js";
import { FailureNotes } from "../experiment/failure-notes.js";
import { checkFolder, folderName, writeFileAtomically } from "../experiment/output.js";
import { designOf } from "../experiment/plan/design-of.js";
import { checkDesigns } from "../experiment/plan/designs.js";
import { checkUntil } from "../experiment/plan/growth.js";
import { daysToMeet, type PlanOptions, planScenario } from "../experiment/plan/plan.js";
import type { PlanDocument } from "../experiment/plan/plan-document.js";
import { type PlanQuestion, readQuestion } from "../experiment/plan/question.js";
import { quickPlan } from "../experiment/plan/quick-plan.js";
import { parseBudget, parseGrowth, parseMonth } from "../experiment/plan/rate.js";
import { RunStore } from "../experiment/run-store.js";
import { checkEngine, openRunner } from "./engine-run.js";
import { ExitCode, interruptSignal } from "./outcome.js";
import type { PlanArguments } from "./plan.js";
import { PlanProgressLine } from "./plan-progress.js";
import { variableOption } from "./plan-variable.js";

/** Simulated days, in the folder that is kept. */
const STORE = "plan-days.jsonl";
/**
 * A typical plan simulates about two and a half times the days that its promise needs in each
 * world; each what-if one and a third times these days.
 */
const USUAL_SHARE = 2.5;
const USUAL_WHAT_IF = 1.3;

/** `headrace plan`. Everything is read and checked before the first day is simulated. */
export async function runPlan(argv: PlanArguments): Promise<void> {
  if (argv.budget !== undefined && argv.quick) {
    throw new InputError({
      code: "HR1006",
      where: "--budget",
      got: "--quick as well",
      expected: "one of the two",
      remedy: "What money buys must be simulated",
    });
  }
  checkEngine(argv);
  if (argv.quick && argv.redis !== undefined) {
    throw new InputError({
      code: "HR1006",
      where: "--redis",
      got: "--quick as well, which simulates nothing",
      expected: "one of the two",
    });
  }
  const inverted = argv.budget === undefined ? {} : { budgetPerMonth: parseBudget(argv.budget) };
  const growth = growthOf(argv);
  const question = await readQuestion(argv.file, {
    variables: (argv.variable ?? []).map(variableOption),
    ...(argv.confidence === undefined ? {} : { confidence: argv.confidence }),
    ...(argv.mayMiss === undefined ? {} : { mayMiss: argv.mayMiss }),
    ...(argv.seed === undefined ? {} : { seed: argv.seed }),
  });
  if (growth.growth !== undefined) checkUntil(question, growth.growth.untilMonth);
  const folder = argv.out ?? (argv.json ? undefined : join("reports", `${folderName(question.scenario.name)}-plan`));
  for (const one of [folder, argv.keep, argv.export]) if (one !== undefined) await checkFolder(one);
  if (argv.stats !== undefined) await checkFolder(dirname(argv.stats));
  if (!argv.quiet) announce(question);
  await checkDesigns(question);
  const began = performance.now();
  const document = argv.quick
    ? quickPlan(question)
    : await searchedPlan(question, folder, argv, { ...inverted, ...growth });
  await writeStats(argv, document, performance.now() - began);
  await deliver(document, question, folder, argv);
  if (document.feasible !== false) await deliverExports(document, question, argv);
  if (document.feasible === false) process.exitCode = ExitCode.no;
}

async function searchedPlan(
  question: PlanQuestion,
  folder: string | undefined,
  argv: PlanArguments,
  extras: Pick<PlanOptions, "budgetPerMonth" | "growth">,
): Promise<PlanDocument> {
  const keptIn = argv.keep ?? folder;
  const store = keptIn === undefined ? undefined : new RunStore(join(keptIn, STORE));
  const { survive, whatIf } = question;
  const whatIfRuns = daysToMeet(question) * USUAL_WHAT_IF * whatIf.length;
  const usual = { all: daysToMeet(question) * USUAL_SHARE * (1 + survive.length) + whatIfRuns, whatIf: whatIfRuns };
  const line = new PlanProgressLine(argv.quiet, usual);
  const interrupt = interruptSignal();
  const runner = await openRunner(argv);
  const notes = new FailureNotes();
  const found: { readonly phase: string; readonly what: unknown }[] = [];
  try {
    return await planScenario(question, {
      ...extras,
      ...(store === undefined ? {} : { store }),
      ...(runner === undefined ? {} : { runner }),
      signal: interrupt.signal,
      onPolicyFailed: notes.add,
      onProgress: line.show,
      onFound: (phase, what) => found.push({ phase, what }),
    });
  } catch (error) {
    line.clear();
    if (interrupt.signal.aborted && !argv.quiet) sayInterrupted(line.incumbent, keptIn);
    throw error;
  } finally {
    line.clear();
    process.stderr.write(notes.text);
    interrupt.dispose();
    await runner?.close();
    if (argv.keep !== undefined) await writeFound(argv.keep, found);
  }
}

/** --growth and --until belong together. */
function growthOf({ growth, until, quick }: PlanArguments): Pick<PlanOptions, "growth"> {
  if (growth === undefined && until === undefined) return {};
  if (growth === undefined || until === undefined || quick) {
    throw new InputError({
      code: "HR1007",
      where: growth === undefined ? "--until" : "--growth",
      got: quick
        ? "growth with --quick, which knows no answer that could grow"
        : `no ${growth === undefined ? "--growth" : "--until"}`,
      expected: "--growth and --until together, without --quick",
      remedy: "For example --growth 30%/quarter --until 2027-12",
    });
  }
  return { growth: { rate: parseGrowth(growth), untilMonth: parseMonth(until) } };
}

async function writeFound(
  folder: string,
  found: readonly { readonly phase: string; readonly what: unknown }[],
): Promise<void> {
  for (const [i, { phase, what }] of found.entries()) {
    const plain = (_key: string, value: unknown): unknown =>
      ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
    await writeFileAtomically(join(folder, `${i + 1}-${phase}.json`), `${JSON.stringify(what, plain, 2)}\n`);
  }
}

function sayInterrupted(incumbent: string | undefined, keptIn: string | undefined): void {
  if (incumbent !== undefined) process.stderr.write(`so far, not verified: ${incumbent}\n`);
  if (keptIn !== undefined)
    process.stderr.write(`simulated days are kept in ${join(keptIn, STORE)}: the same command goes on from there\n`);
}

function announce({ file, scenario, variables, chosen, survive, days, confidence }: PlanQuestion): void {
  process.stderr.write(
    `${file}: the cheapest that meets the SLO on ${100 * days} % of ` +
      `days, with ${100 * confidence} % confidence; seed ${scenario.seed}\n`,
  );
  process.stderr.write(`${chosen ? "nothing is named, so these are chosen" : "to choose"}:\n`);
  for (const { path, values, order } of variables) {
    const shown =
      values.length > 6 ? `${values.slice(0, 3).join(", ")} … ${values[values.length - 1]}` : values.join(", ");
    process.stderr.write(`  ${path}: ${shown} (${values.length}${order === "none" ? ", in no order" : ""})\n`);
  }
  for (const { name } of survive) process.stderr.write(`  must survive ${name}\n`);
}

async function writeStats({ stats }: PlanArguments, document: PlanDocument, wallMs: number): Promise<void> {
  if (stats === undefined) return;
  const figures = { events: document.events, wallMs, peakRssBytes: process.resourceUsage().maxRSS * 1024 };
  await writeFileAtomically(stats, `${JSON.stringify(figures)}\n`);
}

async function deliver(
  document: PlanDocument,
  question: PlanQuestion,
  folder: string | undefined,
  argv: PlanArguments,
): Promise<void> {
  if (argv.keep !== undefined)
    await writeFileAtomically(join(argv.keep, "plan.json"), `${JSON.stringify(document, null, 2)}\n`);
  if (argv.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  if (folder !== undefined) {
    const { writePlanReport } = await import("../report/plan-page.js");
    await writePlanReport(document, question.scenario, folder, commandOf(argv));
  }
  if (argv.json || argv.quiet) return;
  const { renderPlan } = await import("../report/plan-tables.js");
  process.stdout.write(`${renderPlan(document)}\n`);
  if (folder !== undefined) process.stdout.write(`\nReport: ${join(folder, "index.html")}\n`);
}

/** The manifests, and their difference to those in use; on stderr if stdout is JSON. */
async function deliverExports(document: PlanDocument, question: PlanQuestion, argv: PlanArguments): Promise<void> {
  if (argv.export === undefined && argv.patch === undefined) return;
  const { exportSource, planExports } = await import("../experiment/plan/exports/plan-exports.js");
  const design = designOf(question, document);
  if (argv.export !== undefined) {
    for (const { name, text } of await planExports(question, design, argv.export))
      await writeFileAtomically(join(argv.export, name), text);
    if (!argv.quiet) process.stderr.write(`manifests: ${argv.export}\n`);
  }
  if (argv.patch === undefined) return;
  const { hpaPatch } = await import("../experiment/plan/exports/hpa-patch.js");
  const text = await hpaPatch(argv.patch, await exportSource(question, design));
  (argv.json ? process.stderr : process.stdout).write(text);
}

/** What repeats the plan. */
function commandOf(argv: PlanArguments): string {
  const parts = ["headrace plan", argv.file];
  for (const one of argv.variable ?? []) parts.push(`--variable ${one}`);
  if (argv.confidence !== undefined) parts.push(`--confidence ${argv.confidence}`);
  if (argv.mayMiss !== undefined) parts.push(`--may-miss ${argv.mayMiss}`);
  if (argv.seed !== undefined) parts.push(`--seed ${argv.seed}`);
  if (argv.quick) parts.push("--quick");
  if (argv.budget !== undefined) parts.push(`--budget ${argv.budget}`);
  if (argv.growth !== undefined) parts.push(`--growth ${argv.growth} --until ${argv.until}`);
  return parts.join(" ");
}
