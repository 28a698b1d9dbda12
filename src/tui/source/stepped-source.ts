import { RunHistory } from "../history/run-history.js";
import type { RunKind } from "../views/scene.js";
import type { SteppedRun } from "./stepped-run.js";
import type { WatchSource } from "./watch-source.js";

/**
 * A bin of a large world may take a second: it is simulated in parts, so that keys are handled
 * between them.
 */
const PARTS_OF_A_BIN = 8;

/**
 * Watches one or two runs that it drives itself. Both are at the same instant, to a bin; a run
 * that is added later catches up first.
 */
export class SteppedSource implements WatchSource {
  readonly takesActions = false;
  /** The end of the longest run shown so far: the cursor may be there. */
  endMs: number;
  private runs: readonly Stepper[];

  constructor(
    readonly kind: RunKind,
    run: SteppedRun,
    /** By policy: what makes another run on the same seed. */
    private readonly makers: ReadonlyMap<string, () => SteppedRun> = new Map(),
    /** Something that must be seen, once it is known. */
    private readonly warnings: readonly { readonly text: string }[] = [],
  ) {
    this.runs = [new Stepper(run)];
    this.endMs = run.facts.durationMs;
  }

  get sides(): readonly RunHistory[] {
    return this.runs.map(({ history }) => history);
  }

  get trouble(): string {
    return this.warnings.map(({ text }) => text).find((text) => text !== "") ?? "";
  }

  get failures(): readonly string[] {
    return this.runs.map(({ failure }) => failure).filter((sentence) => sentence !== "");
  }

  get others(): readonly string[] {
    return Array.from(this.makers.keys());
  }

  setBeside(policy: string | undefined): void {
    const make = policy === undefined ? undefined : this.makers.get(policy);
    this.runs = make === undefined ? [this.runs[0]] : [this.runs[0], new Stepper(make())];
    this.endMs = Math.max(this.endMs, ...this.sides.map(({ facts }) => facts.durationMs));
  }

  advance(toMs: number, budgetMs: number): void {
    const untilMs = performance.now() + budgetMs;
    const goalMs = Math.min(toMs, this.endMs);
    do {
      const hindmost = this.runs.reduce((a, b) => (b.knownMs < a.knownMs ? b : a));
      if (hindmost.knownMs >= goalMs) break;
      hindmost.step(goalMs);
    } while (performance.now() < untilMs);
  }

  get reachedMs(): number {
    return Math.min(this.endMs, ...this.runs.map((run) => run.knownMs));
  }

  refresh(): void {
    for (const run of this.runs) run.show();
  }

  act(): Promise<string> {
    return Promise.resolve("a simulation takes no requests");
  }

  close(): void {}
}

/** A run and its history. */
class Stepper {
  readonly history: RunHistory;
  private reachedMs = 0;

  constructor(private readonly run: SteppedRun) {
    this.history = new RunHistory(run.facts);
    this.history.add(run.sample());
  }

  get failure(): string {
    return this.run.failure?.() ?? "";
  }

  /** A finished run is known in full. */
  get knownMs(): number {
    return this.reachedMs >= this.history.facts.durationMs ? Number.POSITIVE_INFINITY : this.reachedMs;
  }

  /** At most to the end of the bin, which is sampled exactly. */
  step(goalMs: number): void {
    const { history } = this;
    const binEndMs = history.nextBinEndMs;
    const atMs = Math.min(goalMs, binEndMs, this.reachedMs + history.binMs / PARTS_OF_A_BIN);
    this.run.runTo(atMs);
    this.reachedMs = atMs;
    if (atMs >= binEndMs) history.add(this.run.sample());
  }

  /** Within a bin: the state now. */
  show(): void {
    if (this.history.frontierMs < this.reachedMs) this.history.add(this.run.sample());
  }
}
