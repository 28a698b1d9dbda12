import { InputError } from "../../base/errors.js";
import { hashText } from "../../base/hash.js";
import type { PastArrivals } from "../../control/monitor/arrival-counts.js";
import { scenarioReplacer, scenarioReviver } from "../../experiment/scenario-codec.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";

/** The version of the run log's format. Raise it when a record changes. */
export const RUN_LOG_FORMAT = 2;

/**
 * The first line of a run log: enough to repeat the run on any machine, without the scenario's
 * files.
 */
export interface RunHeader {
  readonly kind: "run";
  readonly version: string;
  readonly scenario: Scenario;
  readonly policy: PolicySpec;
  /** Wall time of t=0, ms since 1970 (UTC): for display only; no decision depends on it. */
  readonly startedAt: number;
  /** Most streamlets at once on the machine. */
  readonly room: number;
  /**
   * Arrivals counted before t=0, if a history was kept; left out = drawn from the scenario's
   * traffic.
   */
  readonly past?: PastArrivals;
}

/** One line of JSON that ends with the hash of the rest. */
export function writeHeader(header: RunHeader): string {
  const { kind, ...rest } = header;
  const body = JSON.stringify({ kind, format: RUN_LOG_FORMAT, ...rest }, scenarioReplacer);
  return `${body.slice(0, -1)},"hash":"${hashText(body)}"}`;
}

const HASH = /,"hash":"([0-9a-f]{16})"\}$/;

/** Throws an InputError for a line that is no header, or was changed after it was written. */
export function readHeader(line: string, file: string): RunHeader {
  const body = line.replace(HASH, "}");
  try {
    const header = JSON.parse(body, scenarioReviver) as RunHeader & { readonly format?: unknown };
    if (header.kind === "run") checkFormat(header.format, file);
    if (header.kind === "run" && typeof header.scenario === "object") {
      if (HASH.exec(line)?.[1] === hashText(body)) return header;
      throw new InputError({
        code: "HR1512",
        where: { file, line: 1, column: 1 },
        got: "a description of the run that does not fit its hash",
        expected: "the line as it was written",
        remedy: "Use the log as it was written",
      });
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new InputError({
    code: "HR1115",
    where: { file, line: 1, column: 1 },
    got: "a first line that is no header of a run log",
    expected: 'a run log: {"kind":"run", …}',
    remedy: "Run logs are written by `headrace live`",
  });
}

/** Throws an InputError for a log of an older or newer format. */
function checkFormat(format: unknown, file: string): void {
  if (format === RUN_LOG_FORMAT) return;
  const newer = typeof format === "number" && format > RUN_LOG_FORMAT;
  throw new InputError({
    code: "HR1114",
    where: { file, line: 1, column: 1 },
    got: format === undefined ? "a run log without a format number" : `a run log of format ${JSON.stringify(format)}`,
    expected: `format ${RUN_LOG_FORMAT}`,
    remedy: newer
      ? "A newer headrace wrote it: read it with that version"
      : "An older headrace wrote it: replay it with the version in its first line",
  });
}
