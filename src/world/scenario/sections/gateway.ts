import { z } from "../../../base/zod.js";
import { openCount, positiveCount, positiveDuration } from "../schema/quantity.js";
import type { Fact, Section } from "../section.js";

export interface GatewaySpec {
  readonly waitingRoom: number;
  /** Refuses streams whose streamlets fail repeatedly for a while; left out = never. */
  readonly quarantine?: QuarantineSpec;
}

interface QuarantineSpec {
  readonly deaths: number;
  readonly windowMs: number;
  readonly holdMs: number;
}

/** After `deaths` failures of its streamlet within `window` a stream is refused for `hold`. */
const quarantine = z.strictObject({
  deaths: positiveCount.max(100).default(3).describe("Crashes of streamlets after which their stream is refused."),
  window: positiveDuration.prefault("1min").describe("Time within which these crashes count."),
  hold: positiveDuration.prefault("10min").describe("How long the stream is refused."),
});

const schema = z.strictObject({
  waitingRoom: openCount.prefault("infinite").describe("Most requests that wait for a slot; more are refused."),
  quarantine: quarantine.optional().describe("Refuses streams whose streamlets crash again and again."),
});

interface World {
  readonly gateway: GatewaySpec;
}

/** The default quarantine of `headrace live --serve`. */
export const defaultQuarantine: QuarantineSpec = quarantineOf(quarantine.parse({}));

function quarantineOf({ deaths, window, hold }: z.infer<typeof quarantine>): QuarantineSpec {
  return { deaths, windowMs: window, holdMs: hold };
}

export const gatewaySection = {
  schema,
  off: { waitingRoom: Number.POSITIVE_INFINITY },
  normalise: (written: z.infer<typeof schema>): GatewaySpec => ({
    waitingRoom: written.waitingRoom,
    ...(written.quarantine === undefined ? {} : { quarantine: quarantineOf(written.quarantine) }),
  }),
  facts: ({ gateway: { waitingRoom, quarantine: held } }: World, words) => {
    const facts: Fact[] = [];
    if (Number.isFinite(waitingRoom))
      facts.push(["Waiting room", `at most ${words.number(waitingRoom)} requests wait for a slot`]);
    if (held !== undefined)
      facts.push([
        "Quarantine",
        `${held.deaths} deaths within ${words.duration(held.windowMs)}: refused for ${words.duration(held.holdMs)}`,
      ]);
    return facts;
  },
  rules: [],
} satisfies Section<GatewaySpec, World> & Record<"schema" | "normalise", unknown>;
