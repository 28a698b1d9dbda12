import { objectList } from "../../base/object-list.js";
import { type DecisionRecord, keptDecision, type PolicyFailureRecord } from "../../ports/telemetry.js";
import type { TrainerEvent } from "../../ports/training.js";
import { DecisionDigest } from "./decision-digest.js";
import { DecisionTally, type PolicyFailures } from "./decision-tally.js";

/** There are a few per day and pool. */
const TRAINER_EVENTS_KEPT = 1000;

/** Decisions kept for the report and for `--explain`; the reasons of all are counted. */
const DECISIONS_KEPT = 20_000;

/** What the policy of a run decided: counts and a digest of all decisions, and some of them. */
export class DecisionLog {
  /** Those that changed a count or were refused, at most DECISIONS_KEPT. */
  readonly decisions = objectList<DecisionRecord>();
  /** Of all decisions, whether they are kept or not. */
  readonly digest = new DecisionDigest();
  /** At most TRAINER_EVENTS_KEPT. */
  readonly trainerEvents: TrainerEvent[] = [];
  private readonly tally = new DecisionTally();
  private readonly lastDesired: number[] = [];

  constructor(private readonly keepDecisions: boolean) {}

  /** Decisions by reason, over the whole run. */
  get decisionReasons(): Readonly<Record<string, number>> {
    return this.tally.reasons;
  }

  get directionChanges(): readonly number[] {
    return this.tally.directionChanges;
  }

  get policyFailures(): PolicyFailures | undefined {
    return this.tally.failures;
  }

  add(decision: DecisionRecord): void {
    const reason = decision.refusal === "" ? decision.reason : `${decision.reason} (${decision.refusal})`;
    this.tally.countReason(decision.pool, reason);
    this.tally.countDesired(decision.pool, decision.desired);
    this.digest.add(decision);
    if (!this.keepDecisions || this.decisions.length >= DECISIONS_KEPT) return;
    const changed = decision.desired !== this.lastDesired[decision.pool];
    this.lastDesired[decision.pool] = decision.desired;
    if (changed || decision.refusal !== "") this.decisions.push(keptDecision(decision));
  }

  addTrainerEvent(event: TrainerEvent): void {
    if (this.trainerEvents.length < TRAINER_EVENTS_KEPT) this.trainerEvents.push(event);
  }

  /** The policy was asked for a decision. */
  ask(): void {
    this.tally.ask();
  }

  fail(failure: PolicyFailureRecord): void {
    this.tally.fail(failure);
  }
}
