import { ScreenDiff } from "../cells/screen-diff.js";
import type { WatchSource } from "../source/watch-source.js";
import type { Effect } from "../state/effect.js";
import type { KeyPress } from "../state/key-press.js";
import { onKey } from "../state/keys.js";
import { initialState, SPEEDS, type UiState } from "../state/ui-state.js";
import { frameOf } from "../views/frame.js";
import type { Scene } from "../views/scene.js";
import { FRAME_OVERHEAD_BYTES, type Terminal } from "./terminal.js";

/** At most 15 frames a second. */
const LEAST_FRAME_MS = 66;
/**
 * While the simulation runs at full speed, it gets this many times the CPU time of drawing. A
 * frame of 5,000 streamlets takes 2 ms: that leaves 12 frames a second.
 */
const DRAWING_SHARE = 39;
/** A frame is never older than this, also on a busy machine. */
const MOST_FRAME_MS = 500;
/** Work between two polls of the keyboard. */
const SLICE_MS = 40;
/** What a frame may cost on a slow line. */
export const FRAME_BUDGET_BYTES = 8000;

/** How a watched run ended for the person who watched it. */
export type SessionEnd = "quit" | "interrupted";

export interface SessionOptions {
  readonly withColour: boolean;
  /** Index into SPEEDS. */
  readonly speed: number;
  readonly now?: () => number;
}

/**
 * One person watching one source: takes keys, moves time, draws frames. A frame is drawn only when
 * something changed, and drawing never takes more than a fixed share of the time.
 */
export class WatchSession {
  private ui: UiState;
  private readonly diff: ScreenDiff;
  private readonly now: () => number;
  private turn: NodeJS.Timeout | NodeJS.Immediate | undefined;
  private tickedAtMs: number;
  private nextFrameAtMs = 0;
  private latestFrameAtMs = 0;
  private nextFrameCpuMs = 0;
  private isBusy = false;
  private isStale = true;
  private end: ((end: SessionEnd) => void) | undefined;
  private fail: ((error: unknown) => void) | undefined;
  /** Frames drawn, their bytes and their CPU time: for the bench and the tests. */
  readonly cost = { frames: 0, bytes: 0, mostBytes: 0, drawMs: 0 };
  /** Actions outside the session. */
  onSuspend: () => void = () => undefined;

  constructor(
    private readonly source: WatchSource,
    private readonly terminal: Terminal,
    options: SessionOptions,
  ) {
    this.now = options.now ?? (() => performance.now());
    this.tickedAtMs = this.now();
    const isFinished = source.kind === "recording";
    this.ui = initialState(!isFinished, options.speed, isFinished ? source.endMs : 0);
    this.diff = new ScreenDiff(options.withColour, FRAME_BUDGET_BYTES - FRAME_OVERHEAD_BYTES);
  }

  get scene(): Scene {
    const { source, ui } = this;
    const { kind, sides, others, endMs, takesActions, failures } = source;
    const trouble = source.trouble === "" ? (failures[0] ?? "") : source.trouble;
    return { kind, sides, others, ui, endMs, takesActions, trouble };
  }

  /** Runs until the person quits. Rejects where the run itself fails. */
  run(signal: AbortSignal): Promise<SessionEnd> {
    return new Promise<SessionEnd>((resolve, reject) => {
      this.end = resolve;
      this.fail = reject;
      signal.addEventListener("abort", () => this.interrupt(), { once: true });
      if (signal.aborted) this.interrupt();
      else this.tick();
    });
  }

  key(key: KeyPress): void {
    const { ui, effect } = onKey(this.scene, key);
    this.ui = ui;
    this.isStale = true;
    if (effect !== undefined) this.carryOut(effect);
    this.soon();
  }

  interrupt(): void {
    this.finish("interrupted");
  }

  /** The terminal has another size, or its content is not as expected. */
  redraw(): void {
    this.diff.forget();
    this.isStale = true;
    this.nextFrameAtMs = 0;
    this.soon();
  }

  private carryOut(effect: Effect): void {
    switch (effect.kind) {
      case "quit":
        this.finish("quit");
        break;
      case "interrupt":
        this.interrupt();
        break;
      case "suspend":
        this.onSuspend();
        break;
      case "redraw":
        this.redraw();
        break;
      case "beside":
        this.source.setBeside(effect.policy);
        break;
      case "act":
        void this.source.act(effect.action, effect.id).then((message) => {
          this.ui = { ...this.ui, message };
          this.isStale = true;
          this.soon();
        });
    }
  }

