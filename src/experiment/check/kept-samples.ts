import { deflateSync, inflateSync } from "node:zlib";
import { z } from "../../base/zod.js";
import type { MetricSample } from "../../world/run-result.js";

/**
 * Uncompressed, a day of a busy policy takes about 10 kB a replication; a longer list is damaged.
 */
const MOST_BYTES = 64_000_000;

const numbers = z.array(z.number()).transform((list) => Float64Array.from(list));
/**
 * Replaces the minimum and maximum of an empty histogram, Infinity and −Infinity, which JSON
 * lacks.
 */
const buckets = z
  .strictObject({ upperMs: numbers, counts: numbers, leastMs: z.number().nullable(), mostMs: z.number().nullable() })
  .transform(({ leastMs, mostMs, ...lists }) => ({
    ...lists,
    leastMs: leastMs ?? Number.POSITIVE_INFINITY,
    mostMs: mostMs ?? Number.NEGATIVE_INFINITY,
  }));
const samplesSchema = z.array(
  z.strictObject({ sums: z.record(z.string(), z.number()), startLatency: buckets, stillWaiting: buckets }),
);

/** Packs the replications' sums and waits as base64 of deflated JSON. */
export function packSamples(samples: readonly MetricSample[]): string {
  const plain = samples.map(({ sums, startLatency, stillWaiting }) => ({
    sums,
    startLatency: plainBuckets(startLatency),
    stillWaiting: plainBuckets(stillWaiting),
  }));
  return deflateSync(JSON.stringify(plain), { level: 9 }).toString("base64");
}

/** The samples of a packed list; undefined where it is none. */
export function unpackSamples(text: string): MetricSample[] | undefined {
  try {
    const bytes = inflateSync(Buffer.from(text, "base64"), { maxOutputLength: MOST_BYTES });
    const parsed = samplesSchema.safeParse(JSON.parse(bytes.toString("utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function plainBuckets({ upperMs, counts, leastMs, mostMs }: MetricSample["startLatency"]) {
  return { upperMs: [...upperMs], counts: [...counts], leastMs, mostMs };
}
