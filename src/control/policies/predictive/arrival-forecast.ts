import { FLOAT_ZERO } from "../../../base/float-zero.js";
import type { ArrivalHistory, ArrivalOutlook } from "../../../ports/policy.js";
import { BINS_AHEAD, type FleetForecast, NEAR_BINS } from "./fleet-forecast.js";

/**
 * The arrival forecast of one pool, updated bin by bin. Between bins it answers from the last
 * forecast.
 */
export class ArrivalForecast {
  private taken = -1;
  /** Forecast rates per ms at the centres of the bins ahead, and of the bin before them. */
  private readonly rates = new Float64Array(BINS_AHEAD + 1);
  /** Bins ahead whose rates are known. The others are forecast when a decision reads them. */
  private known = 0;
  private firstCentreMs = FLOAT_ZERO;
  private binMs = 1;

  constructor(
    private readonly pool: number,
    private readonly fleet: FleetForecast,
  ) {}

  /** Appends the bins that were closed since the last call. */
  update(history: ArrivalHistory): void {
    if (history.length === this.taken) return;
    this.taken = history.length;
    this.fleet.update(history);
    const { binMs, length } = history;
    this.binMs = binMs;
    this.know(NEAR_BINS);
    const last = length === 0 ? Number.NaN : history.at(this.pool, length - 1);
    this.rates[0] = last >= 0 ? last / binMs : this.rates[1];
    this.firstCentreMs = history.originMs + (length - 0.5) * binMs;
  }

  /**
   * The forecast of the bins after the last one taken in, with its quantiles; undefined before the
   * first. Only people look at them: at each bin they would take 1 % of a simulated day.
   */
  get outlook(): ArrivalOutlook | undefined {
    if (this.taken < 0) return undefined;
    const { binMs, firstCentreMs } = this;
    return { fromMs: firstCentreMs + binMs / 2, binMs, forecast: this.fleet.forecast(this.pool, BINS_AHEAD) };
  }

  /**
   * Expected arrivals per ms at an instant, interpolated between the centres of the bins; NaN if
   * the forecast is no number.
   */
  ratePerMs(atMs: number): number {
    const at = (atMs - this.firstCentreMs) / this.binMs;
    const { rates } = this;
    if (at <= 0) return rates[0];
    const low = Math.floor(at);
    if (low >= this.known && this.known < BINS_AHEAD) this.know(Math.min(BINS_AHEAD, low + 1));
    if (at >= BINS_AHEAD) return rates[BINS_AHEAD];
    return rates[low] + (rates[low + 1] - rates[low]) * (at - low);
  }

  /** Each bin is forecast alike however many are asked for. */
  private know(bins: number): void {
    const { mean } = this.fleet.forecast(this.pool, bins, []);
    for (let i = 0; i < bins; i++) this.rates[i + 1] = mean[i] / this.binMs;
    this.known = bins;
  }
}
