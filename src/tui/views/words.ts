import { formatDuration as runDuration } from "../../base/units.js";
import { formatNumber } from "../../report/numbers.js";

const DAY_MS = 86_400_000;

/** The time of day (UTC) at an instant of the run, with the day where the run has several. */
export function clock(atMs: number, epochMs: number, durationMs: number): string {
  const wallMs = epochMs + atMs;
  const ofDay = ((wallMs % DAY_MS) + DAY_MS) % DAY_MS;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const time = `${two(ofDay / 3_600_000)}:${two((ofDay / 60_000) % 60)}:${two((ofDay / 1000) % 60)}`;
  if (durationMs <= DAY_MS || !Number.isFinite(durationMs)) return time;
  const day = Math.floor(wallMs / DAY_MS) - Math.floor(epochMs / DAY_MS) + 1;
  return `day ${day} ${time}`;
}

/** A wait for a table: "0", "0.4 ms", "180 ms", "2.1 s". */
export function wait(ms: number): string {
  if (Number.isNaN(ms)) return "–";
  if (ms === 0) return "0 ms";
  if (ms < 1000) return `${formatNumber(ms, 2)} ms`;
  return ms < 600_000
    ? `${formatNumber(ms / 1000, ms < 100_000 ? 2 : 3)} s`
    : runDuration(Math.round(ms / 1000) * 1000);
}

/** A count in few characters: 950, 12.3k, 4.1M. */
export function shortCount(value: number): string {
  const size = Math.abs(value);
  if (size < 10_000) return formatNumber(Math.round(value), 4);
  return size < 1e6 ? `${formatNumber(value / 1000, 3)}k` : `${formatNumber(value / 1e6, 3)}M`;
}

export function percent(share: number): string {
  return Number.isNaN(share) ? "–" : `${formatNumber(100 * share, 2)} %`;
}

/** "1 stream", "2 streams". */
export function counted(count: number, noun: string): string {
  return `${formatNumber(count, 9)} ${noun}${count === 1 ? "" : "s"}`;
}
