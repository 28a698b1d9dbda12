const PERIOD_MS = 1000;

/** Progress as JSON lines on stderr, at most one a second: for programs that watch a sweep. */
export class ProgressLines {
  private readonly beganAt = performance.now();
  private shownAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly isQuiet: boolean) {}

  readonly show = (share: number): void => {
    const now = performance.now();
    if (this.isQuiet || now - this.shownAt < PERIOD_MS) return;
    this.shownAt = now;
    const elapsedMs = Math.round(now - this.beganAt);
    const leftMs = share > 0 ? Math.round((elapsedMs * (1 - share)) / share) : null;
    process.stderr.write(`${JSON.stringify({ share: Number(share.toFixed(4)), elapsedMs, leftMs })}\n`);
  };

  clear(): void {}
}
