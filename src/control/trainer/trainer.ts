import type { RandomStream } from "../../base/random.js";
import { mean } from "../../base/statistics.js";
import type { Forecast, Forecaster, Series, TrainableForecaster } from "../../ports/forecaster.js";
import type { TrainerEvent, Training, TrainingOutcome, TrainingRequest } from "../../ports/training.js";
import { BinWatch } from "./bin-watch.js";
import { Candidate } from "./candidate.js";
import { type Change, Jury } from "./jury.js";
import { runTraining } from "./run-training.js";
import { type HistoryLog, SeriesHistory } from "./series-history.js";

export interface TrainerSpec {
  /** Names the series in events. */
  readonly series: string;
  /** The first serves at the start. */
  readonly candidates: readonly string[];
  /**
   * Candidates that learn too slowly to do it inline, as at the start. They shadow once their first
   * training has ended. Never the first candidate.
   */
  readonly slow: readonly string[];
  /** The candidate that sets the limit: the serving model may not cost more over a day. */
  readonly benchmark: string;
  readonly retrainEveryBins: number;
  /** Retrainings of several series are spread: this one's come `offsetBins` later. */
  readonly offsetBins: number;
  /** The lead that is provisioned for, and τ = c_under/(c_under + c_over). */
  readonly leadBins: number;
  readonly level: number;
  readonly historyDays: number;
  /** Days of walk-forward backtest at the start. */
  readonly backtestDays: number;
}

export const defaultTrainerSpec = {
  candidates: ["ensemble", "seasonal-naive-day"],
  slow: [],
  benchmark: "seasonal-naive-day",
  offsetBins: 0,
  leadBins: 1,
  level: 0.9,
  historyDays: 28,
  backtestDays: 7,
} as const;

export interface TrainerParts {
  /** A forecaster without history by name. */
  readonly make: (name: string) => TrainableForecaster;
  readonly training: Training;
  readonly nowMs: () => number;
  readonly random: RandomStream;
  readonly report: (event: TrainerEvent) => void;
  readonly log?: HistoryLog;
}

const DAY_MS = 86_400_000;
const WATCHED = [0.05, 0.5];

/**
 * Trains, judges and replaces the forecaster of one series. It collects the bins, has the
 * candidates trained on a schedule, and lets all of them forecast each bin. One serves, the others
 * shadow; the costs decide which one serves. It is itself a forecaster, so a policy uses it like
 * any other.
 */
export class Trainer implements Forecaster {
  readonly name = "trained";
  private history: SeriesHistory;
  private candidates: Candidate[] = [];
  private champion = 0;
  private readonly watch = new BinWatch();
  private jury: Jury;
  private binMs = 300_000;
  private dayBins = 288;
  /**
   * A training under way learns from the bins before this one; −1 = none. There is never a second
   * one.
   */
  private trainingFrom = -1;
  private lastTrainedAt = 0;

  constructor(
    private readonly spec: TrainerSpec,
    private readonly parts: TrainerParts,
  ) {
    this.history = new SeriesHistory(0, this.binMs, 1);
    this.jury = new Jury(spec.benchmark, this.dayBins, parts.random);
    this.start({ startMs: 0, binMs: this.binMs, values: new Float64Array(0) });
  }

  /** The name of the forecaster that serves. */
  get serving(): string {
    return this.candidates[this.champion].name;
  }

  /**
   * Learns at once from the bins before the start: nothing is served yet, so nothing waits for it.
   * The backtest chooses the first champion.
   */
  fit(past: Series): void {
    this.start(past);
    const quick = this.candidates.filter((candidate) => candidate.stage === "trained");
    const backtestBins = Math.min(this.spec.backtestDays * this.dayBins, Math.floor(past.values.length / 2));
    const request = { ...this.request(backtestBins), candidates: quick.map((candidate) => candidate.name) };
    const { states, costs } = runTraining(request, this.parts.make);
    quick.forEach((candidate, c) => {
      candidate.forecaster.restore(request.history, states[c]);
      candidate.adopt(costs[c], this.history.length);
    });
    this.issueForecasts();
    this.report("started", request.backtestBins > 0 ? "backtest" : "no-backtest", { bins: past.values.length });
    this.change(this.jury.atStart(this.candidates, this.champion, this.history.length));
    if (quick.length < this.candidates.length && past.values.length > 0) this.train();
  }

  update(bin: number): void {
    const index = this.history.length;
    const value = this.checked(bin);
    this.history.append(value);
    this.parts.log?.append(index, value);
    for (const candidate of this.candidates) {
      candidate.judge(index, value);
      candidate.forecaster.update(value);
    }
    this.issueForecasts();
    this.change(this.jury.daily(this.candidates, this.champion, index + 1));
    this.schedule(index + 1);
  }

