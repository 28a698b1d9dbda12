import type { LossKind, LossLedger } from "./loss-ledger.js";

/** Shortest time between two lines on stderr, for any number of faults. */
const EVERY_MS = 1000;

const WORDS: Readonly<Record<LossKind, string>> = {
  streamlets: "streamlets ended",
  streams: "streams lost",
  requests: "requests not served",
  refusals: "launches refused",
};

/**
 * Counts of faults, at most one line a second: "streams lost: 5 crashed; streamlets ended: 1
 * crashed".
 */
export class TroubleLines {
  private readonly counts = new Map<LossKind, Map<string, number>>();
  private timer: NodeJS.Timeout | undefined;
  private writtenMs = Number.NEGATIVE_INFINITY;

  constructor(
    ledger: LossLedger,
    private readonly write: (line: string) => void,
  ) {
    ledger.onLoss = (kind, cause) => this.count(kind, cause);
  }

  /** Writes the rest. */
  close(): void {
    clearTimeout(this.timer);
    this.flush();
  }

  private count(kind: LossKind, cause: string): void {
    const causes = this.counts.get(kind) ?? new Map<string, number>();
    this.counts.set(kind, causes.set(cause, (causes.get(cause) ?? 0) + 1));
    // Related faults come within one turn of the event loop: a crash and its interrupted streams.
    this.timer ??= setTimeout(() => this.flush(), Math.max(20, this.writtenMs + EVERY_MS - performance.now()));
  }

  private flush(): void {
    this.timer = undefined;
    if (this.counts.size === 0) return;
    this.writtenMs = performance.now();
    const parts = Array.from(this.counts, ([kind, causes]) => {
      const list = Array.from(causes, ([cause, count]) => `${count} ${cause}`);
      return `${WORDS[kind]}: ${list.join(", ")}`;
    });
    this.counts.clear();
    this.write(parts.join("; "));
  }
}
