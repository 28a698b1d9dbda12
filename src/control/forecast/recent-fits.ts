import type { FitMemory, ForecasterState, Series, TrainableForecaster } from "../../ports/forecaster.js";

/**
 * Fits that are remembered: the pools and parents of the last few worlds. One of two weeks takes
 * about 1 MB.
 */
const MOST_FITS = 64;

interface KnownFit {
  readonly name: string;
  readonly longestLead: number | undefined;
  readonly series: Series;
  readonly state: ForecasterState;
}

/**
 * What forecasters learnt from which history. Runs of one replication see the same past whatever
 * their policy, so a study of
 * twelve knobs needs one fit instead of twelve. `restore` gives the same bits as `fit` and takes a
 * seventh of its time.
 */
export class RecentFits implements FitMemory {
  /** The latest use last. */
  private known: KnownFit[] = [];

  fit(forecaster: TrainableForecaster, series: Series): void {
    const { name, longestLead } = forecaster;
    const at = this.known.findIndex(
      (each) => each.name === name && each.longestLead === longestLead && isSame(each.series, series),
    );
    if (at < 0) {
      forecaster.fit(series);
      this.remember({ name, longestLead, series: copyOf(series), state: forecaster.state() });
      return;
    }
    const [hit] = this.known.splice(at, 1);
    forecaster.restore(series, hit.state);
    this.known.push(hit);
  }

  private remember(fit: KnownFit): void {
    this.known.push(fit);
    if (this.known.length > MOST_FITS) this.known.shift();
  }
}

function isSame(a: Series, b: Series): boolean {
  return (
    a.startMs === b.startMs &&
    a.binMs === b.binMs &&
    a.values.length === b.values.length &&
    a.values.every((value, i) => Object.is(value, b.values[i]))
  );
}

function copyOf(series: Series): Series {
  return { ...series, values: series.values.slice() };
}
