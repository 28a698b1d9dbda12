import { InputError } from "../base/errors.js";
import { z } from "../base/zod.js";
import { parseJson } from "../traffic/json-text.js";
import type { SpawnProfile } from "../world/scenario/resources.js";
import { faultsOf } from "../world/scenario/schema/issues.js";
import { multiple } from "../world/scenario/schema/quantity.js";

/** Values drawn from the quantile table: enough that the 99.9 % quantile is one of them. */
const VALUES = 2000;

/** Version of a calibration's format; others are refused. */
const FORMAT = 1;

const probability = z.number().min(0).max(1);
/** Eleven days at most: a longer time is a typing error, and sums of many stay finite. */
const spawnMs = z.number().min(0).max(1e9);

/**
 * Written by `headrace calibrate`, read by `spawn: {profile: FILE}`. `quantilesMs`: pairs of
 * probability and milliseconds from launch to ready, both ascending, the first at 0 and the last at
 * 1. Only calibrate uses the other keys (machine, memory, copying rates).
 */
const spawnSchema = z.looseObject({
  /** Launches that were measured. */
  count: z.number().int().min(1),
  quantilesMs: z.array(z.tuple([probability, spawnMs])).min(2),
  /** Each spawn under way lengthens the next by this share, on hosts. */
  contention: multiple.optional(),
  /** Most starts at once on one machine; the others wait. */
  startsAtOnce: z.number().int().min(1).optional(),
  /** The serial part of a start: the fork. */
  serialMs: spawnMs.optional(),
  /** Two starts under way together each take (1 + sharing) times as long. */
  sharing: multiple.optional(),
  /** Each open stream of 0.5 Mbit/s lengthens a start by this share. */
  perStream: multiple.optional(),
  /** Each open stream adds this much to `sharing`. */
  crowding: multiple.optional(),
  /**
   * The probability, per open stream, that a start finds the cores busy, and the mean wait that
   * follows.
   */
  delayChance: z.number().min(0).max(1).optional(),
  delayMs: spawnMs.optional(),
  /** The part of a start outside the queue. */
  outsideMs: spawnMs.optional(),
});

export const calibrationSchema = z.looseObject({
  kind: z.literal("calibration"),
  version: z.literal(FORMAT),
  /** The class with these spawn times. */
  class: z.string().optional(),
  spawn: spawnSchema,
  /** By class of streamlets. */
  classes: z.record(z.string(), z.looseObject({ spawn: spawnSchema })).optional(),
});

/**
 * Reads the spawn times in a calibration's text: those of one class, or of the class chosen when
 * calibrating. Throws InputError.
 */
export function parseSpawnProfile(file: string, text: string, ofClass?: string): SpawnProfile {
  const document = parseJson(file, text);
  refuseOtherFormat(document);
  const parsed = calibrationSchema.safeParse(document.value);
  if (!parsed.success) {
    const [fault] = faultsOf(parsed.error.issues, document.value, calibrationSchema);
    throw new InputError({
      code: "HR1203",
      where: document.place(fault.path, fault.atKey),
      got: `${fault.path.join(".")}: ${fault.got}`,
      expected: fault.expected ?? "a calibration",
      remedy: "headrace calibrate writes one",
    });
  }
  // A hand-made profile without a class applies to any class.
  const { class: whose = ofClass } = parsed.data;
  const path = ofClass === undefined || whose === ofClass ? [] : ["classes", ofClass];
  const spawn = path.length === 0 ? parsed.data.spawn : parsed.data.classes?.[ofClass as string]?.spawn;
  if (spawn === undefined) {
    throw new InputError({
      code: "HR1213",
      where: document.place([]),
      got: `a calibration without the class ${ofClass}`,
      expected: `spawn times of ${ofClass} streamlets`,
      remedy: `headrace calibrate --class ${ofClass} --out ${file}`,
    });
  }
  const { quantilesMs, contention = 0, startsAtOnce, serialMs = 0, sharing = contention } = spawn;
  const { perStream = 0, crowding = 0, delayChance = 0, delayMs = 0, outsideMs = 0 } = spawn;
  quantilesMs.forEach(([p, ms], i) => {
    const [before, beforeMs] = i === 0 ? [-1, 0] : quantilesMs[i - 1];
    const edge = (i === 0 && p !== 0) || (i === quantilesMs.length - 1 && p !== 1);
    if (p > before && ms >= beforeMs && !edge) return;
    throw new InputError({
      code: "HR1203",
      where: document.place([...path, "spawn", "quantilesMs", i]),
      got: `spawn.quantilesMs: [${p}, ${ms}]`,
      expected: "probabilities that ascend from 0 to 1, with milliseconds that do not fall",
      remedy: "headrace calibrate writes such a table",
    });
  });
  const burdens = { sharing, perStream, crowding, delayChance, delayMs };
  const queue = startsAtOnce === undefined ? {} : { queue: { startsAtOnce, serialMs, outsideMs, ...burdens } };
  return { valuesMs: spread(quantilesMs), contention, ...queue };
}

/**
 * The inverse distribution function, linear between the table's points, at the middles of equally
 * likely steps.
 */
function spread(quantilesMs: readonly (readonly [number, number])[]): Float64Array {
  let right = 1;
  return Float64Array.from({ length: VALUES }, (_, i) => {
    const p = (i + 0.5) / VALUES;
    while (quantilesMs[right][0] < p) right++;
    const [p0, ms0] = quantilesMs[right - 1];
    const [p1, ms1] = quantilesMs[right];
    return ms0 + ((ms1 - ms0) * (p - p0)) / (p1 - p0);
  });
}

/** The error for a calibration of an older or newer version. */
function refuseOtherFormat({ value, place }: ReturnType<typeof parseJson>): void {
  const { kind, version } = (value ?? {}) as { readonly kind?: unknown; readonly version?: unknown };
  if (kind !== "calibration" || typeof version !== "number" || version === FORMAT) return;
  const age = version > FORMAT ? "a newer" : "an older";
  throw new InputError({
    code: "HR1114",
    where: place(["version"]),
    got: `a calibration of format ${version}, which ${age} version of headrace wrote`,
    expected: `format ${FORMAT}`,
    remedy: "Measure again with this version: headrace calibrate",
  });
}
