import { zoneOffset } from "../base/time-zone.js";
import { z } from "../base/zod.js";
import { parseCron } from "../control/policies/cron.js";
import type { ScenarioFault } from "../world/scenario/schema/issues.js";
import { activationKeys, scalerThreshold, standardActivation } from "./keda-scalers.js";
import type { MetricMeanings } from "./metric-meanings.js";

/** A trigger as a ScaledObject writes it. */
export const trigger = z.strictObject({
  type: z.string().min(1),
  name: z.string().optional(),
  metricType: z.enum(["AverageValue", "Value", "Utilization"]).optional(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  authenticationRef: z.unknown().optional(),
  useCachedMetrics: z.literal(false).optional(),
});
export type Trigger = z.infer<typeof trigger>;

type Path = readonly (string | number)[];

/** KEDA's cpu and memory are resource metrics of the HPA. */
export function isResource(type: string): boolean {
  return type === "cpu" || type === "memory";
}

/** A number that is 0 or more, or a fault. */
export function numberAt(written: string | number | boolean | undefined, path: Path, faults: ScenarioFault[]) {
  if (written === undefined) return undefined;
  const value = Number(written);
  // KEDA parses plain numbers (strconv.ParseFloat): 1k is an error there, too.
  if (/^\d*\.?\d*([eE][+-]?\d+)?$/.test(String(written)) && written !== "" && Number.isFinite(value)) return value;
  faults.push({ path, got: `"${written}"`, expected: "a number, 0 or more, without a unit" });
  return undefined;
}

/** The knobs of one trigger; faults are added to `faults`. */
export function triggerKnobs(
  one: Trigger,
  path: Path,
  meanings: MetricMeanings,
  faults: ScenarioFault[],
): Record<string, unknown> {
  if (isResource(one.type)) return resourceKnobs(one, path, faults);
  if (one.type === "cron") return cronKnobs(one, path, faults);
  const { metricName } = one.metadata;
  const names = [one.name, metricName === undefined ? undefined : String(metricName), one.type];
  const meant = meanings.meant(
    names.filter((name) => name !== undefined),
    path,
  );
  if (typeof meant !== "string") faults.push(meant);
  if (one.metricType === "Utilization") {
    const expected = "AverageValue or Value (Utilization is for cpu and memory)";
    faults.push({ path: [...path, "metricType"], got: `metricType Utilization of a ${one.type} trigger`, expected });
  }
  const activation = activationOf(one, path, faults);
  return {
    ...(one.name === undefined ? {} : { name: one.name }),
    metric: meant,
    threshold: thresholdOf(one, path, faults),
    ...(activation === undefined ? {} : { activationThreshold: activation }),
    ...(one.metricType === undefined ? {} : { metricType: one.metricType }),
  };
}

function thresholdOf(one: Trigger, path: Path, faults: ScenarioFault[]): number | undefined {
  const { keys, standard } = scalerThreshold(one.type);
  const [key, second] = keys.filter((candidate) => Object.hasOwn(one.metadata, candidate));
  if (second !== undefined)
    faults.push({
      path: [...path, "metadata", second],
      got: `${second} beside ${key}`,
      expected: "one threshold",
      remedy: "Keep the one that is meant; two thresholds are two triggers",
    });
  if (key === undefined) {
    if (standard !== undefined) return standard;
    const got = `a ${one.type} trigger without a threshold`;
    faults.push({
      path: [...path, "metadata"],
      got,
      expected: keys.length === 1 ? keys[0] : `one of ${keys.join(", ")}`,
    });
    return undefined;
  }
  const at = [...path, "metadata", key];
  const threshold = numberAt(one.metadata[key], at, faults);
  if (threshold === 0) faults.push({ path: at, got: `"${one.metadata[key]}"`, expected: "a number above 0" });
  return threshold;
}

function activationOf(one: Trigger, path: Path, faults: ScenarioFault[]): number | undefined {
  const written = Object.keys(one.metadata).filter((name) => name.startsWith("activation"));
  const known = activationKeys(one.type);
  const key = written.find((name) => known === undefined || known.includes(name));
  const ignored = written.find((name) => name !== key);
  const expected = known?.length === 0 ? "no activation: this scaler has none" : known?.[0];
  if (ignored !== undefined) {
    faults.push({
      path: [...path, "metadata", ignored],
      got: `${ignored} of a ${one.type} trigger`,
      expected: key === undefined && expected !== undefined ? expected : "one activation",
      remedy: "KEDA reads the scaler's own key and ignores any other",
    });
  }
  if (key === undefined) return standardActivation(one.type);
  return numberAt(one.metadata[key], [...path, "metadata", key], faults);
}

/**
 * `metricType: Utilization`, or the older `metadata.type`: in the HPA it is a resource metric.
 */
function resourceKnobs(one: Trigger, path: Path, faults: ScenarioFault[]): Record<string, unknown> {
  const older = one.metadata.type;
  const written = one.metricType ?? older;
  if (written !== "Utilization" || (older !== undefined && one.metricType !== undefined && older !== one.metricType)) {
    faults.push({
      path:
        one.metricType !== undefined
          ? [...path, "metricType"]
          : older !== undefined
            ? [...path, "metadata", "type"]
            : path,
      got: `a ${one.type} trigger of type ${written === undefined ? "nothing" : String(written)}`,
      expected: "metricType: Utilization",
      remedy: "Open streams / slots replaces a streamlet's CPU and memory here; it has no absolute value",
    });
    return {};
  }
  const percent = Number(one.metadata.value);
  if (one.metadata.value === undefined || !(percent > 0 && percent <= 1000)) {
    const got = `value ${String(one.metadata.value ?? "nothing")} of a ${one.type} trigger`;
    faults.push({ path: [...path, "metadata", "value"], got, expected: "a percentage such as 60" });
    return {};
  }
  return { type: "resource", targetUtilisation: percent / 100 };
}

/** The parser of `schedule` and the platform's time zones check the text. */
function cronKnobs(one: Trigger, path: Path, faults: ScenarioFault[]): Record<string, unknown> {
  const at = (key: string): string => {
    const written = one.metadata[key];
    if (written === undefined)
      faults.push({ path: [...path, "metadata"], got: `a cron trigger without ${key}`, expected: key });
    return String(written ?? "");
  };
  const [timezone, start, end] = [at("timezone"), at("start"), at("end")];
  for (const [key, text] of [
    ["start", start],
    ["end", end],
  ]) {
    const parsed = text === "" ? "" : parseCron(text, "robfig");
    if (typeof parsed === "string" && text !== "") {
      const expected = "minute hour day-of-month month day-of-week";
      faults.push({ path: [...path, "metadata", key], got: `"${text}" (${parsed})`, expected });
    }
  }
  if (timezone !== "" && zoneOffset(timezone) === undefined)
    faults.push({
      path: [...path, "metadata", "timezone"],
      got: `"${timezone}"`,
      expected: "an IANA zone such as Europe/London",
    });
  if (start !== "" && start === end)
    faults.push({ path: [...path, "metadata", "end"], got: "an end equal to the start", expected: "another time" });
  const desired = at("desiredReplicas");
  if (desired !== "" && !/^\d{1,6}$/.test(desired))
    faults.push({ path: [...path, "metadata", "desiredReplicas"], got: `"${desired}"`, expected: "a whole number" });
  return {
    type: "cron",
    ...(one.name === undefined ? {} : { name: one.name }),
    timezone,
    start,
    end,
    desiredReplicas: Number(desired),
  };
}
