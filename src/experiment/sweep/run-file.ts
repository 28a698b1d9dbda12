import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../base/errors.js";
import { z } from "../../base/zod.js";
import type { PolicyFailures } from "../../world/recorder/decision-tally.js";
import type { RunResult } from "../../world/run-result.js";
import type { FailureSummary } from "../failure-summary.js";
import { failureSummary } from "../policy-failures.js";

/** Finished runs, one file each, and the messages of those that failed. */
const RUNS = "runs";
const FAILED = "failed";
const FORMAT = 1;

/** Failed decisions of a user's policy, as FailureSummary in experiment has them. */
const failuresSchema = z.strictObject({
  count: z.number().int().positive(),
  asked: z.number().int().positive(),
  firstAtMs: z.number(),
  message: z.string(),
  /** FILE:LINE:COLUMN without folders: records are the same on every machine. */
  at: z.string().optional(),
});

const recordSchema = z.strictObject({
  format: z.literal(FORMAT),
  key: z.string().regex(/^[0-9a-f]{32}$/),
  policy: z.string(),
  kind: z.string(),
  seed: z.number(),
  replication: z.number().int().min(0),
  /** Whether the replication met the SLO; null without one. */
  met: z.boolean().nullable(),
  metrics: z.record(z.string(), z.number()),
  events: z.number(),
  /** Absent where no decision failed. */
  failures: failuresSchema.optional(),
});

/** The content of a run file, independent of engine, machine and time. */
export type RunRecord = z.infer<typeof recordSchema>;

/** The record of a finished run. */
export function recordOf(key: string, kind: string, seed: number, result: RunResult): RunRecord {
  return {
    format: FORMAT,
    key,
    policy: result.policy,
    kind: kind.replace(/^.*[/\\]/, ""),
    seed,
    replication: result.replication,
    // As in sloOutcome: a run in which the policy failed meets nothing.
    met: result.slo === undefined ? null : result.slo.met && result.policyFailures === undefined,
    metrics: result.metrics,
    events: result.events,
    ...(result.policyFailures === undefined ? {} : { failures: failuresOf(result.policyFailures) }),
  };
}

function failuresOf(failed: PolicyFailures): FailureSummary {
  const { at, ...failures } = failureSummary([failed], 1);
  return at === undefined ? failures : { ...failures, at: at.replace(/^.*[/\\]/, "") };
}

/** The bytes of a record: one line of JSON with sorted metrics. */
export function recordText(record: RunRecord): string {
  const metrics = Object.fromEntries(Object.entries(record.metrics).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ ...record, metrics })}\n`;
}

/** The record of a text; undefined if it is incomplete or no record. */
function parseRecord(text: string): RunRecord | undefined {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The folder of a sweep's runs, the only record of progress. Every file is complete or absent.
 */
export class RunFolder {
  constructor(readonly folder: string) {}

  /**
   * The keys that have a complete record. A damaged file is removed, so that its run is executed
   * again.
   */
  async done(): Promise<Set<string>> {
    const names = await readdir(join(this.folder, RUNS)).catch(() => []);
    const keys = new Set<string>();
    for (const name of names) {
      const key = /^([0-9a-f]{32})\.json$/.exec(name)?.[1];
      if (key === undefined) continue;
      if ((await this.read(key)) === undefined) await rm(join(this.folder, RUNS, name), { force: true });
      else keys.add(key);
    }
    return keys;
  }

  async read(key: string): Promise<RunRecord | undefined> {
    const text = await readFile(join(this.folder, RUNS, `${key}.json`), "utf8").catch(() => undefined);
    const record = text === undefined ? undefined : parseRecord(text);
    return record?.key === key ? record : undefined;
  }

  /**
   * Writes to a temporary name, flushes it to the disk, and renames it. Throws an InputError if
   * that fails.
   */
  async add(record: RunRecord): Promise<void> {
    await this.write(RUNS, `${record.key}.json`, recordText(record));
    await rm(join(this.folder, FAILED, `${record.key}.txt`), { force: true });
  }

  async fail(key: string, message: string): Promise<void> {
    await this.write(FAILED, `${key}.txt`, `${message}\n`);
  }

  private async write(room: string, name: string, text: string): Promise<void> {
    const place = join(this.folder, room, name);
    const temporary = `${place}.${randomBytes(6).toString("hex")}.tmp`;
    try {
      await mkdir(join(this.folder, room), { recursive: true });
      const file = await open(temporary, "wx");
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, place);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw new InputError({
        code: "HR1106",
        where: place,
        got: `a file that could not be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
        expected: "room on the disk",
        remedy: "Finished runs are kept: make room, and give the same command again",
      });
    }
  }
}
