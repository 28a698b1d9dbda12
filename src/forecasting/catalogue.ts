import { InputError } from "../base/errors.js";
import { closest } from "../base/spelling.js";
import { FORECASTER_NAMES, namedForecaster } from "../control/forecast/default-forecaster.js";
import type { TrainableForecaster } from "../ports/forecaster.js";

/** Makes forecasters of one kind, each without any history. */
export type MakeForecaster = () => TrainableForecaster;

export interface OpenForecaster {
  readonly make: MakeForecaster;
  /** What computes it, where there is a choice. */
  readonly backend: string | undefined;
}

/** Loads what a forecaster needs and returns its maker. Throws InputError for a name that nobody knows. */
export async function openForecaster(name: string, backend?: string): Promise<OpenForecaster> {
  checkForecasterName(name);
  void backend;
  return { make: () => namedForecaster(name) as TrainableForecaster, backend: undefined };
}

/** Every name that `openForecaster` knows. */
export const ALL_FORECASTERS: readonly string[] = FORECASTER_NAMES;

/** What `headrace forecast` compares if nothing is asked for: one of each family, and the combination of them. */
export const COMPARED_FORECASTERS: readonly string[] = [
  "ensemble",
  "last-value",
  "seasonal-naive-day",
  "seasonal-naive-week",
  "theta-day",
  "ridge-week-log",
  "holt-winters-sqrt",
  "profile-ar-week",
  "similar-days-log",
];

export function checkForecasterName(name: string): void {
  if (ALL_FORECASTERS.includes(name)) return;
  const meant = closest(name, ALL_FORECASTERS);
  throw new InputError({
    where: "--model",
    got: `the forecaster "${name}"`,
    expected: ALL_FORECASTERS.join(", "),
    ...(meant === undefined ? {} : { remedy: `Did you mean "${meant}"?` }),
  });
}
