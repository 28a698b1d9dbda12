import type { CsvImport } from "../../../src/traffic/import/import-csv.js";
import type { LabelRules } from "../../../src/traffic/import/label-rule.js";
import { TimestampReader } from "../../../src/traffic/import/timestamp.js";

/** Of labels, no column is chosen. */
export const noRules: LabelRules = { region: undefined, format: undefined, segment: undefined };

/**
 * An import in bins of a minute, over all time, with detected columns. Times without a zone are
 * read in `zone`.
 */
export function csvOptions(zone?: string, more: Partial<CsvImport> = {}): CsvImport {
  return {
    timestamps: new TimestampReader(zone),
    timestamp: undefined,
    value: undefined,
    rules: noRules,
    binMs: 60_000,
    fromMs: Number.NEGATIVE_INFINITY,
    toMs: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
    ...more,
  };
}
