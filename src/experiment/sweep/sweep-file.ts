import { dirname, resolve } from "node:path";
import { z } from "../../base/zod.js";
import { readTextFile } from "../../traffic/text-file.js";
import { parseYaml, type SourceText } from "../../traffic/yaml-text.js";
import { faultsOf, type ScenarioFault } from "../../world/scenario/schema/issues.js";
import { type PlainValue, valueRange } from "../../world/scenario/schema/value-range.js";
import { refuseOtherKind } from "../file-kind.js";
import { locatedFaults } from "../located-faults.js";
import { valuesOfRange } from "../value-range.js";
import { type Axis, DESIGNS, type Design, type Point } from "./design.js";

/** A sweep: a design over axes of one scenario, under some policies, with paired seeds. */
export interface SweepSpec {
  readonly file: string;
  /** As a path from the working folder. */
  readonly scenarioFile: string;
  readonly design: Design;
  readonly axes: readonly Axis[];
  /** Points of a random or Latin hypercube design; the written ones of a list. */
  readonly points: number | readonly Point[] | undefined;
  /** Names or kinds; undefined = all of the scenario. */
  readonly policies: readonly string[] | undefined;
  /** Replications of each point and policy; undefined = as in the scenario. */
  readonly seeds: number | undefined;
  /** The places of values, for faults that are found later. */
  readonly text: SourceText;
}

const plainValue = z.union([z.number(), z.string().min(1), z.boolean()]);
const sweepSchema = z.strictObject({
  scenario: z.string().min(1),
  design: z.enum(DESIGNS),
  axes: z.record(z.string(), valueRange).optional(),
  points: z
    .union([z.number().int().min(1).max(1_000_000), z.array(z.record(z.string(), plainValue)).min(1).max(100_000)])
    .optional(),
  policies: z.array(z.string().min(1)).min(1).max(100).optional(),
  seeds: z.number().int().min(1).max(10_000).optional(),
});

/**
 * Reads a sweep. Throws an InputError with the place of each fault. Its paths are relative to the
 * file.
 */
export async function readSweep(file: string): Promise<SweepSpec> {
  return parseSweep(file, await readTextFile(file, "a sweep (YAML)"));
}

export function parseSweep(file: string, written: string): SweepSpec {
  const text = parseYaml(file, written);
  refuseOtherKind(file, text.value, "sweep");
  const parsed = sweepSchema.safeParse(text.value);
  if (!parsed.success) throw locatedFaults(file, text, faultsOf(parsed.error.issues, text.value, sweepSchema));
  const { scenario, design, axes, points, policies, seeds } = parsed.data;
  const faults = designFaults(design, axes === undefined ? 0 : Object.keys(axes).length, points);
  if (faults.length > 0) throw locatedFaults(file, text, faults);
  const read = Object.entries(axes ?? {}).map(
    ([path, range]): Axis => ({ path, values: valuesOfRange(range, path, text.place(["axes", path])) }),
  );
  const lengths = new Set(read.map((axis) => axis.values.length));
  if (design === "list" && lengths.size > 1) {
    const got = read.map((axis) => `${axis.path} has ${axis.values.length}`).join(", ");
    throw locatedFaults(file, text, [
      { path: ["axes"], got, expected: "axes of one length, since a list takes them side by side" },
    ]);
  }
  return {
    file,
    scenarioFile: resolve(dirname(file), scenario),
    design,
    axes: read,
    points: Array.isArray(points) ? points.map(pointOf) : points,
    policies,
    seeds,
    text,
  };
}

function pointOf(written: Readonly<Record<string, PlainValue>>): Point {
  return Object.entries(written).map(([path, value]) => ({ path, value }));
}

/** Each design has its own keys; other keys are refused. */
function designFaults(design: Design, axes: number, points: number | readonly unknown[] | undefined): ScenarioFault[] {
  const draws = design === "random" || design === "latin-hypercube";
  if (axes === 0 && !Array.isArray(points)) {
    const expected = design === "list" ? "axes, or points with the values of each" : "axes";
    return [
      { path: [], got: `a ${design} without axes`, expected, remedy: "For example axes: {fleet.max: [100, 200]}" },
    ];
  }
  if (Array.isArray(points)) {
    if (design !== "list")
      return [{ path: ["points"], got: `a list of points for a ${design}`, expected: "design: list" }];
    return axes > 0
      ? [{ path: ["axes"], atKey: true, got: "axes beside a list of points", expected: "one of them" }]
      : [];
  }
  if (draws && points === undefined)
    return [{ path: ["design"], got: `${design} without points`, expected: "points: how many" }];
  if (!draws && points !== undefined)
    return [{ path: ["points"], atKey: true, got: `points for a ${design}`, expected: "none: its axes say how many" }];
  return [];
}
