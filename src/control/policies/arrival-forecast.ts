import type { Forecaster } from "../../ports/forecaster.js";
import type { ArrivalHistory } from "../../ports/policy.js";

/** Bins that are forecast at each new bin: one hour of five-minute bins. */
const BINS_AHEAD = 12;
const LEVELS = [0.5, 0.9];
const Z90 = 1.2815515655446004;

/** The arrival forecast of one pool, kept up to date bin by bin; between bins it answers from the last forecast. */
export class ArrivalForecast {
  private taken = 0;
  private fitted = false;
  /** Rates per ms at the centres of the bins around now: the last closed one, then those ahead; and their standard errors. */
  private readonly rates = new Float64Array(BINS_AHEAD + 1);
  private readonly errors = new Float64Array(BINS_AHEAD + 1);
  private firstCentreMs = 0;
  private binMs = 1;

  constructor(
    private readonly pool: number,
    private readonly forecaster: Forecaster,
  ) {}

  /** Takes in what has been closed since the last call. */
  update(history: ArrivalHistory): void {
    if (this.fitted && history.length === this.taken) return;
    if (!this.fitted) this.fit(history);
    else for (; this.taken < history.length; this.taken++) this.forecaster.update(history.at(this.pool, this.taken));
    this.taken = history.length;
    this.look(history);
  }

  /** Expected arrivals per ms at an instant, between the centres of the bins. */
  ratePerMs(atMs: number): number {
    return interpolate(this.rates, (atMs - this.firstCentreMs) / this.binMs);
  }

  /** Standard error of that rate: of the forecast, not of the Poisson count. */
  rateErrorPerMs(atMs: number): number {
    return interpolate(this.errors, (atMs - this.firstCentreMs) / this.binMs);
  }

  private fit(history: ArrivalHistory): void {
    const values = new Float64Array(history.length);
    for (let bin = 0; bin < history.length; bin++) values[bin] = history.at(this.pool, bin);
    this.forecaster.fit({ startMs: history.epochMs + history.originMs, binMs: history.binMs, values });
    this.fitted = true;
  }

  private look(history: ArrivalHistory): void {
    const { binMs, length } = history;
    const forecast = this.forecaster.forecast(BINS_AHEAD, LEVELS);
    const [medians, nineties] = forecast.quantiles;
    const last = length === 0 ? forecast.mean[0] : history.at(this.pool, length - 1);
    this.rates[0] = (Number.isFinite(last) ? last : forecast.mean[0]) / binMs;
    this.errors[0] = 0;
    for (let i = 0; i < BINS_AHEAD; i++) {
      this.rates[i + 1] = forecast.mean[i] / binMs;
      // The spread of a count is that of its rate and Poisson noise: what is left after the noise is the rate's.
      const spread = Math.max(0, nineties[i] - medians[i]) / Z90;
      this.errors[i + 1] = Math.sqrt(Math.max(0, spread * spread - forecast.mean[i])) / binMs;
    }
    this.binMs = binMs;
    this.firstCentreMs = history.originMs + (length - 0.5) * binMs;
  }
}

function interpolate(values: Float64Array, at: number): number {
  if (at <= 0) return values[0];
  if (at >= values.length - 1) return values[values.length - 1];
  const low = Math.floor(at);
  return values[low] + (values[low + 1] - values[low]) * (at - low);
}
