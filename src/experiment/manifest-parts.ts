import { z } from "../base/zod.js";
import type { SourceText } from "../traffic/yaml-text.js";
import { faultsOf } from "../world/scenario/schema/issues.js";
import { locatedFaults } from "./located-faults.js";

/** Suffixes of a Kubernetes quantity (apimachinery pkg/api/resource/quantity.go). */
const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 1024,
  Mi: 1_048_576,
  Gi: 1_073_741_824,
  Ti: 1_099_511_627_776,
  Pi: 1_125_899_906_842_624,
  Ei: 1024 * 1_125_899_906_842_624,
};

/** A number with at most one of: a suffix, a decimal exponent. */
const QUANTITY = /^(\d+\.?\d*|\.\d+)(?:(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)|[eE]([+-]?\d{1,3}))?$/;

/** The number that a quantity stands for; undefined if it is none, or below 0. */
function quantityOf(written: string | number): number | undefined {
  const match = QUANTITY.exec(String(written));
  if (match === null) return undefined;
  const [, digits, suffix = "", exponent = "0"] = match;
  const value = suffix === "" ? Number(`${digits}e${exponent}`) : Number(digits) * SUFFIXES[suffix];
  return Number.isFinite(value) ? value : undefined;
}

function inThousandths(value: number): number {
  const thousandths = value * 1000;
  const nearest = Math.round(thousandths);
  // 0.07 · 1000 is 70.00000000000001.
  const isNear = Math.abs(thousandths - nearest) <= 1e-9 * thousandths;
  return thousandths >= Number.MAX_SAFE_INTEGER ? value : (isNear ? nearest : Math.ceil(thousandths)) / 1000;
}

/**
 * A Kubernetes quantity such as 6, "500m" or "1k"; more than 0. An HPA reads its targets in
 * thousandths, and the API rounds these up: "5u" is 0.001 (apimachinery, Quantity.MilliValue).
 */
export const k8sQuantity = z.union([z.string(), z.number()]).transform((written, context): number => {
  const value = quantityOf(written);
  if (value !== undefined && value > 0) return inThousandths(value);
  context.addIssue({
    code: "custom",
    message: `"${written}"`,
    params: { expected: "a positive quantity", remedy: "For example 6, 500m or 1k" },
  });
  return z.NEVER;
});

/** The API server also accepts a tolerance of 0 (validation.go, validateScalingRules). */
const tolerance = z.union([z.string(), z.number()]).transform((written, context): number => {
  const value = quantityOf(written);
  if (value !== undefined) return value;
  context.addIssue({
    code: "custom",
    message: `"${written}"`,
    params: { expected: "a quantity, 0 or more", remedy: "For example 0.05 or 50m for 5 %" },
  });
  return z.NEVER;
});

const seconds = (most: number) => z.number().int().min(0).max(most);

/** Ranges as the API server's validation has them (kubernetes pkg/apis/autoscaling/validation). */
const rules = z.strictObject({
  stabilizationWindowSeconds: seconds(3600).optional(),
  selectPolicy: z.enum(["Max", "Min", "Disabled"]).optional(),
  policies: z
    .array(
      z.strictObject({
        type: z.enum(["Pods", "Percent"]),
        value: z.number().int().min(1),
        periodSeconds: z.number().int().min(1).max(1800),
      }),
    )
    .min(1)
    .optional(),
  tolerance: tolerance.optional(),
});

export const behaviour = z.strictObject({ scaleUp: rules.optional(), scaleDown: rules.optional() });

/** Behaviour as a scenario writes it. */
export function behaviourKnobs(written: z.infer<typeof behaviour> | undefined): Record<string, unknown> {
  const direction = (rule: z.infer<typeof rules>): Record<string, unknown> => ({
    stabilisationWindow:
      rule.stabilizationWindowSeconds === undefined ? undefined : `${rule.stabilizationWindowSeconds}s`,
    tolerance: rule.tolerance,
    select: rule.selectPolicy,
    policies: rule.policies?.map(({ type, value, periodSeconds }) => ({ type, value, period: `${periodSeconds}s` })),
  });
  return {
    ...(written?.scaleUp === undefined ? {} : { scaleUp: direction(written.scaleUp) }),
    ...(written?.scaleDown === undefined ? {} : { scaleDown: direction(written.scaleDown) }),
  };
}

/** Checks a manifest against its schema; throws an InputError at the places of its faults. */
export function checkedManifest<S extends z.ZodType>(file: string, text: SourceText, schema: S): z.infer<S> {
  const parsed = schema.safeParse(text.value);
  if (parsed.success) return parsed.data;
  throw locatedFaults(file, text, faultsOf(parsed.error.issues, text.value, schema));
}

/**
 * The value in `versions` for a manifest's apiVersion. An unknown version is refused before
 * anything else, since its keys may differ. Throws InputError with all known versions.
 */
export function versionOf<T>(file: string, text: SourceText, versions: ReadonlyMap<string, T>, remedy: string): T {
  const { apiVersion } = (text.value ?? {}) as { readonly apiVersion?: unknown };
  const found = typeof apiVersion === "string" ? versions.get(apiVersion) : undefined;
  if (found !== undefined) return found;
  const got = apiVersion === undefined ? "nothing" : JSON.stringify(apiVersion).slice(0, 60);
  const expected = `${versions.size > 1 ? "one of " : ""}${[...versions.keys()].join(", ")}`;
  throw locatedFaults(file, text, [{ code: "HR1203", path: ["apiVersion"], got, expected, remedy }]);
}
