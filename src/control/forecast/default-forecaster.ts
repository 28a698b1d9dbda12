import type { TrainableForecaster } from "../../ports/forecaster.js";
import { Additive } from "./additive.js";
import { DirectRidge } from "./direct-ridge.js";
import { DoubleSeasonal } from "./double-seasonal.js";
import { Ensemble } from "./ensemble.js";
import { LastValue } from "./last-value.js";
import { ANY_LEAD } from "./lead-ladder.js";
import type { PointModel } from "./point-model.js";
import { ProfileAr } from "./profile-ar.js";
import { SeasonalNaive } from "./seasonal-naive.js";
import { SimilarDays } from "./similar-days.js";
import { Theta } from "./theta.js";

const MODELS: Readonly<Record<string, (longestLead: number) => PointModel>> = {
  "last-value": () => new LastValue(),
  "seasonal-naive-day": () => new SeasonalNaive("day"),
  "seasonal-naive-week": () => new SeasonalNaive("week"),
  ses: () => new Theta("none"),
  "theta-day": () => new Theta("day"),
  "theta-day-sqrt": () => new Theta("day", "sqrt"),
  "theta-week": () => new Theta("week"),
  "theta-week-sqrt": () => new Theta("week", "sqrt"),
  "ridge-day": (longestLead) => new DirectRidge("identity", "day", longestLead),
  "ridge-day-log": (longestLead) => new DirectRidge("log", "day", longestLead),
  "ridge-day-sqrt": (longestLead) => new DirectRidge("sqrt", "day", longestLead),
  "ridge-week": (longestLead) => new DirectRidge("identity", "week", longestLead),
  "ridge-week-log": (longestLead) => new DirectRidge("log", "week", longestLead),
  "ridge-week-sqrt": (longestLead) => new DirectRidge("sqrt", "week", longestLead),
  "holt-winters": () => new DoubleSeasonal("identity"),
  "holt-winters-sqrt": () => new DoubleSeasonal("sqrt"),
  "holt-winters-log": () => new DoubleSeasonal("log"),
  "profile-ar-day": () => new ProfileAr("identity", "day"),
  "profile-ar-day-log": () => new ProfileAr("log", "day"),
  "profile-ar-week": () => new ProfileAr("identity", "week"),
  "profile-ar-week-log": () => new ProfileAr("log", "week"),
  additive: () => new Additive(),
  "similar-days": () => new SimilarDays("identity"),
  "similar-days-log": () => new SimilarDays("log"),
  "similar-days-sqrt": () => new SimilarDays("sqrt"),
};

const DEFAULT_MEMBERS = [
  "last-value",
  "seasonal-naive-day",
  "seasonal-naive-week",
  "theta-day-sqrt",
  "theta-week-sqrt",
  "ridge-day-log",
  "ridge-day-sqrt",
  "ridge-week",
  "ridge-week-log",
  "holt-winters-sqrt",
  "profile-ar-day-log",
  "profile-ar-week",
  "profile-ar-week-log",
  "similar-days",
  "similar-days-log",
];

/** The names that `namedForecaster` knows. */
export const FORECASTER_NAMES: readonly string[] = ["ensemble", ...Object.keys(MODELS)];

/**
 * The default combination of models. Pure; a few ms per fit, well below 1 ms per update and
 * forecast of 12 bins.
 */
function defaultForecaster(longestLead: number): TrainableForecaster {
  return new Ensemble("ensemble", defaultMembers(longestLead), { longestLead });
}

/** The members of the default combination, each without any history. */
export function defaultMembers(longestLead = ANY_LEAD): PointModel[] {
  return DEFAULT_MEMBERS.map((name) => MODELS[name](longestLead));
}

/**
 * The forecaster of that name; undefined if there is none. A single model gets its quantiles from
 * its own residuals. If no caller needs a lead above `longestLead` bins, the forecasts are the
 * same at half the cost: parts that serve only longer leads are neither learnt nor judged.
 */
export function namedForecaster(name: string, longestLead = ANY_LEAD): TrainableForecaster | undefined {
  if (name === "ensemble") return defaultForecaster(longestLead);
  if (!Object.hasOwn(MODELS, name)) return undefined;
  return new Ensemble(name, [MODELS[name](longestLead)], { longestLead });
}
