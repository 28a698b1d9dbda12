import { failureSentence, failureSummary } from "../../experiment/policy-failures.js";
import type { FeedReading } from "../../live/watch/watch-feed.js";
import { RunHistory } from "../history/run-history.js";
import type { OperatorAction } from "../state/ui-state.js";
import type { WatchSource } from "./watch-source.js";

/** The history begins with bins of a second. */
const BIN_MS = 1000;

/** Reads a live run, and sends requests to it. */
export interface Feed {
  /** Rejects where the run cannot be reached now. */
  read(): Promise<FeedReading>;
  /** Undefined if this feed takes no requests. Resolves to a message for the operator. */
  readonly act: ((action: OperatorAction, id: number) => Promise<string>) | undefined;
}

/** Watches a live run by polling it. A failed poll is tried again. */
export class FeedSource implements WatchSource {
  readonly kind = "live";
  readonly others: readonly string[] = [];
  failures: readonly string[] = [];
  trouble = "";
  private readonly history: RunHistory;
  private seenDecisions: number;
  private seenFaults: number;
  private isReading = false;
  private nextReadAtMs = 0;

  constructor(
    private readonly feed: Feed,
    first: FeedReading,
    /** Between two readings. */
    private readonly everyMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.history = new RunHistory(first.facts, BIN_MS);
    const { newDecisions, newFaults } = first.sample;
    this.seenDecisions = first.decisions - newDecisions.length;
    this.seenFaults = first.faults - newFaults.length;
    this.take(first);
  }

  get sides(): readonly RunHistory[] {
    return [this.history];
  }

  get endMs(): number {
    return this.history.facts.durationMs;
  }

  get takesActions(): boolean {
    return this.feed.act !== undefined;
  }

  /** Begins a reading when it is time for one; its result is there later. */
  advance(): void {
    if (this.isReading || this.now() < this.nextReadAtMs) return;
    this.isReading = true;
    this.nextReadAtMs = this.now() + this.everyMs;
    void this.feed
      .read()
      .then(
        (reading) => this.take(reading),
        (error: unknown) => {
          this.trouble = `${error instanceof Error ? error.message : String(error)}: trying again`;
        },
      )
      .finally(() => {
        this.isReading = false;
      });
  }

  get reachedMs(): number {
    return this.history.frontierMs;
  }

  refresh(): void {}

  setBeside(): void {}

  act(action: OperatorAction, id: number): Promise<string> {
    const { feed } = this;
    if (feed.act === undefined) return Promise.resolve("this run takes no requests");
    return feed.act(action, id).catch((error: unknown) => `${action} failed: ${String(error)}`);
  }

  close(): void {}

  private take({ facts, sample, decisions, faults, isDraining, policyFailures }: FeedReading): void {
    if (facts.seed !== this.history.facts.seed || decisions < this.seenDecisions) {
      this.trouble = "another run is at this address now: start watch again";
      return;
    }
    if (policyFailures !== undefined)
      this.failures = [failureSentence(facts.policy, failureSummary([policyFailures], 1))];
    this.trouble = isDraining ? "the gateway takes no new streams: the run is ending" : "";
    // The events that are new since the last reading; if there were very many, the oldest are
    // lost.
    const newDecisions = lastOf(sample.newDecisions, decisions - this.seenDecisions);
    const newFaults = lastOf(sample.newFaults, faults - this.seenFaults);
    this.seenDecisions = decisions;
    this.seenFaults = faults;
    this.history.add({ ...sample, newDecisions, newFaults });
  }
}

function lastOf<T>(list: readonly T[], count: number): readonly T[] {
  return count <= 0 ? [] : list.slice(-count);
}
