import { objectList } from "../../base/object-list.js";
import type { PolicyFailureRecord } from "../../ports/telemetry.js";

/** Different reasons that are counted one by one; the built-in policies have about a dozen each. */
const REASONS_KEPT = 1000;
const OTHER_REASONS = "other reasons";

interface ReasonCount {
  decisions: number;
}

/** How often a policy failed to decide, and its first failure. */
export interface PolicyFailures {
  readonly count: number;
  /** Times that the policy was asked. */
  readonly asked: number;
  readonly first: PolicyFailureRecord;
}

/** Counts a policy's decisions by reason, and its failures. A reason may be any text. */
export class DecisionTally {
  private readonly counts = new Map<string, ReasonCount>();
  /** By pool, the latest reason and its count: most decisions have the reason of the one before. */
  private readonly lastReasons = objectList<string>();
  private readonly lastCounts = objectList<ReasonCount>();
  private readonly desired: number[] = [];
  private readonly directions: number[] = [];
  private readonly turns: number[] = [];
  private asked = 0;
  private failed = 0;
  private first: PolicyFailureRecord | undefined;

  /** A policy whose reasons never repeat must not fill the memory. */
  countReason(pool: number, reason: string): void {
    if (reason !== this.lastReasons[pool]) {
      this.lastReasons[pool] = reason;
      this.lastCounts[pool] = this.countOf(reason);
    }
    this.lastCounts[pool].decisions++;
  }

  private countOf(reason: string): ReasonCount {
    const known = this.counts.get(reason);
    if (known !== undefined) return known;
    const kept = this.counts.size < REASONS_KEPT ? reason : OTHER_REASONS;
    const count = this.counts.get(kept) ?? { decisions: 0 };
    this.counts.set(kept, count);
    return count;
  }

  /** The desired count of a pool: counts each turn from growing to shrinking or back. */
  countDesired(pool: number, desired: number): void {
    const change = desired - (this.desired[pool] ?? desired);
    this.desired[pool] = desired;
    this.turns[pool] ??= 0;
    if (change === 0) return;
    const direction = Math.sign(change);
    if (direction === -(this.directions[pool] ?? 0)) this.turns[pool]++;
    this.directions[pool] = direction;
  }

  /** Turns so far by pool. */
  get directionChanges(): readonly number[] {
    return this.turns;
  }

  ask(): void {
    this.asked++;
  }

  fail(failure: PolicyFailureRecord): void {
    this.failed++;
    this.first ??= failure;
  }

  /** Decisions by reason. */
  get reasons(): Readonly<Record<string, number>> {
    return Object.fromEntries(Array.from(this.counts, ([reason, { decisions }]) => [reason, decisions]));
  }

  /** Undefined where no decision failed. */
  get failures(): PolicyFailures | undefined {
    return this.first === undefined ? undefined : { count: this.failed, asked: this.asked, first: this.first };
  }
}
