// The gateway's pages: /health (alive, or degraded), /ready (whether pools have room), /metrics,
// /watch (data for `headrace watch`).
import type { Page } from "../gateway/gateway-server.js";
import type { LiveWatch } from "../watch/live-watch.js";
import { encodeReading, type WatchFeed } from "../watch/watch-feed.js";
import type { GatewayState } from "./gateway-state.js";

/** Undefined: there is no such page. */
export function gatewayPage(
  path: string,
  { metrics, feed }: Pick<LiveWatch, "metrics" | "feed">,
  state: () => GatewayState,
): Promise<Page> | undefined {
  if (path === "/metrics") return metrics.page();
  if (path === "/watch") return Promise.resolve(watchPage(feed, state()));
  if (path === "/health") return Promise.resolve(healthPage(state()));
  return path === "/ready" ? Promise.resolve(readyPage(state())) : undefined;
}

function healthPage({ degraded }: GatewayState): Page {
  return json(200, degraded.length === 0 ? { status: "up" } : { status: "degraded", reasons: degraded });
}

function watchPage(feed: WatchFeed, { isDraining }: GatewayState): Page {
  const reading = feed.read(isDraining);
  if (reading === undefined) return json(503, { reason: "the run has not begun yet" });
  return { type: "application/json", status: 200, body: `${encodeReading(reading)}\n` };
}

/** 503 takes this gateway out of a load balancer; open streams continue. */
function readyPage({ isDraining, pools }: GatewayState): Page {
  const isReady = !isDraining && pools.every((pool) => pool.hasRoom);
  const reason = isDraining ? "shutting-down" : isReady ? undefined : "a pool has no room";
  return json(isReady ? 200 : 503, { ready: isReady, ...(reason === undefined ? {} : { reason }), pools });
}

function json(status: 200 | 503, body: object): Page {
  return { type: "application/json", status, body: `${JSON.stringify(body)}\n` };
}
