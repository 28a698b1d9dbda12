import { z } from "zod";
import { law } from "../law.js";
import { count, duration, openCount, openPeriod, positiveCount, quantity } from "../quantity.js";

export const scaleIn = z.strictObject({
  victims: z.enum(["emptiest", "newest", "oldest", "random"]).optional(),
  undrain: z.boolean().optional(),
  lazy: z.boolean().optional(),
});

/**
 * Another unit of capacity in place of the fleet's streamlets: what is left out stays as it is
 * there.
 */
const unit = z.strictObject({
  slots: positiveCount.max(1_000_000),
  cpu: quantity("number", { infinite: true, positive: true }).optional(),
  memory: quantity("bytes", { infinite: true, positive: true }).optional(),
  baseMemory: quantity("bytes").optional(),
  network: quantity("bitrate", { infinite: true, positive: true }).optional(),
  spawn: law("duration").optional(),
  streamletHour: z.number().min(0).optional(),
  streamletMtbf: openPeriod.optional(),
});

/** Knobs that every policy takes. */
export const commonKnobs = {
  name: z.string().min(1).max(80).optional(),
  min: count.optional(),
  max: openCount.optional(),
  tick: openPeriod.optional(),
  scrapeLag: duration.optional(),
  mode: z.enum(["active", "advisory", "off"]).optional(),
  scaleIn: scaleIn.optional(),
  unit: unit.optional(),
};

export const commonKnobNames = Object.keys(commonKnobs);
