import type { WatchFeed } from "../../live/watch/watch-feed.js";
import { FeedSource } from "./feed-source.js";

const EVERY_MS = 250;

/** Watches the live run of this process; the operator may drain and terminate streamlets. */
export function ownSource(feed: WatchFeed): FeedSource {
  const read = async () => {
    const reading = feed.read(false);
    if (reading === undefined) throw new Error("the run has not begun yet");
    return reading;
  };
  const first = feed.read(false);
  if (first === undefined) throw new Error("the run has not begun yet");
  const act = async (ask: "drain" | "terminate", id: number): Promise<string> => {
    feed.ask({ ask, id });
    return `${ask} of streamlet ${id}: the control plane was asked`;
  };
  return new FeedSource({ read, act }, first, EVERY_MS);
}
