/**
 * More PIDs than this are let through without a check of their order: a stream that forges PIDs
 * shall not cost memory (188 B each).
 */
const MAX_PIDS = 256;
const PACKET = 188;
/** A stream full of damage shall not hide losses for ever. */
const MAX_EXCUSED = 64;

/**
 * A packet that comes this much after its turn at most is late; a counter that is further behind
 * says nothing about order.
 */
const LATE_WINDOW = 8;

/**
 * A PID whose packets lie further apart than this many of all PIDs is a slow one: nothing changes
 * its order.
 */
const SLOW_SPACING = 32;

/** What a continuity counter says of a packet. */
export type Continuity = "expected" | "gap" | "late" | "repeated";

class PidState {
  /** The counter that the next payload must carry. */
  expected: number;
  /** Bit c: the packet with counter c was skipped, fewer than eight packets ago. */
  missing = 0;
  repeats = 0;
  /**
   * The last step forward, until the next packet shows whether it was one: from which counter, by
   * how much (0 = none), counted how often as lost.
   */
  jumpFrom = 0;
  jump = 0;
  jumpLost = 0;
  /** How many of those that it left out have come since. */
  jumpLate = 0;
  /** How many packets came on this PID after the first one. */
  seen = 0;
  /** The packet before: in the bytes that are being judged (`lent`), or kept here since. */
  last: Uint8Array;
  lastAt = 0;
  lent = false;
  private readonly kept = new Uint8Array(PACKET);

  constructor(
    expected: number,
    /** Number of its first packet among all PIDs'. */
    readonly metAt: number,
  ) {
    this.expected = expected;
    this.last = this.kept;
  }

  keep(): void {
    this.kept.set(this.last.subarray(this.lastAt, this.lastAt + PACKET));
    this.last = this.kept;
    this.lastAt = 0;
    this.lent = false;
  }
}

/**
 * Follows the 4-bit counters of each PID (ISO/IEC 13818-1, 2.4.3.3). Ahead of what is expected =
 * that many packets lost (modulo 16); behind, and known to be missing = late, so one loss is taken
 * back; the same packet once more is allowed, a third time is a fault. One damage is one error:
 * where the next packet goes on as if there had been no step forward, it was the counter that was
 * damaged (one damaged header), or a packet of another PID had come here (counted as lost there);
 * and packets that are known to be damaged are not lost, too.
 */
export class ContinuityCounters {
  lost = 0;
  reordered = 0;
  /** Repetitions beyond the one that the standard allows. */
  duplicates = 0;
  /** Packets whose counter alone was damaged. */
  damagedCounters = 0;
  /** Packets that were counted as damaged already, of PIDs that are not known. */
  private excused = 0;
  /** Packets of all PIDs so far. */
  private packets = 0;
  private readonly pids = new Map<number, PidState>();
  /**
   * Whose packet before lies in the bytes that are being judged: one copy of it at their end costs
   * less than one of each packet (78 ns, and 41).
   */
  private readonly lent: PidState[] = [];

  check(
    pid: number,
    counter: number,
    hasPayload: boolean,
    announced: boolean,
    data: Uint8Array,
    at: number,
  ): Continuity {
    const state = this.pids.get(pid);
    this.packets++;
    if (state === undefined) {
      this.meet(pid, (counter + 1) & 15, data, at);
      return "expected";
    }
    state.seen++;
    // The counter stands still on packets without payload: it says nothing there, unless it is
    // announced to begin anew.
    if (!hasPayload) return announced ? restart(state, counter, (counter + 1) & 15) : "expected";
    const ahead = (counter - state.expected) & 15;
    if (ahead === 15 && !announced && samePacket(state, data, at)) {
      if (++state.repeats > 1) this.duplicates++;
      return "repeated";
    }
    // Fifteen packets of a slow PID lost, or one of another PID that came here because its header
    // is damaged: then that one is missing there.
    if (ahead === 15 && !announced && state.jump === 0 && this.isSlow(state)) return "late";
    if (announced) {
      const continuity = restart(state, counter, counter);
      this.lend(state, data, at);
      return continuity;
    }
    if (state.jump > 0 && this.refutes(state, counter)) {
      state.expected = (counter + 1) & 15;
      state.missing = 0;
      state.repeats = 0;
      this.lend(state, data, at);
      return "expected";
    }
    if (ahead >= LATE_WINDOW && (state.missing & (1 << counter)) !== 0) {
      if (((counter - state.jumpFrom) & 15) === state.jumpLate) state.jumpLate++;
      state.missing &= ~(1 << counter);
      this.lost--;
      this.reordered++;
      return "late";
    }
    this.stepTo(state, counter, ahead);
    this.lend(state, data, at);
    return ahead > 0 ? "gap" : "expected";
  }

