import { z } from "zod";
import { parseCron } from "../../../../control/policies/cron.js";
import { count } from "../quantity.js";
import { type KnobFault, likeKubernetes, type PolicyKindSchema } from "./common.js";

export const cron = z.string().superRefine((text, context) => {
  const parsed = parseCron(text);
  if (typeof parsed !== "string") return;
  context.addIssue({
    code: "custom",
    message: `"${text}" (${parsed})`,
    params: {
      expected: "minute hour day-of-month month day-of-week",
      remedy: 'For example "0 18 * * mon-fri"',
    },
  });
});

/** Minutes east of Greenwich as +HH:MM, in ms. */
const utcOffset = z
  .string()
  .regex(/^[+-]\d{2}:[0-5]\d$/, "an offset such as +02:00")
  .transform((text) => {
    const sign = text.startsWith("-") ? -1 : 1;
    return sign * (Number(text.slice(1, 3)) * 60 + Number(text.slice(4))) * 60_000;
  });

function checkSchedule(knobs: Readonly<Record<string, unknown>>): KnobFault[] {
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

export const scheduleSchema: PolicyKindSchema = {
  knobs: {
    entries: z.array(z.strictObject({ cron, count })).min(1).max(1000).optional(),
    otherwise: count.optional(),
    utcOffset: utcOffset.optional(),
  },
  tickMs: 15_000,
  scrapeLagMs: 0,
  min: 0,
  scaleIn: likeKubernetes,
  check: checkSchedule,
};
