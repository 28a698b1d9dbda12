/** Redraws at most this often. */
const PERIOD_MS = 100;
const WIDTH = 30;

/**
 * One line of progress on stderr: a bar on a terminal, a line per tenth elsewhere, nothing when
 * quiet.
 */
export class ProgressBar {
  private drawnAtMs = 0;
  private tenth = 0;
  private readonly startedAtMs = Date.now();

  constructor(
    private readonly label: string,
    private readonly quiet: boolean,
  ) {}

  readonly show = (share: number): void => {
    if (this.quiet) return;
    const nowMs = Date.now();
    if (process.stderr.isTTY) {
      if (nowMs - this.drawnAtMs < PERIOD_MS && share < 1) return;
      this.drawnAtMs = nowMs;
      const filled = Math.round(share * WIDTH);
      const elapsedS = (nowMs - this.startedAtMs) / 1000;
      const leftS = share > 0.02 ? `${Math.ceil((elapsedS * (1 - share)) / share)} s left` : "";
      process.stderr.write(
        `\r${this.label} ${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${Math.floor(share * 100)} % ${leftS}   `,
      );
    } else if (Math.floor(share * 10) > this.tenth) {
      this.tenth = Math.floor(share * 10);
      process.stderr.write(`${this.label} ${this.tenth * 10} %\n`);
    }
  };

  clear(): void {
    if (!this.quiet && process.stderr.isTTY) process.stderr.write(`\r${" ".repeat(this.label.length + WIDTH + 30)}\r`);
  }
}
