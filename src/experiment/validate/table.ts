import type { ValidationRow } from "./row.js";
import { delayRows } from "./rows/delay-rows.js";
import { lossRows } from "./rows/loss-rows.js";
import { setupRows } from "./rows/setup-rows.js";
import { waveRows } from "./rows/wave-rows.js";

/** Every result of queueing theory that the simulator must reproduce, in the order of display. */
export const validationTable: readonly ValidationRow[] = [...lossRows, ...delayRows, ...setupRows, ...waveRows];
