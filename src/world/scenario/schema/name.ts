import { z } from "../../../base/zod.js";

/** The name of a scenario, a region, a format, a segment or a streamlet class. */
export const name = z.string().min(1).max(120);
