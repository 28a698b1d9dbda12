import type { LossKind, LossLedger } from "./loss-ledger.js";

/** A line for people comes at most this often, however much goes wrong. */
const EVERY_MS = 1000;

const WORDS: Readonly<Record<LossKind, string>> = {
  streamlets: "streamlets ended",
  streams: "streams lost",
  requests: "requests not served",
  refusals: "launches refused",
};

/**
 * Says what goes wrong while it does: "streams lost: 5 crashed; streamlets ended: 1 crashed", at
 * most one line a second.
 */
export class TroubleLines {
  private readonly counts = new Map<LossKind, Map<string, number>>();
  private timer: NodeJS.Timeout | undefined;
  private saidMs = Number.NEGATIVE_INFINITY;

  constructor(
    ledger: LossLedger,
    private readonly say: (line: string) => void,
  ) {
    ledger.onLoss = (kind, cause) => this.count(kind, cause);
  }

  /** Says the rest. */
  close(): void {
    clearTimeout(this.timer);
    this.flush();
  }

  private count(kind: LossKind, cause: string): void {
    const causes = this.counts.get(kind) ?? new Map<string, number>();
    this.counts.set(kind, causes.set(cause, (causes.get(cause) ?? 0) + 1));
    // What belongs together comes within one turn: a crash and the streams that it cost.
    this.timer ??= setTimeout(() => this.flush(), Math.max(20, this.saidMs + EVERY_MS - performance.now()));
  }

  private flush(): void {
    this.timer = undefined;
    if (this.counts.size === 0) return;
    this.saidMs = performance.now();
    const parts = Array.from(this.counts, ([kind, causes]) => {
      const list = Array.from(causes, ([cause, count]) => `${count} ${cause}`);
      return `${WORDS[kind]}: ${list.join(", ")}`;
    });
    this.counts.clear();
    this.say(parts.join("; "));
  }
}
