import type { WriteListener } from "./line-file.js";

/**
 * Files and pages that a run writes besides its streams. A fault in one of them stops no stream.
 */
export const WRITTEN = ["run-log", "json-log", "history", "stderr"] as const;
export type Written = (typeof WRITTEN)[number];

/** Gets each change, for people and metrics. */
export interface WriteFaultListener {
  onWriteFault(what: Written, line: string): void;
  onWriteRestored(what: Written, line: string): void;
}

/** The files of a run that cannot be written now, and why. */
export class WriteFaults {
  private readonly failing = new Map<Written, string>();
  private listener: WriteFaultListener | undefined;
  private readonly sinceStart: [Written, string][] = [];

  /** Sets the listener; it gets earlier faults at once. */
  connect(listener: WriteFaultListener): void {
    this.listener = listener;
    for (const [what, line] of this.sinceStart.splice(0)) listener.onWriteFault(what, line);
  }

  /** One line for each that fails. */
  get reasons(): readonly string[] {
    return Array.from(this.failing.values());
  }

  fails(what: Written): boolean {
    return this.failing.has(what);
  }

  /** Reports a fault once, until it is restored. */
  fault(what: Written, place: string, reason: string): void {
    if (this.failing.has(what)) return;
    const line = `the ${NAMES[what]} cannot be written (${place}: ${reason}); streams go on`;
    this.failing.set(what, line);
    if (this.listener === undefined) this.sinceStart.push([what, line]);
    else this.listener.onWriteFault(what, line);
  }

  restored(what: Written, place: string, unwritten: number): void {
    if (!this.failing.delete(what)) return;
    const loss = unwritten === 0 ? "nothing was lost" : `${unwritten} records were lost`;
    this.listener?.onWriteRestored(what, `the ${NAMES[what]} is written again (${place}); ${loss}`);
  }

  listenerOf(what: Written, place: string): WriteListener {
    return {
      onFault: (reason) => this.fault(what, place, reason),
      onRestored: (unwritten) => this.restored(what, place, unwritten),
    };
  }
}

const NAMES: Readonly<Record<Written, string>> = {
  "run-log": "run log",
  "json-log": "structured log",
  history: "history",
  stderr: "terminal",
};
