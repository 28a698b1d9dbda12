import { InputError } from "../base/errors.js";
import { closest } from "../base/spelling.js";
import { FORECASTER_NAMES, namedForecaster } from "../control/forecast/default-forecaster.js";
import type { Forecaster } from "../ports/forecaster.js";

/** Makes forecasters of one kind, each without any history. */
export type MakeForecaster = () => Forecaster;

/** Loads what a forecaster needs and returns its maker. Throws InputError for a name that nobody knows. */
export async function openForecaster(name: string): Promise<MakeForecaster> {
  checkForecasterName(name);
  return () => namedForecaster(name) as Forecaster;
}

/** Every name that `openForecaster` knows. */
export const ALL_FORECASTERS: readonly string[] = FORECASTER_NAMES;

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
