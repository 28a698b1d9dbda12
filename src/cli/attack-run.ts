import { dirname, join } from "node:path";
import { performance } from "node:perf_hooks";
import { InputError } from "../base/errors.js";
import { attack } from "../experiment/attack/attack.js";
import type { Goal } from "../experiment/attack/goal.js";
import { FailureNotes } from "../experiment/failure-notes.js";
import { checkFolder, folderName } from "../experiment/output.js";
import type { AttackArguments } from "./attack.js";
import { ExitCode, interruptSignal } from "./outcome.js";
import { ProgressBar } from "./progress-bar.js";

const MOST_RUNS = 10_000;
const FACTORS = { alone: 1, against: 5, loss: 1.03 };
const TURNS_PER_HOUR = 20;

/** `headrace attack`: searches, makes smaller, confirms, writes. */
export async function runAttackCommand(argv: AttackArguments): Promise<void> {
  const goal = goalOf(argv);
  const budgetMs = argv.budget;
  const out = argv.out ?? join("reports", `attack-${folderName(argv.policy)}.yaml`);
  if (!/\.ya?ml$/i.test(out))
    throw new InputError({ code: "HR1005", where: "--out", got: out, expected: "a file that ends in .yaml" });
  await checkFolder(dirname(out));
  const interrupt = interruptSignal();
  const bar = new ProgressBar("attacking", argv.quiet);
  const progress = new LastLine(argv.quiet);
  const notes = new FailureNotes();
  try {
    const { scenario: file, policy, against, seed } = argv;
    const mostRuns = argv.runs ?? MOST_RUNS;
    const document = await attack(
      { file, policy, against, goal, seed, mostRuns, budgetMs, out },
      {
        ...(argv.threads === undefined ? {} : { threads: argv.threads }),
        signal: interrupt.signal,
        onPolicyFailed: notes.add,
        clockMs: () => performance.now(),
        onProgress: (share, text) => {
          bar.show(share);
          progress.show(text);
        },
      },
    );
    bar.clear();
    if (argv.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    else if (!argv.quiet) {
      const { attackText } = await import("../report/attack/attack-text.js");
      process.stdout.write(`${attackText(document)}\n`);
    }
    if (document.found) process.exitCode = ExitCode.no;
  } finally {
    bar.clear();
    process.stderr.write(notes.text);
    interrupt.dispose();
  }
}

/** Off a terminal the course of a search is one line every ten seconds. */
class LastLine {
  private shownAtMs = performance.now();

  constructor(private readonly quiet: boolean) {}

  show(text: string): void {
    const nowMs = performance.now();
    if (this.quiet || process.stderr.isTTY || nowMs - this.shownAtMs < 10_000) return;
    this.shownAtMs = nowMs;
    process.stderr.write(`${text}\n`);
  }
}

function goalOf({ goal, against, factor, perHour }: AttackArguments): Goal {
  if (goal === "loss" && against === undefined)
    throw new InputError({
      code: "HR1007",
      where: "--goal",
      got: "loss without --against",
      expected: "a baseline to lose to",
    });
  if (goal === "oscillation") {
    if (factor !== undefined || against !== undefined) {
      throw new InputError({
        code: "HR1006",
        got: `--${factor === undefined ? "against" : "factor"} with --goal oscillation`,
        expected: "--per-hour",
      });
    }
    return { kind: "oscillation", perHour: perHour ?? TURNS_PER_HOUR };
  }
  if (perHour !== undefined)
    throw new InputError({
      code: "HR1006",
      where: "--per-hour",
      got: `it with --goal ${goal}`,
      expected: "--goal oscillation",
    });
  const usual = goal === "loss" ? FACTORS.loss : against === undefined ? FACTORS.alone : FACTORS.against;
  return { kind: goal, factor: factor ?? usual };
}