  private finish(end: SessionEnd): void {
    this.stop();
    this.end?.(end);
    this.end = undefined;
  }

  private stop(): void {
    if (this.turn !== undefined) clearTimer(this.turn);
    this.turn = undefined;
  }

  /** Redraws as soon as possible instead of at the next frame's time. */
  private soon(): void {
    if (this.end === undefined) return;
    this.stop();
    this.turn = setImmediate(this.tick);
  }

  private readonly tick = (): void => {
    this.turn = undefined;
    try {
      const nowMs = this.now();
      this.isBusy = this.move(nowMs - this.tickedAtMs);
      this.tickedAtMs = nowMs;
      this.draw();
      if (this.end === undefined) return;
      const waitMs = this.isBusy ? 0 : Math.max(1, this.nextFrameAtMs - this.now());
      this.turn = waitMs === 0 ? setImmediate(this.tick) : setTimeout(this.tick, waitMs);
    } catch (error) {
      this.stop();
      this.fail?.(error);
    }
  };

  /** Advances the time by this much wall time; true if the source has not caught up yet. */
  private move(elapsedMs: number): boolean {
    const { source, ui } = this;
    if (source.kind === "live") {
      source.advance(Number.POSITIVE_INFINITY, SLICE_MS);
      this.show(ui.isPlaying ? source.reachedMs : ui.cursorMs);
      return false;
    }
    const wantedMs = Math.min(source.endMs, ui.isPlaying ? ui.cursorMs + this.pace(elapsedMs) : ui.cursorMs);
    // A finished run is always simulated to its end, so that every jump finds its target.
    const goalMs = source.kind === "recording" ? source.endMs : wantedMs;
    if (source.reachedMs < goalMs) {
      source.advance(goalMs, SLICE_MS);
      this.isStale = true;
    }
    // A run that was just added catches up first; the clock waits for it.
    this.show(ui.isPlaying ? Math.max(ui.cursorMs, Math.min(wantedMs, source.reachedMs)) : ui.cursorMs);
    return source.reachedMs < goalMs;
  }

  private pace(elapsedMs: number): number {
    const speed = SPEEDS[this.ui.speed];
    return Number.isFinite(speed) ? elapsedMs * speed : Number.POSITIVE_INFINITY;
  }

  private show(cursorMs: number): void {
    const { ui, source } = this;
    if (cursorMs !== ui.cursorMs || source.kind === "live") this.isStale = true;
    const isOver = ui.isPlaying && source.kind !== "live" && cursorMs >= source.endMs;
    this.ui = { ...ui, cursorMs, isPlaying: ui.isPlaying && !isOver };
  }

  private draw(): void {
    const startMs = this.now();
    if (!this.isStale || startMs < this.nextFrameAtMs || !this.mayDraw(startMs)) {
      if (!this.isStale) this.nextFrameAtMs = Math.max(this.nextFrameAtMs, startMs + LEAST_FRAME_MS);
      return;
    }
    const startCpuMs = cpuMs();
    this.source.refresh();
    const { size } = this.terminal;
    this.ui = { ...this.ui, size };
    const { text, bytes, isWhole } = this.diff.next(frameOf(this.scene, size.width, size.height));
    this.terminal.frame(text);
    this.isStale = !isWhole;
    this.nextFrameAtMs = startMs + LEAST_FRAME_MS;
    this.latestFrameAtMs = startMs + MOST_FRAME_MS;
    const endCpuMs = cpuMs();
    const drawMs = endCpuMs - startCpuMs;
    this.nextFrameCpuMs = endCpuMs + drawMs * DRAWING_SHARE;
    this.cost.frames++;
    this.cost.bytes += bytes;
    this.cost.mostBytes = Math.max(this.cost.mostBytes, bytes + FRAME_OVERHEAD_BYTES);
    this.cost.drawMs += drawMs;
  }

  /**
   * While work waits for the processor, drawing has had its share, but it does not wait for long.
   */
  private mayDraw(nowMs: number): boolean {
    return !this.isBusy || nowMs >= this.latestFrameAtMs || cpuMs() >= this.nextFrameCpuMs;
  }
}

/** CPU time of this process so far: on a busy machine the wall clock does not show the cost. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function clearTimer(timer: NodeJS.Timeout | NodeJS.Immediate): void {
  clearTimeout(timer as NodeJS.Timeout);
  clearImmediate(timer as NodeJS.Immediate);
}
