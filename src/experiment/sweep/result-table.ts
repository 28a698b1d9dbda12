import { join } from "node:path";
import { writeFileAtomically, writePiecesAtomically } from "../output.js";
import { valuesObject } from "./analyse.js";
import type { Point } from "./design.js";
import type { RunRecord } from "./run-file.js";
import type { SweepPlan } from "./sweep-plan.js";

/** One finished run with the values of its point. */
interface Row {
  readonly point: Point;
  readonly record: RunRecord;
}

/** Names of columns that are no axis and no metric. */
const FIXED = ["key", "policy", "kind", "seed", "replication", "met", "events"] as const;

/**
 * Writes `results.jsonl` and `results.parquet`: one row per point, policy and seed, in the order of
 * the plan. A point that shares its runs with another has rows of its own. DuckDB reads both files
 * directly.
 */
export async function writeResultTables(plan: SweepPlan, records: readonly RunRecord[], folder: string): Promise<void> {
  const byKey = new Map(records.map((record) => [record.key, record]));
  const rows = plan.runs.flatMap(({ key, variant }): Row[] => {
    const record = byKey.get(key);
    return record === undefined ? [] : [{ point: plan.variants[variant].point, record }];
  });
  await writePiecesAtomically(join(folder, "results.jsonl"), lines(rows));
  if (rows.length > 0) await writeFileAtomically(join(folder, "results.parquet"), await parquetOf(rows));
}

function* lines(rows: readonly Row[]): Generator<string> {
  for (const { point, record } of rows) {
    const { format: _, ...rest } = record;
    yield `${JSON.stringify({ values: valuesObject(point), ...rest })}\n`;
  }
}

async function parquetOf(rows: readonly Row[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const paths = [...new Set(rows.flatMap(({ point }) => point.map((one) => one.path)))];
  const metrics = [...new Set(rows.flatMap(({ record }) => Object.keys(record.metrics)))].sort();
  const columnData = [
    ...paths.map((path) => axisColumn(path, rows)),
    ...FIXED.map((name) => fixedColumn(name, rows)),
    ...metrics.map((name) => ({
      name,
      type: "DOUBLE" as const,
      data: rows.map(({ record }) => record.metrics[name] ?? null),
      nullable: true,
    })),
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** Numbers if all values of an axis are numbers, else texts ("10min", "true"). */
function axisColumn(path: string, rows: readonly Row[]) {
  const values = rows.map(({ point }) => point.find((one) => one.path === path)?.value ?? null);
  if (values.every((value) => value === null || typeof value === "number"))
    return { name: path, type: "DOUBLE" as const, data: values, nullable: true };
  const data = values.map((value) => (value === null ? null : String(value)));
  return { name: path, type: "STRING" as const, data, nullable: true };
}

function fixedColumn(name: (typeof FIXED)[number], rows: readonly Row[]) {
  const data = rows.map(({ record }) => record[name]);
  if (name === "met") return { name, type: "BOOLEAN" as const, data, nullable: true };
  if (name === "key" || name === "policy" || name === "kind")
    return { name, type: "STRING" as const, data, nullable: true };
  return { name, type: "DOUBLE" as const, data, nullable: true };
}
