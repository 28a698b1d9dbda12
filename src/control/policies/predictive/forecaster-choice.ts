import type { Forecaster, TrainableForecaster } from "../../../ports/forecaster.js";
import type { PolicyContext } from "../../../ports/policy.js";
import { namedForecaster } from "../../forecast/default-forecaster.js";
import type { MakeNode } from "../../forecast/hierarchy.js";
import { NearAndFar } from "../../forecast/near-and-far.js";
import { RememberedFit } from "../../forecast/remembered-fit.js";
import { BINS_AHEAD, NEAR_BINS } from "./fleet-forecast.js";

/** Sources of the seasonal forecast. With `none` the policy uses only the last minutes. */
export const FORECASTER_CHOICES = ["ensemble", "trained", "seasonal-naive", "last-value", "none"] as const;

export type ForecasterChoice = (typeof FORECASTER_CHOICES)[number];
/** Makes the forecaster of one series. */
export type MakeForecaster = () => Forecaster;

const DAY_MS = 86_400_000;

/**
 * Makes the chosen forecaster for a series; undefined for `none`. If nothing can train, the
 * ensemble takes the place of the trainer.
 */
export function forecasterMaker(
  choice: ForecasterChoice | MakeForecaster,
  challengers: readonly string[],
  { trained, fits }: PolicyContext,
): MakeNode | undefined {
  if (choice === "none") return undefined;
  if (typeof choice === "function") return choice;
  if (choice === "trained" && trained !== undefined) {
    let turn = 0;
    return (series) => trained(series, turn++, challengers);
  }
  return (_series, { values, binMs }) => {
    const kind = choice === "trained" ? "ensemble" : choice;
    const name = kind === "seasonal-naive" ? naiveFor(values.length * binMs) : kind;
    const make = (longestLead: number): Forecaster => {
      const forecaster = named(name, longestLead);
      return fits === undefined ? forecaster : new RememberedFit(forecaster, fits);
    };
    return new NearAndFar(name, make, NEAR_BINS, BINS_AHEAD);
  };
}

/** The naive forecast looks back a week once there is one, before that a day. */
function naiveFor(pastMs: number): string {
  return `seasonal-naive-${pastMs >= 7 * DAY_MS ? "week" : "day"}`;
}

function named(name: string, longestLead: number): TrainableForecaster {
  const forecaster = namedForecaster(name, longestLead);
  if (forecaster === undefined) throw new Error(`there is no forecaster named ${name}`);
  return forecaster;
}
