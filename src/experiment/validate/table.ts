import type { ValidationRow } from "./row.js";
import { delayRows } from "./rows/delay-rows.js";
import { lossRows } from "./rows/loss-rows.js";
import { setupRows } from "./rows/setup-rows.js";
import { waveRows } from "./rows/wave-rows.js";

/** Everything that queueing theory says and the simulator must reproduce, in the order in which it is shown. */
export const validationTable: readonly ValidationRow[] = [...lossRows, ...delayRows, ...setupRows, ...waveRows];
