import { existsSync } from "node:fs";
import { InputError } from "../../base/errors.js";
import { z } from "../../base/zod.js";
import { readTextFile } from "../../traffic/text-file.js";
import { writeFileAtomically } from "../output.js";
import { packageVersion } from "../version.js";
import type { PolicyFigures, ScenarioFigures, StageFigures } from "./figures.js";
import { packDecisions, unpackDecisions } from "./kept-decision.js";
import { packSamples, unpackSamples } from "./kept-samples.js";

/** Raised when the layout of a baseline file changes; other layouts are refused. */
const FORMAT = 1;
/** A baseline of 200 scenarios × 10 policies has about 40 MB. */
const MOST_BYTES = 64_000_000;

/** The last accepted figures of a gate. */
export interface Baseline {
  readonly file: string;
  /** The reason for accepting these figures, as written by the person who accepted them. */
  readonly reason: string;
  readonly version: string;
  readonly scenarios: readonly ScenarioFigures[];
}

const numbers = z.array(z.number());
const digest = z.string().regex(/^[0-9a-f]{16}$/);
const stageSchema = z.strictObject({
  replications: z.number().int().min(2),
  metrics: z.record(
    z.string(),
    z.strictObject({
      mean: z.number(),
      halfWidth: z.number().nullable(),
      values: numbers,
      atLeast: z.literal(true).optional(),
    }),
  ),
});
const policySchema = z.strictObject({
  name: z.string(),
  kind: z.string(),
  stages: z.array(stageSchema).min(1),
  decisions: z.array(digest),
  hours: z.array(digest),
  noise: z.record(z.string(), z.number().min(0)),
  streamletsByHour: numbers,
  waitingByHour: numbers,
  violatingByHour: numbers,
  kept: z.string(),
  samples: z.string().optional(),
});
const scenarioSchema = z.strictObject({
  file: z.string(),
  name: z.string(),
  world: digest,
  seed: z.number(),
  pools: z.array(z.string()),
  policies: z.array(policySchema),
});
const baselineSchema = z.strictObject({
  format: z.literal(FORMAT),
  reason: z.string(),
  version: z.string(),
  scenarios: z.array(scenarioSchema),
});

/**
 * Reads a baseline. Undefined if there is no such file yet. Throws an InputError for any other
 * file.
 */
export async function readBaseline(file: string): Promise<Baseline | undefined> {
  if (!existsSync(file)) return undefined;
  const text = await readTextFile(file, "a baseline of headrace check (JSON)", MOST_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw corrupt(file, error instanceof Error ? error.message : String(error));
  }
  const { format } = (value ?? {}) as { readonly format?: unknown };
  if (typeof format === "number" && format !== FORMAT) {
    throw new InputError({
      code: "HR1114",
      where: file,
      got: `a baseline of format ${format}`,
      expected: `format ${FORMAT}`,
      remedy: "Write it again with this version: headrace check --update --reason TEXT",
    });
  }
  const parsed = baselineSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw corrupt(file, `${issue.path.join(".")}: ${issue.message}`);
  }
  const { reason, version, scenarios } = parsed.data;
  return { file, reason, version, scenarios: scenarios.map((one) => scenarioOf(file, one)) };
}

function scenarioOf(file: string, one: z.infer<typeof scenarioSchema>): ScenarioFigures {
  const policies = one.policies.map((policy): PolicyFigures => {
    const kept = unpackDecisions(policy.kept);
    if (kept === undefined) throw corrupt(file, `the decisions of ${policy.name} cannot be unpacked`);
    const samples = policy.samples === undefined ? undefined : unpackSamples(policy.samples);
    if (samples === undefined && policy.samples !== undefined)
      throw corrupt(file, `the replications of ${policy.name} cannot be unpacked`);
    const stages = policy.stages.map(
      ({ replications, metrics }): StageFigures => ({ replications, metrics: new Map(Object.entries(metrics)) }),
    );
    const [last] = stages.slice(-1);
    const uneven = stages.some((stage) =>
      [...stage.metrics.values()].some((m) => m.values.length !== stage.replications),
    );
    const isShort = samples !== undefined && samples.length !== last.replications;
    if (uneven || isShort || policy.decisions.length !== last.replications)
      throw corrupt(file, `${policy.name} has lists of different lengths`);
    return { ...policy, kept, samples, stages, noise: new Map(Object.entries(policy.noise)) };
  });
  return { ...one, policies };
}

function corrupt(file: string, message: string): InputError {
  return new InputError({
    code: "HR1115",
    where: file,
    got: `a file that is no baseline (${message.slice(0, 200)})`,
    expected: "the file as headrace check --update wrote it",
    remedy: "Restore it from version control, or write it again with --update --reason TEXT",
  });
}

/** Writes a baseline, sorted, with lists of numbers on one line, so that its diff is short. */
export async function writeBaseline(
  file: string,
  reason: string,
  scenarios: readonly ScenarioFigures[],
): Promise<void> {
  const byName = <T extends { readonly name: string }>(a: T, b: T): number => (a.name < b.name ? -1 : 1);
  const document: z.infer<typeof baselineSchema> = {
    format: FORMAT,
    reason,
    version: packageVersion(),
    scenarios: scenarios
      .toSorted((a, b) => (a.file < b.file ? -1 : 1))
      .map((one) => ({ ...one, pools: [...one.pools], policies: one.policies.toSorted(byName).map(writtenPolicy) })),
  };
  const text = JSON.stringify(document, null, 1).replaceAll(/\[\s+((?:-?[\d.e+-]+,?\s+)+)\]/g, (_, list: string) => {
    return `[${list.trim().replaceAll(/,\s+/g, ", ")}]`;
  });
  await writeFileAtomically(file, `${text}\n`);
}

function writtenPolicy(policy: PolicyFigures): z.infer<typeof policySchema> {
  return {
    name: policy.name,
    kind: policy.kind,
    stages: policy.stages.map(({ replications, metrics }) => ({
      replications,
      metrics: Object.fromEntries(
        [...metrics]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, figures]) => [name, { ...figures, values: [...figures.values] }]),
      ),
    })),
    decisions: [...policy.decisions],
    hours: [...policy.hours],
    noise: Object.fromEntries([...policy.noise].sort(([a], [b]) => (a < b ? -1 : 1))),
    streamletsByHour: [...policy.streamletsByHour],
    waitingByHour: [...policy.waitingByHour],
    violatingByHour: [...policy.violatingByHour],
    kept: packDecisions(policy.kept),
    ...(policy.samples === undefined ? {} : { samples: packSamples(policy.samples) }),
  };
}
