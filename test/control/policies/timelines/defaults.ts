import { same, type Timeline } from "../timeline.js";

/** Tick and age of metrics in ms, least count, victims, undrain: the defaults of each kind. */
const expected: Readonly<Record<string, readonly [number, number, number, string, boolean]>> = {
  static: [15_000, 0, 0, "emptiest", true],
  schedule: [15_000, 0, 0, "newest", false],
  "on-demand": [Number.POSITIVE_INFINITY, 0, 0, "emptiest", true],
  hpa: [15_000, 15_000, 1, "newest", false],
  kpa: [2_000, 1_000, 0, "newest", false],
  keda: [15_000, 15_000, 0, "newest", false],
  "aws-target-tracking": [60_000, 60_000, 1, "oldest", false],
  "aws-step": [60_000, 60_000, 1, "oldest", false],
  "aws-predictive": [60_000, 60_000, 1, "oldest", false],
  phpa: [15_000, 15_000, 1, "newest", false],
  jitsi: [60_000, 30_000, 1, "emptiest", false],
  "square-root": [5_000, 0, 1, "emptiest", true],
  "last-value": [5_000, 0, 1, "emptiest", true],
  "seasonal-naive": [5_000, 0, 1, "emptiest", true],
  predictive: [5_000, 0, 1, "emptiest", true],
  hybrid: [5_000, 0, 1, "emptiest", true],
};

export const defaultsTimelines: readonly Timeline[] = [
  ...Object.entries(expected).map(
    ([kind, [tick, lag, min, victims, undrain]]): Timeline => ({
      sentence: `${kind} runs, sees and shrinks as the real system does unless told otherwise`,
      check: ({ policyKindSchemas }) => {
        const { tickMs, scrapeLagMs, min: least, scaleIn } = policyKindSchemas[kind];
        same([String(tickMs), scrapeLagMs, least], [String(tick), lag, min], "tick, scrape lag, min");
        same([scaleIn.victims, scaleIn.undrain, scaleIn.lazy], [victims, undrain, false], "scale-in");
      },
    }),
  ),
  {
    sentence: "every kind has a schema and a maker",
    check: ({ policyKinds, policyKindSchemas }) => {
      same([...policyKinds].sort(), Object.keys(expected).sort(), "makers");
      same(Object.keys(policyKindSchemas).sort(), Object.keys(expected).sort(), "schemas");
    },
  },
];
