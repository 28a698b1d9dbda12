import { z } from "../../../../base/zod.js";
import { VICTIMS } from "../../../../control/scale-in.js";
import { law } from "../law.js";
import { count, duration, openCount, openPeriod, positiveCount, price, quantity } from "../quantity.js";

export const scaleIn = z.strictObject({
  victims: z.enum(VICTIMS).optional().describe("Which streamlets are drained first."),
  undrain: z.boolean().optional().describe("Whether a draining streamlet is taken back before a new one is launched."),
  lazy: z.boolean().optional().describe("Whether only streamlets without streams are taken away."),
});

/** A unit of capacity that replaces the fleet's streamlets; values left out are the fleet's. */
const unit = z.strictObject({
  slots: positiveCount.max(1_000_000).describe("Streams that one unit serves at once."),
  cpu: quantity("number", { infinite: true, positive: true }).optional().describe("CPU cap of one unit in cores."),
  memory: quantity("bytes", { infinite: true, positive: true }).optional().describe("Memory cap of one unit."),
  baseMemory: quantity("bytes").optional().describe("Memory that a unit takes without any stream."),
  network: quantity("bitrate", { infinite: true, positive: true }).optional().describe("Bandwidth cap of one unit."),
  spawn: law("duration").optional().describe("Time from the launch of a unit until it is ready."),
  streamletHour: price.optional().describe("Price of one unit for one hour."),
  streamletMtbf: openPeriod.optional().describe("Mean time between crashes of one unit."),
});

/** Knobs that every policy takes. */
export const commonKnobs = {
  name: z.string().min(1).max(80).optional().describe("The name of the policy in tables; left out, its kind."),
  min: count.optional().describe("Fewest streamlets per pool, whatever the policy asks for."),
  max: openCount.optional().describe("Most streamlets per pool, whatever the policy asks for."),
  tick: openPeriod.optional().describe("Time between two decisions."),
  scrapeLag: duration.optional().describe("Age of the metrics that a decision sees."),
  mode: z
    .enum(["active", "advisory", "off"])
    .optional()
    .describe("active carries decisions out, advisory only records them, off makes none."),
  scaleIn: scaleIn.optional().describe("How streamlets are taken away."),
  unit: unit.optional().describe("Another unit of capacity in place of the streamlets of the fleet."),
};

export const commonKnobNames = Object.keys(commonKnobs);
