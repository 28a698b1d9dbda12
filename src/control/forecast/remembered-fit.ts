import type { FitMemory, Forecast, Forecaster, Series, TrainableForecaster } from "../../ports/forecaster.js";

/**
 * A forecaster whose fits are looked up in a memory first. It forecasts what the forecaster inside
 * would.
 */
export class RememberedFit implements Forecaster {
  constructor(
    private readonly forecaster: TrainableForecaster,
    private readonly memory: FitMemory,
  ) {}

  get name(): string {
    return this.forecaster.name;
  }

  fit(history: Series): void {
    this.memory.fit(this.forecaster, history);
  }

  update(bin: number): void {
    this.forecaster.update(bin);
  }

  forecast(bins: number, levels?: readonly number[]): Forecast {
    return this.forecaster.forecast(bins, levels);
  }
}
