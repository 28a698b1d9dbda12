import { exponentialLaw, type Law } from "../../../base/distribution.js";
import { z } from "../../../base/zod.js";
import { normaliseLaw } from "../normalise-law.js";
import type { Resources } from "../resources.js";
import { law, openDurationLaw, type WrittenLaw } from "../schema/law.js";
import { type Fact, lawInWords, type Section } from "../section.js";
import { reconnectSection } from "./reconnect.js";

export interface StreamsSpec {
  readonly holding: Law;
  /** How long a request waits for a slot; undefined = for ever. */
  readonly patience: Law | undefined;
  /**
   * Cores, bytes and bits/s of one stream; drawn per request at its arrival. Undefined = nothing.
   */
  readonly cpu: Law | undefined;
  readonly memoryBytes: Law | undefined;
  readonly bitsPerSecond: Law | undefined;
}

const schema = z.strictObject({
  holding: law("duration").describe("How long a stream holds its slot."),
  patience: openDurationLaw.prefault("infinite").describe("How long a request waits for a slot before it gives up."),
  cpu: law("number").optional().describe("Cores that one stream needs."),
  memory: law("bytes").optional().describe("Memory that one stream needs."),
  bitrate: law("bitrate").optional().describe("Bandwidth that one stream needs."),
  /** The section `reconnect` at its old place. */
  reconnect: reconnectSection.schema.optional().describe("The section reconnect at its former place."),
});

interface World {
  readonly streams: StreamsSpec;
}

export const streamsSection = {
  schema,
  /** `holding` has no default: the hash keeps it whatever it is. */
  off: {
    holding: exponentialLaw(Number.NaN),
    patience: undefined,
    cpu: undefined,
    memoryBytes: undefined,
    bitsPerSecond: undefined,
  },
  normalise: (written: z.infer<typeof schema>, resources: Resources): StreamsSpec => {
    const optional = (one: WrittenLaw | undefined): Law | undefined =>
      one === undefined ? undefined : normaliseLaw(one, resources);
    const patience = normaliseLaw(written.patience, resources);
    const isEndless = patience.kind === "constant" && patience.value === Number.POSITIVE_INFINITY;
    return {
      holding: normaliseLaw(written.holding, resources),
      patience: isEndless ? undefined : patience,
      cpu: optional(written.cpu),
      memoryBytes: optional(written.memory),
      bitsPerSecond: optional(written.bitrate),
    };
  },
  facts: ({ streams }: World, words) => {
    const { holding, patience, cpu, memoryBytes, bitsPerSecond } = streams;
    const facts: Fact[] = [
      ["Holding time", lawInWords(holding, words.duration, words)],
      ["Patience", patience === undefined ? "infinite" : lawInWords(patience, words.duration, words)],
    ];
    const megabits = (bits: number): string => `${words.number(bits / 1e6)} Mbps`;
    const load = [
      ...(cpu === undefined ? [] : [`cores ${lawInWords(cpu, words.number, words)}`]),
      ...(memoryBytes === undefined ? [] : [`memory ${lawInWords(memoryBytes, words.bytes, words)}`]),
      ...(bitsPerSecond === undefined ? [] : [`bitrate ${lawInWords(bitsPerSecond, megabits, words)}`]),
    ];
    if (load.length > 0) facts.push(["Load of a stream", load.join("; ")]);
    return facts;
  },
  rules: [],
} satisfies Section<StreamsSpec, World> & Record<"schema" | "normalise", unknown>;
