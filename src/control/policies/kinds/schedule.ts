import { type CronDialect, parseCron } from "../cron.js";
import { createSchedule, defaultScheduleKnobs, scheduleReasons } from "../schedule.js";
import { factors, withKnobs } from "./aggressiveness.js";
import { described, type Knob, type Knobs, list, object, optionals, ordered } from "./knob.js";
import { count } from "./knob-values.js";
import { type KnobFault, likeKubernetes, over, type PolicyKind } from "./policy-kind.js";

/** A text that cron of this dialect reads. */
export function cronOf(dialect: CronDialect): Knob {
  return {
    type: "text",
    check(text) {
      const parsed = parseCron(text, dialect);
      if (typeof parsed !== "string") return undefined;
      return {
        got: `"${text}" (${parsed})`,
        expected: "minute hour day-of-month month day-of-week",
        remedy: 'For example "0 18 * * mon-fri"',
      };
    },
  };
}

function check(knobs: Knobs): KnobFault[] {
  if (knobs.entries !== undefined) return [];
  return [
    {
      path: [],
      got: "a schedule without entries",
      expected: "entries",
      remedy: 'For example entries: [{cron: "0 8 * * *", count: 40}, {cron: "0 23 * * *", count: 10}]',
    },
  ];
}

export const scheduleKind: PolicyKind = {
  kind: "schedule",
  create: over(defaultScheduleKnobs, createSchedule),
  knobs: optionals({
    entries: described(
      "Cron times with the number of streamlets from then on.",
      list(
        object({
          cron: described(
            "Minute, hour, day of month, month and day of week at which the entry starts.",
            cronOf("vixie"),
          ),
          count: described("Streamlets per pool from then on.", count),
        }),
        1,
        1000,
      ),
    ),
    otherwise: described("Streamlets per pool before the first entry.", ordered("rising", count)),
    utcOffset: described("Offset of the cron times from UTC, such as +02:00.", { type: "utc-offset" }),
  }),
  check,
  runs: { tickMs: 15_000, scrapeLagMs: 0, min: 0, scaleIn: likeKubernetes },
  reasons: scheduleReasons,
  aggressiveness: () => ({
    knob: "counts ×",
    grid: factors,
    apply(knobs, value) {
      const times = (written: unknown): number => Math.ceil(Number(written) * value);
      const entries = knobs.entries as readonly { readonly count: number }[];
      const otherwise = knobs.otherwise === undefined ? {} : { otherwise: times(knobs.otherwise) };
      return withKnobs(knobs, {
        entries: entries.map((entry) => ({ ...entry, count: times(entry.count) })),
        ...otherwise,
      });
    },
  }),
  within: ["hybrid"],
  docs: {
    imitates: "cron-driven scaling",
    source: "Vixie cron; EC2 scheduled actions",
    constants: "`entries`, `otherwise` = min, UTC",
    decides: "every 15 s",
    metricsAge: "it reads the clock only",
  },
};
