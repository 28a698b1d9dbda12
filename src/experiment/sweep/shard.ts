import { InputError } from "../../base/errors.js";

/** One of `of` parts of a sweep; `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/**
 * The part of a sweep for this process: `--shard 3/10`, or from the environment of a Slurm array
 * (SLURM_ARRAY_TASK_ID, _MIN, _COUNT) or of a Kubernetes Indexed Job (JOB_COMPLETION_INDEX, from 0;
 * its environment lacks their number, which `--shards` must give). Undefined if neither is there.
 */
export function shardOf(
  written: string | undefined,
  shards: number | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Shard | undefined {
  if (written !== undefined) return parsed(written);
  const task = numberOf(environment.SLURM_ARRAY_TASK_ID);
  if (task !== undefined) {
    const first = numberOf(environment.SLURM_ARRAY_TASK_MIN) ?? 1;
    const of = shards ?? numberOf(environment.SLURM_ARRAY_TASK_COUNT);
    if (of !== undefined) return checked(task - first + 1, of, `SLURM_ARRAY_TASK_ID ${task}`);
  }
  const completion = numberOf(environment.JOB_COMPLETION_INDEX);
  if (completion !== undefined && shards !== undefined)
    return checked(completion + 1, shards, `JOB_COMPLETION_INDEX ${completion}`);
  if (shards === undefined) return undefined;
  throw new InputError({
    code: "HR1007",
    where: "--shards",
    got: `${shards} shards, and no index of this one`,
    expected: "--shard i/n, SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX",
  });
}

function parsed(written: string): Shard {
  const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(written) ?? [];
  if (index === undefined)
    throw new InputError({
      code: "HR1005",
      where: "--shard",
      got: `"${written.slice(0, 40)}"`,
      expected: "i/n, such as 3/10",
    });
  return checked(Number(index), Number(of), `--shard ${written}`);
}

function checked(index: number, of: number, where: string): Shard {
  if (Number.isInteger(of) && index >= 1 && index <= of) return { index, of };
  throw new InputError({
    code: "HR1004",
    where,
    got: `part ${index} of ${of}`,
    expected: "a part from 1 to the number of parts",
  });
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Every n-th key in order: parts of equal size, whatever the points cost. */
export function ofShard(keys: readonly string[], shard: Shard | undefined): readonly string[] {
  if (shard === undefined) return keys;
  return keys.toSorted().filter((_, i) => i % shard.of === shard.index - 1);
}
