import type { ControlPlane } from "../../control/control-plane.js";
import { scenarioReplacer, scenarioReviver } from "../../experiment/scenario-codec.js";
import type { DecisionRecord, Telemetry } from "../../ports/telemetry.js";
import { DecisionTally, type PolicyFailures } from "../../world/recorder/decision-tally.js";
import type { SloMinutes } from "../../world/recorder/slo-minutes.js";
import { TelemetryTee } from "../../world/telemetry-tee.js";
import { FleetWatch } from "../../world/watch/fleet-watch.js";
import type { RunFacts } from "../../world/watch/run-facts.js";
import type { FaultEvent, Sample } from "../../world/watch/sample.js";
import { noTelemetry } from "../run/no-telemetry.js";
import type { OperatorRequest } from "../wire/messages.js";

/**
 * Most decisions and faults in a reading: at one reading per second, bursts up to 200 are
 * complete.
 */
const REPEATED = 200;
/** Raised when a reading changes: other versions cannot show it. */
const FEED_FORMAT = 1;

/** The parts of a live run that are watched. */
export interface WatchedRun {
  readonly control: ControlPlane;
  readonly slo: SloMinutes | undefined;
  /** Port of the manager's API. */
  readonly managerPort: number;
  /** The run's clock, and the instant of the event being handled, which may be earlier. */
  nowMs(): number;
  eventMs(): number;
  /** Injects an operator's request. */
  ask(request: OperatorRequest): void;
}

/**
 * A live run at one instant. The sample holds the last decisions and faults; the counts give
 * their totals, so that a reader knows which are new.
 */
export interface FeedReading {
  readonly facts: RunFacts;
  readonly sample: Sample;
  readonly decisions: number;
  readonly faults: number;
  /** Port of the manager's API. */
  readonly managerPort: number;
  readonly isDraining: boolean;
  /** Absent if each decision of the policy was taken. */
  readonly policyFailures?: PolicyFailures;
}

/** Watches a live run and gives readings of it; several may read. */
export class WatchFeed {
  readonly telemetry: Telemetry;
  private readonly watch: FleetWatch;
  private run: WatchedRun | undefined;
  private lastDecisions: readonly DecisionRecord[] = [];
  private lastFaults: readonly FaultEvent[] = [];
  private decisions = 0;
  private faults = 0;
  private readonly tally = new DecisionTally();

  constructor(private readonly facts: RunFacts) {
    this.watch = new FleetWatch(facts, { nowMs: () => this.run?.eventMs() ?? 0 });
    this.telemetry = new TelemetryTee(this.watch, {
      ...noTelemetry,
      onPolicyAsked: () => this.tally.ask(),
      onPolicyFailure: (failure) => this.tally.fail(failure),
    });
  }

  connect(run: WatchedRun): void {
    this.run = run;
  }

  /** Undefined before the run is up. */
  read(isDraining: boolean): FeedReading | undefined {
    const { run, facts } = this;
    if (run === undefined) return undefined;
    const sample = this.watch.sample(run);
    this.decisions += sample.newDecisions.length;
    this.faults += sample.newFaults.length;
    this.lastDecisions = [...this.lastDecisions, ...sample.newDecisions].slice(-REPEATED);
    this.lastFaults = [...this.lastFaults, ...sample.newFaults].slice(-REPEATED);
    const { decisions, faults, lastDecisions, lastFaults } = this;
    const now = { ...sample, atMs: run.nowMs(), newDecisions: lastDecisions, newFaults: lastFaults };
    const { failures } = this.tally;
    const policy = failures === undefined ? {} : { policyFailures: failures };
    return { facts, sample: now, decisions, faults, managerPort: run.managerPort, isDraining, ...policy };
  }

  /** An operator's request, from within this process. */
  ask(request: OperatorRequest): void {
    this.run?.ask(request);
  }
}

/** A reading as one line of JSON. */
export function encodeReading(reading: FeedReading): string {
  return JSON.stringify({ format: FEED_FORMAT, ...reading }, (key, value: unknown) =>
    value instanceof Uint32Array || value instanceof Uint8Array
      ? { $counts: Array.from(value), wide: value instanceof Uint32Array }
      : scenarioReplacer(key, value),
  );
}

/** The inverse; undefined where the text is no reading of this format. */
export function decodeReading(text: string): FeedReading | undefined {
  try {
    const found = JSON.parse(text, (key, value: unknown) => {
      const { $counts, wide } = (value ?? {}) as { $counts?: number[]; wide?: boolean };
      if (!Array.isArray($counts)) return scenarioReviver(key, value);
      return wide === true ? Uint32Array.from($counts) : Uint8Array.from($counts);
    }) as FeedReading & { readonly format?: unknown };
    return found.format === FEED_FORMAT && isConsistent(found) ? withUndefined(found) : undefined;
  } catch {
    return undefined;
  }
}

/** JSON has no undefined: in a list it becomes null. */
function withUndefined(reading: FeedReading): FeedReading {
  const { sample } = reading;
  const lastDecisions = sample.lastDecisions.map((one) => one ?? undefined);
  const outlooks = sample.outlooks.map((one) => one ?? undefined);
  return { ...reading, sample: { ...sample, lastDecisions, outlooks } };
}

/** Every pool has its figures, waits and streamlets: views rely on it. */
function isConsistent({ facts, sample, decisions, faults, managerPort, policyFailures }: FeedReading): boolean {
  const pools = facts.pools.length;
  const lists = [sample.figures, sample.waits, sample.streamlets, sample.outlooks];
  return (
    pools > 0 &&
    lists.every((list) => list.length === pools) &&
    sample.figures.every((one) => one instanceof Float64Array) &&
    sample.waits.every((one) => one instanceof Uint32Array) &&
    sample.streamlets.every(({ ids, cells }) => ids.length === cells.length) &&
    [sample.atMs, decisions, faults, managerPort].every((value) => Number.isFinite(value)) &&
    [sample.newDecisions, sample.newFaults, sample.violatingMinutes, sample.losses].every(Array.isArray) &&
    (policyFailures === undefined || areFailures(policyFailures))
  );
}

function areFailures({ count, asked, first }: PolicyFailures): boolean {
  const { atMs, message, at } = first;
  return (
    [count, asked, atMs].every((value) => Number.isFinite(value)) &&
    typeof message === "string" &&
    (at === undefined || typeof at === "string")
  );
}
