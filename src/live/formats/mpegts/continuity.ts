/**
 * The order of further PIDs is not checked. This bounds the memory that forged PIDs take (188 B
 * each).
 */
const MAX_PIDS = 256;
const PACKET = 188;
/** Bounds how many later losses a damaged stream can hide. */
const MAX_EXCUSED = 64;

/**
 * A packet is late if it comes at most this many packets after its turn. A counter that is further
 * behind is no sign of order.
 */
const LATE_WINDOW = 8;

/**
 * A PID is slow if more than this many packets of all PIDs lie between two of its own. Its packets
 * do not change their order.
 */
const SLOW_SPACING = 32;

/** The place of a packet by its continuity counter. */
export type Continuity = "expected" | "gap" | "late" | "repeated";

class PidState {
  /** The counter that the next payload must carry. */
  expected: number;
  /** Bit c: the packet with counter c was skipped, fewer than eight packets ago. */
  missing = 0;
  repeats = 0;
  /**
   * The last step forward, until the next packet confirms or refutes it: from which counter, by how
   * much (0 = none), and how many packets were counted as lost.
   */
  jumpFrom = 0;
  jump = 0;
  jumpLost = 0;
  /** How many of the skipped packets have come since. */
  jumpLate = 0;
  /** Packets of this PID after the first one. */
  seen = 0;
  /** The previous packet: in the bytes that are being judged (`lent`), or a copy of it. */
  last: Uint8Array;
  lastAt = 0;
  lent = false;
  private readonly kept = new Uint8Array(PACKET);

  constructor(
    expected: number,
    /** Number of its first packet, counted over all PIDs. */
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
 * Follows the 4-bit counter of each PID (ISO/IEC 13818-1, 2.4.3.3). A counter ahead of the expected
 * one: that many packets are lost (modulo 16). A counter behind it that is known to be missing: the
 * packet is late, and one loss is taken back. The same packet may come twice; a third time is a
 * fault. One damage is one error. If the next packet continues as if there had been no step
 * forward, the counter was damaged (one damaged header), or the packet belongs to another PID
 * (counted as lost there). A packet that was counted as damaged is not counted as lost.
 */
export class ContinuityCounters {
  lost = 0;
  reordered = 0;
  /** Repetitions beyond the one that the standard allows. */
  duplicates = 0;
  /** Packets in which only the counter was damaged. */
  damagedCounters = 0;
  /** Packets of unknown PIDs that were already counted as damaged. */
  private excused = 0;
  /** Packets of all PIDs so far. */
  private packets = 0;
  private readonly pids = new Map<number, PidState>();
  /**
   * PIDs whose previous packet lies in the bytes that are being judged. One copy at the end of the
   * bytes costs less than a copy of each packet (41 and 78 ns per packet).
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
    // Packets without payload repeat the counter, so it is not checked, unless a discontinuity is
    // announced.
    if (!hasPayload) return announced ? restart(state, counter, (counter + 1) & 15) : "expected";
    const ahead = (counter - state.expected) & 15;
    if (ahead === 15 && !announced && samePacket(state, data, at)) {
      if (++state.repeats > 1) this.duplicates++;
      return "repeated";
    }
    // Either fifteen packets of a slow PID are lost, or the PID of this packet is damaged and it
    // belongs to another PID, where it will be missing. The second is assumed.
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
   * A packet was counted as damaged, so its content is not used. If its header is the expected one,
   * it takes its place; otherwise one packet of an unknown PID will be missing.
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

  /** This many packets will be missing because of an error that is already counted. */
  excuseAny(packets: number): void {
    this.excused = Math.min(MAX_EXCUSED, this.excused + packets);
  }

  /** Does this packet show that the last step forward was wrong? Then its losses are taken back. */
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
    // If some are excused, it is unknown which: then none of them can be late.
    if (excused === 0) for (let i = 0; i < ahead; i++) state.missing |= 1 << ((state.expected + i) & 15);
    // With each step forward one counter becomes too old to be late.
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

  /** Copies what is needed of the judged bytes: their memory is used again from here on. */
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
 * Counts from this packet on. `due`: the counter that was expected without the announced
 * discontinuity.
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
  // Compares from the end, where packets differ soonest. In a legal repetition the flags and the
  // clock reference may differ.
  for (let i = PACKET - 1; i >= 12; i--) if (last[lastAt + i] !== data[at + i]) return false;
  return true;
}