  /**
   * A packet was counted as damaged, and nothing in it is to be believed. If its header is what was
   * due its place is taken; otherwise one packet of some PID will be missing.
   */
  excuse(pid: number, counter: number, hasPayload: boolean): void {
    const state = this.pids.get(pid);
    if (!hasPayload || state === undefined || state.expected !== counter) this.excuseAny(1);
    else {
      state.expected = (counter + 1) & 15;
      state.missing &= ~(1 << ((counter + LATE_WINDOW) & 15));
      state.jump = 0;
    }
  }

  /** So many packets are missing for a reason that was counted already. */
  excuseAny(packets: number): void {
    this.excused = Math.min(MAX_EXCUSED, this.excused + packets);
  }

  /** Does this packet show that the last step forward was none? Then it is taken back. */
  private refutes(state: PidState, counter: number): boolean {
    const since = (counter - state.jumpFrom) & 15;
    const { jump, jumpLate } = state;
    if (counter === state.expected) return false;
    const damagedCounter = since === 1 && jumpLate === 0;
    const tooLate = jump >= LATE_WINDOW || this.isSlow(state);
    const stranger = (since === 0 && jumpLate === 0 && tooLate) || (since === jump && jumpLate === jump);
    if (!damagedCounter && !stranger) return false;
    this.lost -= state.jumpLost - jumpLate;
    this.reordered -= jumpLate;
    if (damagedCounter) this.damagedCounters++;
    state.jump = 0;
    return true;
  }

  private isSlow(state: PidState): boolean {
    return this.packets - state.metAt > SLOW_SPACING * state.seen;
  }

  private stepTo(state: PidState, counter: number, ahead: number): void {
    const excused = Math.min(this.excused, ahead);
    this.excused -= excused;
    this.lost += ahead - excused;
    state.jumpFrom = state.expected;
    state.jump = excused > 0 ? 0 : ahead;
    state.jumpLost = ahead;
    state.jumpLate = 0;
    // Which of them are excused is not known: none of them is called late then.
    if (excused === 0) for (let i = 0; i < ahead; i++) state.missing |= 1 << ((state.expected + i) & 15);
    // Each step forward makes one counter too old to be late.
    for (let i = 0; i <= ahead; i++) state.missing &= ~(1 << ((counter + LATE_WINDOW - i) & 15));
    state.expected = (counter + 1) & 15;
    state.repeats = 0;
  }

  private meet(pid: number, expected: number, data: Uint8Array, at: number): void {
    if (this.pids.size >= MAX_PIDS) return;
    const state = new PidState(expected, this.packets);
    this.lend(state, data, at);
    this.pids.set(pid, state);
  }

  /** The bytes that were judged may change from here on. */
  settle(): void {
    for (const state of this.lent) state.keep();
    this.lent.length = 0;
  }

  private lend(state: PidState, data: Uint8Array, at: number): void {
    state.last = data;
    state.lastAt = at;
    if (state.lent) return;
    state.lent = true;
    this.lent.push(state);
  }
}

/**
 * What follows is counted from here; `due` is what would have been expected had nothing been
 * announced.
 */
function restart(state: PidState, counter: number, due: number): Continuity {
  const continues = state.expected === due;
  state.expected = (counter + 1) & 15;
  state.missing = 0;
  state.jump = 0;
  state.repeats = 0;
  return continues ? "expected" : "gap";
}

function samePacket({ last, lastAt }: PidState, data: Uint8Array, at: number): boolean {
  // From behind, where packets differ soonest; the flags and the clock reference of a legal
  // repetition may differ.
  for (let i = PACKET - 1; i >= 12; i--) if (last[lastAt + i] !== data[at + i]) return false;
  return true;
}