  forecast(bins: number, levels?: readonly number[]): Forecast {
    return this.candidates[this.champion].forecaster.forecast(bins, levels);
  }

  private start(past: Series): void {
    const { spec } = this;
    this.binMs = past.binMs;
    this.dayBins = Math.max(1, Math.round(DAY_MS / past.binMs));
    this.history = new SeriesHistory(past.startMs, past.binMs, Math.max(1, spec.historyDays * this.dayBins));
    for (const value of past.values) this.history.append(value);
    this.jury = new Jury(spec.benchmark, this.dayBins, this.parts.random);
    const { leadBins, level } = spec;
    const trial = { leadBins, level, keptBins: Math.max(spec.backtestDays, Jury.days) * this.dayBins };
    this.candidates = spec.candidates.map((name) => new Candidate(name, this.parts.make(name), trial));
    for (const candidate of this.candidates)
      candidate.stage = spec.slow.includes(candidate.name) ? "untrained" : "trained";
    this.champion = 0;
    this.lastTrainedAt = past.values.length;
  }

  private issueForecasts(): void {
    for (const candidate of this.candidates) candidate.issue(this.history.length);
  }

  /** NaN for a bin that is no measurement. */
  private checked(bin: number): number {
    const before = this.watch.outageBins;
    const { quantiles } = this.forecast(1, WATCHED);
    const verdict = this.watch.look(bin, quantiles[1][0], quantiles[0][0]);
    if (verdict.kind === "unknown") {
      if (before === 0) this.report("outage", verdict.reason);
      return Number.NaN;
    }
    if (before > 0) this.report("recovered", "bins-are-known-again", { unknownBins: before });
    return bin;
  }

  private schedule(length: number): void {
    const due = (length + this.spec.offsetBins) % this.spec.retrainEveryBins === 0;
    const drifted = this.jury.drifted(this.candidates[this.champion], length, length - this.lastTrainedAt);
    if (drifted !== undefined) this.report("drift", drifted.reason, drifted.details);
    if ((!due && drifted === undefined) || this.trainingFrom >= 0) return;
    this.train();
  }

  private train(): void {
    this.trainingFrom = this.history.length;
    const request = this.request(0);
    this.parts.training.train(request, (outcome) => this.deliver(request, outcome));
  }

  private request(backtestBins: number): TrainingRequest {
    const { series, candidates, leadBins, level } = this.spec;
    return { series, candidates, history: this.history.snapshot(), backtestBins, leadBins, level };
  }

  /**
   * A training has ended. A newly trained forecaster replaces each old one, after an update with
   * the bins since.
   */
  private deliver(request: TrainingRequest, outcome: TrainingOutcome): void {
    const from = this.trainingFrom;
    this.trainingFrom = -1;
    this.lastTrainedAt = from;
    if (outcome.kind === "failed") {
      this.report("training-failed", outcome.reason);
      return;
    }
    const since = this.history.since(from);
    this.candidates.forEach((candidate, c) => {
      const fresh = this.parts.make(candidate.name);
      fresh.restore(request.history, outcome.result.states[c]);
      for (const bin of since) fresh.update(bin);
      candidate.forecaster = fresh;
      candidate.stage = "trained";
    });
    this.report("trained", "schedule-or-drift", { bins: request.history.values.length, caughtUpBins: since.length });
  }

  private change(change: Change | undefined): void {
    if (change === undefined) return;
    this.champion = change.to;
    this.report(change.kind, change.reason, change.details);
  }

  private report(kind: TrainerEvent["kind"], reason: string, details?: Readonly<Record<string, number>>): void {
    const { series } = this.spec;
    const costs = kind === "outage" || kind === "recovered" ? undefined : this.costs();
    this.parts.report({
      atMs: this.parts.nowMs(),
      series,
      kind,
      champion: this.serving,
      reason,
      ...(details === undefined ? {} : { details }),
      ...(costs === undefined ? {} : { costs }),
    });
  }

  /**
   * The mean cost of each candidate over the bins that the jury uses. A candidate without known
   * costs is left out.
   */
  private costs(): Readonly<Record<string, number>> {
    const bins = Jury.days * this.dayBins;
    const costs: Record<string, number> = {};
    for (const candidate of this.candidates) {
      const known = candidate.recent(this.history.length, bins).filter((cost) => !Number.isNaN(cost));
      if (known.length > 0) costs[candidate.name] = mean(known);
    }
    return costs;
  }
}
