import type { WatchFeed } from "../live/watch/watch-feed.js";

/** Messages that are kept while the picture is up; the oldest are dropped. */
const MOST_LINES = 500;

/**
 * The picture of a live run in the run's own process. Messages wait while it is up. `q` closes it
 * and the run continues; Ctrl-C ends the run, as without a picture.
 */
export class LivePicture {
  private readonly closing = new AbortController();
  private kept: string[] | undefined;
  private up: Promise<void> | undefined;

  constructor(private readonly print: (line: string) => void) {}

  notice(line: string): void {
    if (this.kept === undefined) {
      this.print(line);
      return;
    }
    this.kept.push(line);
    if (this.kept.length > MOST_LINES) this.kept.shift();
  }

  open(feed: WatchFeed): void {
    this.kept = [];
    this.up = this.show(feed).finally(() => {
      const lines = this.kept ?? [];
      this.kept = undefined;
      for (const line of lines) this.print(line);
    });
  }

  /** Closes the picture, since the run has ended. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.up;
  }

  private async show(feed: WatchFeed): Promise<void> {
    const [{ watch }, { ownSource }] = await Promise.all([
      import("../tui/run/watch.js"),
      import("../tui/source/own-feed.js"),
    ]);
    const end = await watch(ownSource(feed), 0, this.closing.signal);
    if (end === "quit" && !this.closing.signal.aborted)
      this.notice("the picture is closed; the run goes on, Ctrl-C ends it");
    if (end === "interrupted" && !this.closing.signal.aborted) process.kill(process.pid, "SIGINT");
  }
}
