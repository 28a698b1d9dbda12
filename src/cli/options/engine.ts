import { choice, text, whole } from "./kinds.js";
import type { OptionValues } from "./option.js";

const LEAST_THREADS = 1;

/** Where runs are done; for each command that does many of them. */
export const engineOptions = {
  engine: choice("Threads of this machine, or workers on a Redis queue (default: queue where --redis is given)", [
    "local",
    "queue",
  ]),
  redis: text("Address of the queue: redis://host:6379 (workers: headrace worker)"),
  threads: whole("Worker threads (default: all cores)", { least: LEAST_THREADS }),
};

export type EngineArguments = OptionValues<typeof engineOptions>;
