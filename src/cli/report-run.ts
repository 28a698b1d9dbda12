import { existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../base/errors.js";
import { readResultFile, resultFileOf } from "../experiment/diff/diff-results.js";
import { checkFolder, writeFileAtomically } from "../experiment/output.js";
import { packageVersion } from "../experiment/version.js";
import { isOwnPage } from "../report/page.js";
import { type NamedResult, sideBySide } from "../report/side-by-side/side-by-side.js";
import { metricTable, sideBySidePage } from "../report/side-by-side/side-by-side-page.js";
import { readTextFile } from "../traffic/text-file.js";
import { openPage } from "./open-page.js";
import type { ReportArguments } from "./report.js";

/** More results than this are a sweep. */
const MOST_RESULTS = 12;
/** A page of twelve results with all charts takes some megabytes. */
const MOST_PAGE_BYTES = 256_000_000;
const FOLDER = join("reports", "side-by-side");

/** `headrace report`: one result's own page, or several results on one. */
export async function showResults(argv: ReportArguments): Promise<void> {
  if (argv.json && (argv.open || argv.out !== undefined)) {
    const got = argv.open ? "--json with --open" : "--json with --out";
    throw new InputError({ code: "HR1006", got, expected: "one of them", remedy: "--json writes no page" });
  }
  const files = await Promise.all(argv.results.map(resultFileOf));
  if (files.length > MOST_RESULTS) {
    throw new InputError({
      code: "HR1006",
      got: `${files.length} results`,
      expected: `at most ${MOST_RESULTS}`,
      remedy: "Compare thousands of runs with headrace sweep",
    });
  }
  const other = argv.json || argv.out !== undefined ? undefined : await pageAlone(files);
  if (other !== undefined) {
    if (!argv.quiet) process.stdout.write(`Page: ${other}\n`);
    return argv.open ? openPage(other) : undefined;
  }
  const results = await namedResults(files);
  const found = sideBySide(results);
  if (argv.json) {
    process.stdout.write(`${JSON.stringify({ ...found, metrics: metricTable(results, found.sides) }, null, 2)}\n`);
    return;
  }
  const isOwn = files.length === 1 && argv.out === undefined;
  const page = isOwn ? await ownPage(files[0]) : await writePage(results, argv.out ?? FOLDER);
  if (!argv.quiet) process.stdout.write(`${found.sentence}\n\nPage: ${page}\n`);
  if (argv.open) await openPage(page);
}

/**
 * The page of a command that writes no result, such as plan; undefined where there is none. Throws
 * an InputError for a page of another program.
 */
async function pageAlone([file, ...others]: readonly string[]): Promise<string | undefined> {
  const page = join(dirname(file), "index.html");
  if (others.length > 0 || basename(file) !== "result.json" || existsSync(file) || !existsSync(page)) return undefined;
  if (isOwnPage(await readTextFile(page, "a page of Headrace", MOST_PAGE_BYTES))) return page;
  throw new InputError({
    code: "HR1115",
    where: page,
    got: "a page that this version of Headrace did not write, and no result.json beside it",
    expected: "the folder of a report",
    remedy: "Run the command that wrote it again, or open the page in a browser",
  });
}

/** Results under the names of their folders; under their paths where folders share a name. */
async function namedResults(files: readonly string[]): Promise<NamedResult[]> {
  const short = files.map((file) => basename(file === "result.json" ? resolve(file, "..") : dirname(resolve(file))));
  const names = new Set(short).size === short.length ? short : files;
  if (new Set(names).size < names.length) {
    const twice = files.find((file, i) => files.indexOf(file) !== i) ?? files[0];
    throw new InputError({ code: "HR1006", where: twice, got: "the same result twice", expected: "different results" });
  }
  const documents = await Promise.all(files.map(readResultFile));
  return documents.map((document, i) => ({ name: names[i], document }));
}

/** The page in the folder of a result. */
async function ownPage(file: string): Promise<string> {
  const page = join(dirname(file), "index.html");
  try {
    await access(page);
  } catch {
    throw new InputError({
      code: "HR1101",
      where: page,
      got: "no page beside the result",
      expected: "a report folder with index.html",
      remedy: "Simulate it again without --json",
    });
  }
  return page;
}

async function writePage(results: readonly NamedResult[], folder: string): Promise<string> {
  await checkFolder(folder);
  const page = join(folder, "index.html");
  await writeFileAtomically(page, await sideBySidePage(results, packageVersion()));
  return page;
}
