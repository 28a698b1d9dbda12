import { commandLineErrors } from "./command-line.js";
import { experimentErrors } from "./experiments.js";
import { fileErrors } from "./files.js";
import { liveErrors } from "./live.js";
import { moduleErrors } from "./modules.js";
import { scenarioErrors } from "./scenarios.js";
import { traceErrors } from "./traces.js";

/**
 * The codes by subject, in the order of docs/errors.md. No code stands in two tables; a test counts
 * them.
 */
export const errorSubjects = {
  "Command line": commandLineErrors,
  "Files and folders": fileErrors,
  "Scenarios and other documents": scenarioErrors,
  "User modules": moduleErrors,
  Traffic: traceErrors,
  "Live runs and this machine": liveErrors,
  "Plans, sweeps, gates and forecasts": experimentErrors,
} as const;

/**
 * The stable code of a kind of bad input. It keeps its meaning from version to version; a code that
 * is no longer used is not used again.
 */
export type ErrorCode =
  | keyof typeof commandLineErrors
  | keyof typeof experimentErrors
  | keyof typeof fileErrors
  | keyof typeof liveErrors
  | keyof typeof moduleErrors
  | keyof typeof scenarioErrors
  | keyof typeof traceErrors;
