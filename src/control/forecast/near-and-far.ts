import type { Forecast, Forecaster, Series } from "../../ports/forecaster.js";
import { Track } from "./track.js";

/**
 * Most bins that are kept for a forecaster of long leads that nobody has asked for yet: a week of
 * five-minute bins. With them its late start takes at most three times as long as a fit.
 */
const MOST_DEFERRED = 2016;

/** Makes a forecaster, not yet fitted, for leads up to `longestLead` bins. */
export type MakeForLeads = (longestLead: number) => Forecaster;

/**
 * Forecasts what one forecaster for leads up to `longest` would, and learns the leads above `near`
 * only once one of them is asked for. Until then it costs as much as a forecaster of the near
 * leads: half for a fit and 0.6 for a bin, with the ensemble and leads of two and twelve bins.
 *
 * `make` must give forecasters whose forecasts at one lead do not depend on their longest lead, as
 * `namedForecaster` does. A late start fits the same past and takes in the same bins since, so when
 * a long lead is first asked for changes no forecast.
 */
export class NearAndFar implements Forecaster {
  private past: Series | undefined;
  /** Bins since the fit, for the forecaster of all leads as long as there is none. */
  private readonly since = new Track(64);
  private nearOnly: Forecaster | undefined;
  private whole: Forecaster | undefined;

  constructor(
    readonly name: string,
    private readonly make: MakeForLeads,
    private readonly near: number,
    private readonly longest: number,
  ) {}

  /** The values of `history` must not change afterwards. */
  fit(history: Series): void {
    this.past = history;
    this.since.clear();
    this.nearOnly = undefined;
    this.whole = undefined;
  }

  update(bin: number): void {
    if (this.whole !== undefined) {
      this.whole.update(bin);
      return;
    }
    this.since.append(bin);
    this.nearOnly?.update(bin);
    if (this.since.length === MOST_DEFERRED) this.learnAll();
  }

  forecast(bins: number, levels?: readonly number[]): Forecast {
    return this.reaching(bins).forecast(bins, levels);
  }

  private reaching(bins: number): Forecaster {
    if (this.whole !== undefined) return this.whole;
    if (bins > this.near) return this.learnAll();
    this.nearOnly ??= this.learnt(this.near);
    return this.nearOnly;
  }

  private learnAll(): Forecaster {
    const whole = this.learnt(this.longest);
    this.whole = whole;
    this.nearOnly = undefined;
    this.since.clear();
    return whole;
  }

  private learnt(longestLead: number): Forecaster {
    const forecaster = this.make(longestLead);
    if (this.past !== undefined) forecaster.fit(this.past);
    for (let i = 0; i < this.since.length; i++) forecaster.update(this.since.data[i]);
    return forecaster;
  }
}
