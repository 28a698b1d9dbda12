import type { TrainerEvent } from "../ports/training.js";

/** A change of the serving forecaster. */
interface ChampionChange {
  readonly atMs: number;
  readonly kind: "promoted" | "demoted";
  /** The forecaster in use from then on. */
  readonly champion: string;
  readonly reason: string;
  /**
   * Details of the event: the ratio of costs, the upper end of its interval, the judged days, or
   * the day's costs.
   */
  readonly details: Readonly<Record<string, number>>;
}

/** What a trainer did for one series in a run. */
export interface TrainerSummary {
  readonly series: string;
  /** The serving forecasters at the start and at the end. */
  readonly startedWith: string;
  readonly champion: string;
  readonly trainings: number;
  readonly failedTrainings: number;
  readonly drifts: number;
  readonly outages: number;
  /**
   * Mean newsvendor cost per bin, in requests, of each candidate over at most the last week before
   * its last event.
   */
  readonly costs: Readonly<Record<string, number>>;
  readonly changes: readonly ChampionChange[];
}

/** Changes kept per series: a demotion takes a day, so two years of them. */
const MOST_CHANGES = 730;

/** One summary per series, in the order in which they started. */
export function trainerSummaries(events: readonly TrainerEvent[]): TrainerSummary[] {
  return [...new Set(events.map((event) => event.series))].map((series) => {
    const own = events.filter((event) => event.series === series);
    const count = (kind: TrainerEvent["kind"]): number => own.filter((event) => event.kind === kind).length;
    return {
      series,
      startedWith: own[0].champion,
      champion: own[own.length - 1].champion,
      trainings: count("trained"),
      failedTrainings: count("training-failed"),
      drifts: count("drift"),
      outages: count("outage"),
      costs: own.findLast((event) => event.costs !== undefined)?.costs ?? {},
      changes: own.flatMap(asChange).slice(0, MOST_CHANGES),
    };
  });
}

function asChange({ atMs, kind, champion, reason, details }: TrainerEvent): ChampionChange[] {
  return kind === "promoted" || kind === "demoted" ? [{ atMs, kind, champion, reason, details: details ?? {} }] : [];
}
