import { z } from "zod";
import { parseInstant } from "../../../base/calendar.js";
import { describeValue } from "./issues.js";
import { law, openDurationLaw, spawnLaw } from "./law.js";
import { planSection } from "./plan.js";
import { scaleIn } from "./policies/common.js";
import {
  count,
  duration,
  minuteBudget,
  openCount,
  openPeriod,
  positiveCount,
  positiveDuration,
  quantity,
  ratio,
  share,
} from "./quantity.js";

const instant = z.string().superRefine((text, context) => {
  if (!Number.isNaN(parseInstant(text))) return;
  context.addIssue({
    code: "custom",
    message: describeValue(text),
    params: { expected: "an instant in UTC such as 2026-01-05T19:00:00Z" },
  });
});
const name = z.string().min(1).max(120);
/** The name or sign of a currency. */
const CURRENCY = /^[A-Za-z€$£¥₹][A-Za-z€$£¥₹ .-]{0,11}$/;
const series = z.strictObject({
  region: name.optional(),
  format: name.optional(),
  segment: name.optional(),
  share: z.number().gt(0),
});

const traffic = z.strictObject({
  source: z.enum(["poisson", "sinusoid", "trace", "workload"]),
  rate: quantity("rate", { positive: true }).optional(),
  amplitude: ratio.optional(),
  period: positiveDuration.optional(),
  phase: duration.optional(),
  file: z.string().optional(),
  start: instant.optional(),
  end: instant.optional(),
  scale: z.number().gt(0).optional(),
  speed: z.number().gt(0).optional(),
  repeat: z.boolean().optional(),
  counts: z.enum(["poisson", "exact"]).optional(),
  epoch: instant.optional(),
  history: duration.optional(),
  mix: z.array(series).min(1).optional(),
});

const reconnect = z.strictObject({
  backoff: duration.optional(),
  factor: z.number().min(1).optional(),
  max: duration.optional(),
  attempts: positiveCount.max(1000).optional(),
  jitter: ratio.optional(),
});

const streams = z.strictObject({
  holding: law("duration"),
  patience: openDurationLaw.optional(),
  cpu: law("number").optional(),
  memory: law("bytes").optional(),
  bitrate: law("bitrate").optional(),
  reconnect: reconnect.optional(),
});

const elasticHosts = z.strictObject({
  min: positiveCount.optional(),
  max: openCount.optional(),
  spawn: law("duration").optional(),
  policy: z.looseObject({ kind: z.string() }).optional(),
});

const region = z.strictObject({
  name,
  hosts: z.union([positiveCount, elasticHosts]).optional(),
  cpu: quantity("number", { infinite: true, positive: true }).optional(),
  memory: quantity("bytes", { infinite: true, positive: true }).optional(),
  network: quantity("bitrate", { infinite: true, positive: true }).optional(),
  cpuOvercommit: z.number().min(1).optional(),
  placement: z.enum(["best-fit", "spread"]).optional(),
  max: openCount.optional(),
  distance: z.record(z.string(), duration).optional(),
});

const streamletClass = z.strictObject({
  name: name.optional(),
  slots: positiveCount.max(1_000_000),
  cpu: quantity("number", { infinite: true, positive: true }).optional(),
  memory: quantity("bytes", { infinite: true, positive: true }).optional(),
  baseMemory: quantity("bytes").optional(),
  network: quantity("bitrate", { infinite: true, positive: true }).optional(),
  formats: z.array(name).min(1).optional(),
  weight: z.number().gt(0).optional(),
  pids: positiveCount.optional(),
  spawn: spawnLaw.optional(),
});

const fleet = z.strictObject({
  regions: z.array(region).min(1).optional(),
  streamlet: z.union([streamletClass, z.array(streamletClass).min(1)]),
  max: openCount.optional(),
  warmPool: count.optional(),
  warmStart: law("duration").optional(),
  scaleIn: scaleIn.optional(),
  restart: z
    .strictObject({
      backoff: duration.optional(),
      factor: z.number().min(1).optional(),
      max: duration.optional(),
      healthyAfter: duration.optional(),
    })
    .optional(),
});

const faults = z.strictObject({
  streamletMtbf: openPeriod.optional(),
  spawnFailure: z.number().min(0).max(1).optional(),
  hangMtbf: openPeriod.optional(),
  hangTimeout: positiveDuration.optional(),
  memoryHogMtbf: openPeriod.optional(),
  hostMtbf: openPeriod.optional(),
  hostRepair: law("duration").optional(),
  oomAbove: quantity("bytes", { infinite: true, positive: true }).optional(),
});

const balancer = z.union([
  z.string().min(1),
  z.looseObject({
    kind: z.string().min(1),
    load: z.number().min(0).optional(),
    distance: z.number().min(0).optional(),
    format: z.number().min(0).optional(),
  }),
]);

/** After `deaths` deaths of its streamlet within `window` a stream is refused for as long as `hold`. */
const quarantine = z.strictObject({
  deaths: positiveCount.max(100).optional(),
  window: positiveDuration.optional(),
  hold: positiveDuration.optional(),
});

const slo = z
  .strictObject({
    rejectedRatio: ratio.optional(),
    abandonedRatio: ratio.optional(),
    interruptedRatio: ratio.optional(),
    violatingMinutes: minuteBudget.optional(),
    days: share.optional(),
  })
  .catchall(duration);

/** The scenario as written. `policy` is the schema of one entry of `policies`, which depends on its kind. */
export function documentSchema<P extends z.ZodType>(policy: P) {
  return z.strictObject({
    version: z.literal(1).optional(),
    name,
    seed: z.union([z.number().int(), z.string()]).optional(),
    duration: positiveDuration,
    warmup: duration.optional(),
    replications: positiveCount.max(10_000).optional(),
    traffic,
    streams,
    reconnect: reconnect.optional(),
    fleet,
    faults: faults.optional(),
    gateway: z.strictObject({ waitingRoom: openCount.optional(), quarantine: quarantine.optional() }).optional(),
    balancer: balancer.optional(),
    routing: z.strictObject({ spillOver: z.enum(["none", "nearest", "any"]).optional() }).optional(),
    spillOver: z.enum(["none", "nearest", "any"]).optional(),
    policies: z.array(policy).min(1).max(100),
    slo: slo.optional(),
    cost: z
      .strictObject({
        /** Names the money in tables and reports; it moves no number. */
        currency: z.string().regex(CURRENCY, "a name of 1 to 12 characters, such as EUR").optional(),
        streamletHour: z.number().min(0).optional(),
        hostHour: z.number().min(0).optional(),
      })
      .optional(),
    plan: planSection.optional(),
  });
}

/** A policy whose knobs are looked at in a second step, once its kind is known. */
const anyPolicy = z.looseObject({ kind: z.string().min(1) });
export const writtenScenario = documentSchema(anyPolicy);
export type WrittenScenario = z.infer<typeof writtenScenario>;
