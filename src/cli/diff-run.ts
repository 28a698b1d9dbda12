import { join } from "node:path";
import { InputError } from "../base/errors.js";
import type { DiffDocument } from "../experiment/diff/diff-document.js";
import { diffPolicies } from "../experiment/diff/diff-policies.js";
import { diffResults, looksLikeResult, readResultFile, resultFileOf } from "../experiment/diff/diff-results.js";
import { FailureNotes } from "../experiment/failure-notes.js";
import { checkFolder, writeFileAtomically } from "../experiment/output.js";
import { packageVersion } from "../experiment/version.js";
import { readTextFile } from "../traffic/text-file.js";
import type { DiffArguments } from "./diff.js";
import { interruptSignal } from "./outcome.js";
import { ProgressBar } from "./progress-bar.js";

/** A log of a day at 100 requests per second has about this size. */
const MOST_LOG_BYTES = 2_000_000_000;

/** `headrace diff`: prints the differences; exit code 0 with and without any. */
export async function runDiff(argv: DiffArguments): Promise<void> {
  if (argv.out !== undefined) await checkFolder(argv.out);
  const document = await documentOf(argv);
  if (argv.out !== undefined) {
    const { diffPage } = await import("../report/diff/diff-page.js");
    await writeFileAtomically(join(argv.out, "diff.json"), `${JSON.stringify(document, null, 2)}\n`);
    await writeFileAtomically(join(argv.out, "index.html"), await diffPage(document, packageVersion()));
  }
  if (argv.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else if (!argv.quiet) {
    const { diffText } = await import("../report/diff/diff-text.js");
    process.stdout.write(`${diffText(document)}\n`);
    if (argv.out !== undefined) process.stdout.write(`\nPage: ${join(argv.out, "index.html")}\n`);
  }
}

async function documentOf(argv: DiffArguments): Promise<DiffDocument> {
  const { a, b, policy, against } = argv;
  if (b === undefined) {
    if (policy === undefined || against === undefined) {
      throw new InputError({
        code: "HR1007",
        got: `${a} alone`,
        expected: "a second result or run log, or --policy and --against",
        remedy: "For example headrace diff SCENARIO --policy old.ts --against new.ts",
      });
    }
    return policies(argv, policy, against);
  }
  if (policy !== undefined || against !== undefined)
    throw new InputError({
      code: "HR1006",
      got: "two files with --policy or --against",
      expected: "one scenario with them",
    });
  const files = [await resultFileOf(a), await resultFileOf(b)];
  const areResults = [await looksLikeResult(files[0]), await looksLikeResult(files[1])];
  if (areResults[0] !== areResults[1]) {
    const log = areResults[0] ? files[1] : files[0];
    throw new InputError({ code: "HR1515", where: log, got: "a run log beside a result", expected: "two of one kind" });
  }
  if (areResults[0])
    return diffResults(files[0], await readResultFile(files[0]), files[1], await readResultFile(files[1]));
  const { parseRunLog } = await import("../live/log/run-log-reader.js");
  const { diffLogs } = await import("../live/log/log-diff.js");
  const read = async (file: string) =>
    parseRunLog(await readTextFile(file, "a run log (JSONL)", MOST_LOG_BYTES), file, packageVersion());
  return diffLogs(await read(files[0]), await read(files[1]));
}

async function policies(argv: DiffArguments, policy: string, against: string): Promise<DiffDocument> {
  const interrupt = interruptSignal();
  const bar = new ProgressBar("comparing", argv.quiet);
  const notes = new FailureNotes();
  const threads = argv.threads === undefined ? {} : { threads: argv.threads };
  try {
    const watch = { signal: interrupt.signal, onProgress: bar.show, onPolicyFailed: notes.add };
    return await diffPolicies(argv.a, policy, against, { ...watch, ...threads });
  } finally {
    bar.clear();
    process.stderr.write(notes.text);
    interrupt.dispose();
  }
}
