import { z } from "../../../base/zod.js";
import { duration, growth, positiveCount, ratio } from "../schema/quantity.js";
import { type KeyRule, type Section, writtenAt } from "../section.js";

/**
 * After an interruption a client waits backoff·factorⁿ, at most `maxMs`, and asks again, up to
 * `attempts` times.
 */
export interface ReconnectSpec {
  readonly backoffMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly attempts: number;
  /** Share of the wait that is drawn at random: 0 = all at once, 1 = full jitter. */
  readonly jitter: number;
}

const schema = z.strictObject({
  backoff: duration.prefault("1s").describe("Pause of an interrupted client before it asks again."),
  factor: growth.default(2).describe("The pause grows by this factor with each further attempt."),
  max: duration.prefault("30s").describe("Longest pause between two attempts."),
  attempts: positiveCount.max(1000).default(5).describe("Attempts after which the client gives up."),
  jitter: ratio
    .default(0)
    .describe("Share of the pause that is drawn at random, so that clients do not return all at once."),
});

interface World {
  readonly reconnect: ReconnectSpec | undefined;
}

/** `reconnect` is accepted at its former place, too. */
const backoffRules: readonly KeyRule<World>[] = [["reconnect"], ["streams", "reconnect"]].map((place) => ({
  path: [...place, "backoff"],
  acts: ({ reconnect }) => reconnect === undefined || reconnect.backoffMs <= reconnect.maxMs,
  got: "a pause longer than the longest one (max: 30 s if left out), which would replace it",
  expected: "at most max",
  remedy: "Raise max as well, or lower backoff",
}));

export const reconnectSection = {
  schema,
  off: undefined,
  empty: { backoffMs: 1000, factor: 2, maxMs: 30_000, attempts: 5, jitter: 0 },
  normalise: (written: z.infer<typeof schema> | undefined): ReconnectSpec | undefined =>
    written === undefined
      ? undefined
      : {
          backoffMs: written.backoff,
          factor: written.factor,
          maxMs: written.max,
          attempts: written.attempts,
          jitter: written.jitter,
        },
  facts: ({ reconnect }: World, words) => {
    if (reconnect === undefined) return [];
    const { backoffMs, factor, maxMs, attempts, jitter } = reconnect;
    const [first, most] = [words.duration(backoffMs), words.duration(maxMs)];
    const waits = `after ${first}, then × ${words.number(factor)}, at most ${most}`;
    const drawn = jitter > 0 ? `, ${words.number(jitter * 100)} % of it at random` : "";
    return [["Reconnections", `up to ${attempts} attempts ${waits}${drawn}`]];
  },
  rules: [
    ...backoffRules,
    {
      path: ["streams", "reconnect"],
      acts: (_world, _at, document) => writtenAt(document, ["reconnect"]) === undefined,
      got: "reconnect twice: here and at the top",
      expected: "one of them",
      remedy: "Leave it out here",
    },
  ],
} satisfies Section<ReconnectSpec | undefined, World> & Record<"schema" | "normalise", unknown>;
