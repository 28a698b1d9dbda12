import type { HostTimes } from "../wire/process-class.js";
import type { StreamletProcess } from "./streamlet-process.js";

/** Looks at all running processes several times within the time that one may be silent. */
export class SilenceWatch {
  private lookedMs = performance.now();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly times: HostTimes,
    private readonly running: () => Iterable<StreamletProcess>,
  ) {
    this.timer = setInterval(() => this.look(), Math.max(10, times.hungAfterMs / 8));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const nowMs = performance.now();
    const sinceMs = nowMs - this.lookedMs;
    this.lookedMs = nowMs;
    // This process itself was not running: heartbeats of that time are still unread.
    const wasLate = sinceMs > this.times.hungAfterMs / 2;
    for (const process of this.running()) endIfSilent(process, this.times, nowMs, wasLate);
  }
}

/** Kills a process that sent no heartbeat for too long, or was not ready in time. */
function endIfSilent(target: StreamletProcess, times: HostTimes, nowMs: number, wasLate: boolean): void {
  if (wasLate) target.lastBeatMs = nowMs;
  else if (!target.becameReady) {
    if (nowMs - target.startedMs > times.readyWithinMs) target.kill("spawn-failed");
  } else if (nowMs - target.lastBeatMs > times.hungAfterMs) target.kill("hung");
}
