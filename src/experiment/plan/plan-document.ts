import { z } from "../../base/zod.js";

/**
 * How certain a statement is: proved for the model, an approximation, or simulated with the
 * stated confidence.
 */
const stamps = ["certified", "estimated", "simulated"] as const;

const value = z.union([z.number(), z.string(), z.boolean()]);
const values = z.record(z.string(), value);
const sized = z.strictObject({ certified: z.number().nullable(), estimated: z.number() });

const money = z.strictObject({ mean: z.number(), halfWidth: z.number().nullable() });
const statement = z.strictObject({ text: z.string(), stamp: z.enum(stamps) });

/** A bound of the SLO that a day exceeds: a share, and what is allowed. */
const miss = z.strictObject({
  bound: z.string(),
  share: z.number(),
  allowed: z.number(),
  /** null where it is the mean over days that exceeds the bound. */
  day: z.number().int().nullable(),
  world: z.string(),
});

const record = z.strictObject({
  failure: z.string(),
  met: z.number().int(),
  of: z.number().int(),
  proved: z.boolean(),
});

const alternative = z.strictObject({
  policy: z.string(),
  values,
  /** Over the measured time: the mean of the days on which it was run (at least one). */
  cost: z.number(),
  /** The same of a month of 730.5 hours. */
  perMonth: z.number(),
  days: z.number().int(),
  /** `dearer`: not ruled out, but at most 1 % cheaper. `misses`: it misses the given day. */
  status: z.enum(["dearer", "misses"]),
  misses: z.array(miss),
});

/** `headrace plan --json`, and plan.json. */
export const planDocumentSchema = z.strictObject({
  scenario: z.strictObject({ name: z.string(), hash: z.string() }),
  seed: z.number(),
  version: z.string(),
  /**
   * A design that meets the SLO on every day on which it was run. null after `--quick`, which
   * simulates nothing.
   */
  feasible: z.boolean().nullable(),
  /** The answer, or the closest design where nothing is feasible. */
  policy: z.string(),
  values,
  answer: z.string(),
  /** Of the measured time of one day, and of a month of 730.5 hours. */
  cost: money.extend({ currency: z.string(), perMonth: money }),
  promise: z.strictObject({
    met: z.number().int(),
    of: z.number().int(),
    days: z.number(),
    confidence: z.number(),
    proved: z.boolean(),
  }),
  statements: z.array(statement),
  survives: z.array(record),
  /** Bounded means over days of the ordinary world, measured on fresh days. */
  means: z.array(
    z.strictObject({
      metric: z.string(),
      bound: z.number(),
      mean: z.number(),
      halfWidth: z.number().nullable(),
      days: z.number().int(),
      met: z.boolean(),
    }),
  ),
  /** `takes`: the least value of one count alone with which all these days meet the SLO. */
  whatIf: z.array(record.extend({ takes: z.strictObject({ path: z.string(), value: z.number() }).nullable() })),
  alternatives: z.array(alternative),
  /**
   * Each policy at its cheapest values that meet every day of the search; a fixed fleet by the
   * estimate.
   */
  perPolicy: z.array(
    z.strictObject({
      policy: z.string(),
      design: z.string(),
      values,
      cost: z.number().nullable(),
      perMonth: z.number().nullable(),
      stamp: z.enum(stamps),
    }),
  ),
  /**
   * The designs one notch below the answer, the largest saving (a share of its cost) first, and
   * the test that each misses.
   */
  nextCheaper: z.array(z.strictObject({ values, saves: z.number(), misses: z.array(miss) })),
  /** The obstacles of the closest design if nothing is feasible. */
  binding: z.array(miss).optional(),
  variables: z.array(
    z.strictObject({ path: z.string(), values: z.array(value), order: z.string(), chosen: z.boolean() }),
  ),
  fallback: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  sizing: z.strictObject({
    target: z.number(),
    targetOf: z.string(),
    pools: z.array(
      z.strictObject({
        pool: z.string(),
        peakLoad: z.number(),
        peakAtMs: z.number(),
        slots: sized,
        streamlets: sized,
        growthPerSpawn: z.number(),
      }),
    ),
    hosts: z.array(sized.extend({ region: z.string() })),
    leastStreamletHours: z.number(),
    /** For a schedule that follows demand (null for loss systems), and for a fixed fleet. */
    schedule: z.strictObject({
      streamletHours: z.number().nullable(),
      peakSlots: z.number().nullable(),
      fixedStreamletHours: z.number(),
    }),
  }),
  /** How much the estimated slots change with one input, the largest change first. */
  sensitivity: z.array(z.strictObject({ input: z.string(), change: z.number() })),
  /**
   * With a committed price: the hosts that demand needs by share of the time, and how many to
   * commit to.
   */
  commitment: z
    .strictObject({
      curve: z.array(z.strictObject({ hosts: z.number().int(), shareAbove: z.number() })),
      level: z.number().int(),
      ratio: z.number(),
      termMonths: z.number().nullable(),
      owed: z.number().nullable(),
      onDemandPerMonth: z.number(),
      committedPerMonth: z.number(),
      fixed: z
        .strictObject({
          hosts: z.number().int(),
          level: z.number().int(),
          savesPerMonth: z.number(),
          owed: z.number().nullable(),
        })
        .nullable(),
    })
    .optional(),
  /** With --growth. */
  growth: z
    .strictObject({
      growth: z.string(),
      until: z.string(),
      months: z.array(
        z.strictObject({
          month: z.string(),
          demand: z.number(),
          needs: z.array(z.strictObject({ path: z.string(), value: z.number() })),
        }),
      ),
      runsOut: z.strictObject({ month: z.string(), path: z.string(), need: z.number(), most: z.number() }).nullable(),
    })
    .optional(),
  /**
   * With --budget: the highest monthly cost, and on how many days of the search the answer meets
   * the SLO.
   */
  budget: z.strictObject({ perMonth: z.number(), met: z.number().int(), of: z.number().int() }).optional(),
  /** Simulated days, and their events. */
  runs: z.number().int(),
  events: z.number().int(),
});

export type PlanDocument = z.infer<typeof planDocumentSchema>;
export type PlanStatement = PlanDocument["statements"][number];
export type PlanMiss = NonNullable<PlanDocument["binding"]>[number];
