import type { RunHistory } from "../history/run-history.js";
import type { OperatorAction } from "../state/ui-state.js";
import type { RunKind } from "../views/scene.js";

/** The kind of a watched source. */
export interface WatchSource {
  readonly kind: RunKind;
  /** One run, or two side by side. */
  readonly sides: readonly RunHistory[];
  /** Where the run ends; Infinity where that is not known. */
  readonly endMs: number;
  /** A notice to show, such as a lost connection; empty = none. */
  readonly trouble: string;
  /** A sentence for each user's policy that has failed to decide so far. */
  readonly failures: readonly string[];
  readonly takesActions: boolean;
  /** The instant up to which the run is known. */
  readonly reachedMs: number;
  /** Simulates or reads the run up to an instant, in at most about `budgetMs` of work. */
  advance(toMs: number, budgetMs: number): void;
  /** Brings the histories up to `reachedMs`, within a bin; called before a frame is drawn. */
  refresh(): void;
  /** Names of policies that can be compared with the first run; may be empty. */
  readonly others: readonly string[];
  /**
   * Shows the run of another policy, with the same seed, beside the first; undefined = the first
   * alone.
   */
  setBeside(policy: string | undefined): void;
  /** Sends a request to a live run; resolves to a message for the operator. */
  act(action: OperatorAction, id: number): Promise<string>;
  close(): void;
}
