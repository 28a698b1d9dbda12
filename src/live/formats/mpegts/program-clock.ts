const PACKET_CLOCK_HZ = 27_000_000;
/** 33 bits at 90 kHz, times 300: the clock wraps every 26.5 hours. */
const WRAP_TICKS = 8_589_934_592 * 300;
/**
 * TR 101 290, 2.3b: the next clock reference lies 0 to 100 ms ahead, or a discontinuity is
 * announced.
 */
const MAX_STEP_TICKS = PACKET_CLOCK_HZ / 10;
/** Programmes whose clocks are checked; further ones are not. */
const MAX_CLOCKS = 64;
/** RFC 3550, 6.4.1. */
const JITTER_GAIN = 16;

interface Tick {
  ticks: number;
  atMs: number;
  /** Damages of the stream at that time. */
  damages: number;
  /** The previous reference, if the step from it was out of bounds; else −1. */
  before: number;
}

/**
 * Judges programme clock references: steps out of bounds, and the jitter of their arrival (RFC
 * 3550's estimate). One damage is one error: a step over damaged or lost packets is not judged, nor
 * is the step back after a single wrong reference.
 */
export class ProgramClock {
  errors = 0;
  jitterMs = 0;
  private readonly last = new Map<number, Tick>();

  /**
   * Takes the six bytes of a reference; false if they are invalid (an extension of 300 or more).
   * `damages`: damages of the stream so far.
   */
  tick(pid: number, data: Uint8Array, at: number, announced: boolean, atMs: number, damages: number): boolean {
    const high = ((data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3]) >>> 0;
    const extension = ((data[at + 4] & 1) << 8) | data[at + 5];
    if (extension >= 300) return false;
    const ticks = (high * 2 + (data[at + 4] >> 7)) * 300 + extension;
    const last = this.last.get(pid);
    if (last === undefined) {
      if (this.last.size < MAX_CLOCKS) this.last.set(pid, { ticks, atMs, damages, before: -1 });
      return true;
    }
    const before = !announced && last.damages === damages ? this.judge(last, ticks, atMs) : -1;
    last.ticks = ticks;
    last.atMs = atMs;
    last.damages = damages;
    last.before = before;
    return true;
  }

  /** Returns the reference before a step that is out of bounds, or −1. */
  private judge(last: Tick, ticks: number, atMs: number): number {
    const step = (ticks - last.ticks + WRAP_TICKS) % WRAP_TICKS;
    if (step > MAX_STEP_TICKS) {
      const back = last.before >= 0 && (ticks - last.before + WRAP_TICKS) % WRAP_TICKS <= 2 * MAX_STEP_TICKS;
      if (back) return -1;
      this.errors++;
      return last.ticks;
    }
    const lateMs = Math.abs(atMs - last.atMs - (step * 1000) / PACKET_CLOCK_HZ);
    if (lateMs >= 0) this.jitterMs += (lateMs - this.jitterMs) / JITTER_GAIN;
    return -1;
  }
}
