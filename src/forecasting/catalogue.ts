import { InputError } from "../base/errors.js";
import { closest } from "../base/spelling.js";
import { Additive } from "../control/forecast/additive.js";
import { type CalendarEvent, EventCalendar } from "../control/forecast/calendar-events.js";
import type { Challenger } from "../control/forecast/challengers.js";
import { defaultMembers, FORECASTER_NAMES, namedForecaster } from "../control/forecast/default-forecaster.js";
import { Ensemble } from "../control/forecast/ensemble.js";
import type { TrainableForecaster } from "../ports/forecaster.js";

/** Makes forecasters of one kind, each without any history. */
export type MakeForecaster = () => TrainableForecaster;

export interface OpenForecaster {
  readonly make: MakeForecaster;
  /** The backend that computes it, if there is a choice. */
  readonly backend: string | undefined;
}

export interface ForecasterOptions {
  /** The backend of the neural network: node, wasm or cpu. */
  readonly backend?: string;
  /** Holidays and events for `additive`. */
  readonly events?: readonly CalendarEvent[];
}

/** Forecasters that use libraries outside the core. */
const ADAPTERS: Readonly<Record<Challenger | "additive", (options: ForecasterOptions) => Promise<OpenForecaster>>> = {
  additive: async ({ events }) => {
    const calendar = new EventCalendar(events ?? []);
    return { make: () => new Ensemble("additive", [new Additive(calendar)]), backend: undefined };
  },
  "mstl-ets": async () => {
    const { loadAugurs, SeasonalTrend } = await import("./seasonal-trend.js");
    const augurs = await loadAugurs();
    return { make: () => new Ensemble("mstl-ets", [new SeasonalTrend(augurs)]), backend: undefined };
  },
  lstm: async (options) => {
    const { train, Lstm, backend } = await openLstm(options);
    return { make: () => new Ensemble("lstm", [new Lstm(train, "yesterday")]), backend };
  },
  "ensemble-lstm": async (options) => {
    const { train, Lstm, backend } = await openLstm(options);
    return { make: () => new Ensemble("ensemble-lstm", [...defaultMembers(), new Lstm(train)]), backend };
  },
};

async function openLstm({ backend }: ForecasterOptions) {
  const { openTensorflow } = await import("./tensorflow-backend.js");
  const { lstmTraining } = await import("./lstm-training.js");
  const { Lstm } = await import("../control/forecast/lstm.js");
  const tensorflow = await openTensorflow(backend);
  return { train: lstmTraining(tensorflow), Lstm, backend: tensorflow.name };
}

function isAdapter(name: string): name is keyof typeof ADAPTERS {
  return Object.hasOwn(ADAPTERS, name);
}

/** Loads the packages of a forecaster and returns its maker. An unknown name is an InputError. */
export async function openForecaster(name: string, options: ForecasterOptions = {}): Promise<OpenForecaster> {
  checkForecasterName(name);
  if (isAdapter(name)) return ADAPTERS[name](options);
  return { make: () => namedForecaster(name) as TrainableForecaster, backend: undefined };
}

/** Every name that `openForecaster` knows. */
const ALL_FORECASTERS: readonly string[] = [...new Set([...FORECASTER_NAMES, ...Object.keys(ADAPTERS)])];

/** The default forecasters of `headrace forecast`: one of each family, and their combination. */
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
  "additive",
];

export function checkForecasterName(name: string): void {
  if (ALL_FORECASTERS.includes(name)) return;
  const meant = closest(name, ALL_FORECASTERS);
  throw new InputError({
    code: "HR1003",
    where: "--model",
    got: `the forecaster "${name}"`,
    expected: ALL_FORECASTERS.join(", "),
    ...(meant === undefined ? {} : { remedy: `Did you mean "${meant}"?` }),
  });
}
