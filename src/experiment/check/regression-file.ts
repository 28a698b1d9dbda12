import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { InputError } from "../../base/errors.js";
import { closest } from "../../base/spelling.js";
import { z } from "../../base/zod.js";
import { readTextFile } from "../../traffic/text-file.js";
import { parseYaml } from "../../traffic/yaml-text.js";
import { faultsOf, type ScenarioFault } from "../../world/scenario/schema/issues.js";
import { refuseOtherKind } from "../file-kind.js";
import { locatedFaults } from "../located-faults.js";
import { metricCatalogue } from "../metric-catalogue.js";

/** The file that `headrace check` reads when none is named. */
export const REGRESSION_FILE = "regression.yaml";

/** By how much a metric may get worse before it counts. */
export type Tolerance =
  | { readonly kind: "relative"; readonly share: number }
  | { readonly kind: "absolute"; readonly amount: number };

/** One scenario under the gate. */
export interface GatedScenario {
  /** As written, and as a path from the working folder. */
  readonly written: string;
  readonly file: string;
  /** Names or kinds; undefined = all of the scenario. */
  readonly policies: readonly string[] | undefined;
  /** Undefined = as the scenario has it. */
  readonly replications: number | undefined;
}

/** What the gate runs and how it judges. */
export interface Regression {
  readonly file: string;
  readonly scenarios: readonly GatedScenario[];
  readonly metrics: ReadonlyMap<string, Tolerance>;
  /**
   * The last accepted figures, and those of the last release, which bound the sum of many
   * accepted changes.
   */
  readonly baseline: string;
  readonly release: string | undefined;
  /** Chance that a gate over an unchanged tree fails, over all rows (default 0.01). */
  readonly alpha: number;
  /** "cannot tell" adds replications up to this many times those of the file (default 4). */
  readonly mostTimes: number;
  /** Policies must meet their scenario's SLO as well. */
  readonly slo: "ignore" | "met" | "proved";
}

const toleranceSchema = z.union([z.number(), z.string()]).transform((written, context): Tolerance => {
  const text = String(written).trim();
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  if (percent !== undefined) return { kind: "relative", share: Number(percent) / 100 };
  const amount = text === "" ? Number.NaN : Number(text);
  if (Number.isFinite(amount) && amount >= 0) return { kind: "absolute", amount };
  context.addIssue({
    code: "custom",
    message: `"${text.slice(0, 60)}"`,
    params: { expected: "a tolerance such as 1% or 0.5, not negative", remedy: "0 fails on every shown change" },
  });
  return z.NEVER;
});

const entrySchema = z.strictObject({
  file: z.string().min(1),
  policies: z.array(z.string().min(1)).min(1).max(100).optional(),
  replications: z.number().int().min(2).max(10_000).optional(),
});

const regressionSchema = z.strictObject({
  scenarios: z.array(entrySchema).min(1).max(200),
  metrics: z.record(z.string(), toleranceSchema),
  baseline: z.string().min(1),
  release: z.string().min(1).optional(),
  alpha: z.number().gt(0).max(0.2).optional(),
  mostTimes: z.number().min(1).max(100).optional(),
  slo: z.enum(["ignore", "met", "proved"]).optional(),
});

/**
 * Reads `regression.yaml`. Throws an InputError with the place of each fault. Its paths are
 * relative to the file.
 */
export async function readRegression(file: string): Promise<Regression> {
  if (!existsSync(file)) {
    throw new InputError({
      code: "HR1101",
      where: file,
      got: "no such file",
      expected: "a file of gated scenarios (YAML)",
      remedy: "Name it, or let one be written: headrace check --init SCENARIO",
    });
  }
  return parseRegression(file, await readTextFile(file, "a file of gated scenarios (YAML)"));
}

export function parseRegression(file: string, text: string): Regression {
  const yaml = parseYaml(file, text);
  refuseOtherKind(file, yaml.value, "gate");
  const parsed = regressionSchema.safeParse(yaml.value);
  if (!parsed.success) {
    const faults = faultsOf(parsed.error.issues, yaml.value, regressionSchema);
    throw locatedFaults(file, yaml, faults);
  }
  const { scenarios, metrics, baseline, release, alpha, mostTimes, slo } = parsed.data;
  const faults = [...metricFaults(Object.keys(metrics)), ...twins(scenarios.map((entry) => entry.file))];
  if (faults.length > 0) throw locatedFaults(file, yaml, faults);
  const beside = (path: string): string => resolve(dirname(file), path);
  return {
    file,
    scenarios: scenarios.map((entry) => ({
      written: entry.file,
      file: beside(entry.file),
      policies: entry.policies,
      replications: entry.replications,
    })),
    metrics: new Map(Object.entries(metrics)),
    baseline: beside(baseline),
    release: release === undefined ? undefined : beside(release),
    alpha: alpha ?? 0.01,
    mostTimes: mostTimes ?? 4,
    slo: slo ?? "ignore",
  };
}

function metricFaults(names: readonly string[]): ScenarioFault[] {
  const judged = Object.keys(metricCatalogue).filter((name) => metricCatalogue[name].good !== "neither");
  if (names.length === 0) return [{ path: ["metrics"], got: "no metric", expected: `some of ${judged.join(", ")}` }];
  return names.flatMap((name): ScenarioFault[] => {
    if (judged.includes(name)) return [];
    const path = ["metrics", name];
    if (Object.hasOwn(metricCatalogue, name)) {
      const expected = "a metric of which less or more is better";
      return [{ path, atKey: true, got: `"${name}", which has no good direction`, expected }];
    }
    const meant = closest(name, judged);
    const remedy = meant === undefined ? `Known here: ${judged.join(", ")}` : `Did you mean "${meant}"?`;
    return [{ path, atKey: true, got: `unknown metric "${name}"`, remedy }];
  });
}

/** Rows are named by file and policy, so a file may occur only once. */
function twins(files: readonly string[]): ScenarioFault[] {
  return files.flatMap((file, i) =>
    files.indexOf(file) === i
      ? []
      : [
          {
            path: ["scenarios", i, "file"],
            got: `"${file}" a second time`,
            remedy: "Name all its policies in one entry",
          },
        ],
  );
}
