import { SlidingSample } from "./sliding-sample.js";

/** Residuals kept: a week of 5-minute bins. */
const MOST = 2016;
/** How many residuals the assumption made before there are any is worth. */
const PRIOR_RESIDUALS = 10;
/**
 * With n independent residuals their median is shrunk by n/(n + this): few residuals predict
 * little.
 */
const MEDIAN_PRIOR = 100;

/**
 * The residuals of the forecasts at one lead, in units of the spread assumed when the forecast was
 * made, and the bins that they cover.
 */
export class Residuals {
  private readonly sample = new SlidingSample(MOST);
  /** Bins behind the residuals. More than their number if only every n-th forecast was replayed. */
  covered = 0;

  /** There is one independent residual per `dependentBins` bins. */
  constructor(private readonly dependentBins: number) {}

  get size(): number {
    return this.sample.size;
  }

  get mean(): number {
    return this.sample.mean;
  }

  /** The residual of one forecast in `every` bins. */
  add(residual: number, every: number): void {
    this.sample.add(residual);
    this.covered = Math.min(MOST * every, this.covered + every);
  }

  clear(): void {
    this.sample.clear();
    this.covered = 0;
  }

  /** From the oldest to the newest. */
  inOrder(): Float64Array {
    return this.sample.inOrder();
  }

  load(residuals: Float64Array, covered: number): void {
    for (const residual of residuals) this.sample.add(residual);
    this.covered = covered;
  }

  /**
   * The quantile of the residuals at `level`, widened because few of them are independent (the
   * predictive quantile of n values lies at τ(n + 1)/n: Vovk, Gammerman, Shafer 2005). While there
   * are too few of them it is drawn towards `assumed`.
   */
  quantile(level: number, assumed: number): number {
    const { sample } = this;
    const n = sample.size;
    const independent = Math.max(1, this.covered / this.dependentBins);
    const median = sample.quantile(0.5);
    const known = sample.quantile(widened(level, independent)) - median * (MEDIAN_PRIOR / (independent + MEDIAN_PRIOR));
    if (n >= MOST / 4) return known;
    return (n * known + PRIOR_RESIDUALS * assumed) / (n + PRIOR_RESIDUALS);
  }
}

/**
 * The level whose sample quantile among n independent values covers `level`, at most half-way to
 * the end; symmetric about the median.
 */
function widened(level: number, n: number): number {
  const wide = 0.5 + (level - 0.5) * (1 + 2.25 / n);
  return level >= 0.5 ? Math.min(wide, (1 + level) / 2) : Math.max(wide, level / 2);
}
