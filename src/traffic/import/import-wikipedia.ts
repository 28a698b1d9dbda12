import { basename } from "node:path";
import { parseInstant } from "../../base/calendar.js";
import { InputError } from "../../base/errors.js";
import { Binner } from "./binner.js";
import type { DayFilesImport } from "./import-azure-functions.js";
import type { Imported } from "./import-log.js";
import { readLines } from "./line-reader.js";

const HOUR_MS = 3_600_000;
const MAX_BROKEN_SHARE = 0.01;

export interface WikipediaImport extends DayFilesImport {
  /** Only this domain code ("de", "en.m"); undefined = all. */
  readonly project: string | undefined;
}

/**
 * Wikimedia's hourly dumps (`pageviews-20150501-010000.gz`, `pagecounts-…`): lines "domain title
 * views bytes". A pageviews file is named by the hour's end (Wikitech: Analytics/Data
 * Lake/Traffic/Pageviews), a pagecounts file by its start. Hours without a file are unknown. Throws
 * InputError.
 */
export async function importWikipedia(files: readonly string[], how: WikipediaImport): Promise<Imported> {
  const binner = new Binner(files.join(", "), how.binMs, how.rules);
  let requests = 0;
  let rows = 0;
  let broken = 0;
  let firstBroken: string | undefined;
  let parts: string[] = [];
  const field = (name: string): string | undefined =>
    name === "domain" ? parts[0] : name === "title" ? parts[1] : undefined;
  for (let f = 0; f < files.length; f++) {
    const hourMs = hourOf(files[f]);
    binner.cover(hourMs, hourMs + HOUR_MS);
    for await (const { lines, firstLine } of readLines(files[f])) {
      how.signal.throwIfAborted();
      for (let i = 0; i < lines.length; i++) {
        if (lines[i] === "") continue;
        rows++;
        parts = lines[i].split(" ");
        const views = Number(parts[2]);
        if (parts.length !== 4 || !/^\d+$/.test(parts[2])) {
          broken++;
          firstBroken ??= `${files[f]}:${firstLine + i}`;
        } else if (how.project === undefined || parts[0] === how.project) {
          requests += views;
          binner.add(hourMs, views, field);
        }
      }
    }
    how.onProgress((f + 1) / files.length);
  }
  if (firstBroken !== undefined && broken > MAX_BROKEN_SHARE * rows)
    throw new InputError({
      code: "HR1401",
      where: firstBroken,
      got: "a line of another layout",
      expected: "domain title views bytes",
    });
  const readAs = how.project === undefined ? "views of all projects" : `views of ${how.project}`;
  return { table: binner.table(), requests, broken, firstBroken, readAs };
}

function hourOf(file: string): number {
  const match = /^(page(?:views|counts))-(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})/.exec(basename(file));
  const atMs = match === null ? Number.NaN : parseInstant(`${match[2]}-${match[3]}-${match[4]}T${match[5]}:00:00Z`);
  if (match === null || Number.isNaN(atMs))
    throw new InputError({
      code: "HR1411",
      where: file,
      got: "a name without its hour",
      expected: "pageviews-YYYYMMDD-HH0000 or pagecounts-YYYYMMDD-HH0000",
    });
  return match[1] === "pageviews" ? atMs - HOUR_MS : atMs;
}
