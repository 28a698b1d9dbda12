import type { Forecaster } from "../../../ports/forecaster.js";
import type { ArrivalHistory } from "../../../ports/policy.js";
import { namedForecaster } from "../../forecast/default-forecaster.js";

/** Where the seasonal forecast comes from; `none` leaves the policy with what it saw in the last minutes. */
export type ForecasterChoice = "ensemble" | "seasonal-naive" | "last-value" | "none";
/** Makes the forecaster of one pool. */
export type MakeForecaster = () => Forecaster;

/** Bins that are forecast at each new bin: an hour of five-minute bins. */
const BINS_AHEAD = 12;
const DAY_MS = 86_400_000;

/** The arrival forecast of one pool, kept up to date bin by bin; between bins it answers from the last forecast. */
export class ArrivalForecast {
  private taken = 0;
  private forecaster: Forecaster | undefined;
  /** Forecast rates per ms at the centres of the bins ahead, and of the bin before them. */
  private readonly rates = new Float64Array(BINS_AHEAD + 1);
  private firstCentreMs = 0;
  private binMs = 1;

  constructor(
    private readonly pool: number,
    private readonly choice: Exclude<ForecasterChoice, "none"> | MakeForecaster,
  ) {}

  /** Takes in what has been closed since the last call. */
  update(history: ArrivalHistory): void {
    if (this.forecaster !== undefined && history.length === this.taken) return;
    if (this.forecaster === undefined) this.forecaster = this.fitted(history);
    else for (; this.taken < history.length; this.taken++) this.forecaster.update(history.at(this.pool, this.taken));
    this.taken = history.length;
    this.look(this.forecaster, history);
  }

  /** Expected arrivals per ms at an instant, between the centres of the bins; NaN where the forecaster talks nonsense. */
  ratePerMs(atMs: number): number {
    const at = (atMs - this.firstCentreMs) / this.binMs;
    const { rates } = this;
    if (at <= 0) return rates[0];
    if (at >= rates.length - 1) return rates[rates.length - 1];
    const low = Math.floor(at);
    return rates[low] + (rates[low + 1] - rates[low]) * (at - low);
  }

  private fitted(history: ArrivalHistory): Forecaster {
    const forecaster = typeof this.choice === "string" ? chosen(this.choice, history) : this.choice();
    const values = new Float64Array(history.length);
    for (let bin = 0; bin < history.length; bin++) values[bin] = history.at(this.pool, bin);
    forecaster.fit({ startMs: history.epochMs + history.originMs, binMs: history.binMs, values });
    return forecaster;
  }

  private look(forecaster: Forecaster, history: ArrivalHistory): void {
    const { binMs, length } = history;
    const { mean } = forecaster.forecast(BINS_AHEAD);
    const last = length === 0 ? Number.NaN : history.at(this.pool, length - 1);
    this.rates[0] = (last >= 0 ? last : mean[0]) / binMs;
    for (let i = 0; i < BINS_AHEAD; i++) this.rates[i + 1] = mean[i] / binMs;
    this.binMs = binMs;
    this.firstCentreMs = history.originMs + (length - 0.5) * binMs;
  }
}

/** The naive forecast looks back a week once there is one, before that a day. */
function chosen(choice: Exclude<ForecasterChoice, "none">, history: ArrivalHistory): Forecaster {
  const weeks = (history.length * history.binMs) / (7 * DAY_MS);
  const name = choice === "seasonal-naive" ? `seasonal-naive-${weeks >= 1 ? "week" : "day"}` : choice;
  const forecaster = namedForecaster(name);
  if (forecaster === undefined) throw new Error(`there is no forecaster named ${name}`);
  return forecaster;
}
