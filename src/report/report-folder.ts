import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { InputError } from "../base/errors.js";

/** Files of a report by their path in its folder; the last one is put in place last. */
export type ReportFiles = ReadonlyMap<string, string>;

const CHART_FOLDER = "charts";
const CHART_ENDING = ".vl.json";

/**
 * Writes all files of a report, or none. A new folder is written beside its place and then
 * renamed. An existing one (it may be a mount, or hold other files) gets file by file from a
 * temporary folder inside it; charts of an earlier report that this one lacks are removed. The
 * function is synchronous, so that no signal handler runs half-way.
 */
export function writeReportFolder(directory: string, files: ReportFiles): void {
  const target = resolve(directory);
  const isThere = existsSync(target);
  const staging = join(isThere ? target : dirname(target), `.headrace-${process.pid}.partial`);
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(staging, name)), { recursive: true });
      writeFileSync(join(staging, name), text);
    }
    if (isThere) replaceFiles(staging, target, files);
    else renameSync(staging, target);
  } catch (error) {
    throw new InputError({
      code: "HR1106",
      where: directory,
      got: `the report cannot be written there (${error instanceof Error ? error.message : String(error)})`,
      expected: "a folder that can be written",
      remedy: "Choose another with --out DIR",
    });
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function replaceFiles(staging: string, target: string, files: ReportFiles): void {
  for (const name of files.keys()) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    renameSync(join(staging, name), join(target, name));
  }
  const charts = join(target, CHART_FOLDER);
  if (!existsSync(charts)) return;
  for (const name of readdirSync(charts)) {
    if (name.endsWith(CHART_ENDING) && !files.has(`${CHART_FOLDER}/${name}`)) rmSync(join(charts, name));
  }
}
