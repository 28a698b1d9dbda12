import { fail } from "../base/assert.js";
import { InputError } from "../base/errors.js";
import { grown } from "../base/grown.js";
import type { SimRequest } from "./request.js";

/**
 * 10 million open streams take 1.4 GB with their events (1.7 with demands): a run that needs more
 * is refused rather than crashed.
 */
const MAX_OPEN_STREAMS = 10_000_000;
const FIRST_CAPACITY = 1024;

/** A row in 8-byte floats and, in the same bytes, in 4-byte integers; the floats stand first. */
const FLOATS = 8;
const INTS = 16;
const [STARTED, ARRIVED, ID, PATIENCE] = [0, 1, 2, 3];
const [OWNER, NEXT, PREVIOUS, SERIES, REGION, FORMAT, ATTEMPT] = [8, 9, 10, 11, 12, 13, 14];
/** Of a row that only a crash reads. */
const RARE = 2;
const [TIMER, HOLDING] = [0, 1];
const DEMANDS = 3;
const [CPU, MEMORY, BITS] = [0, 1, 2];
/** The owner of a lease that is not in use. */
const NOBODY = -1;

/**
 * The open streams. A lease is a slot that is reused; each streamlet's leases form a doubly linked
 * list, so that a crash finds its own streams without a map from id to object (424–475 ns an event
 * with one, 280–304 without).
 *
 * All that the end of a stream reads of its request stands in 64 neighbouring bytes, since they
 * were last touched minutes ago. As objects with boxed floats, requests took 200 bytes in up to
 * six places, and each departure waited for them.
 */
export class LeaseTable {
  private floats = new Float64Array(FIRST_CAPACITY * FLOATS);
  private ints = new Int32Array(this.floats.buffer);
  private rare = new Float64Array(FIRST_CAPACITY * RARE);
  /** The sources of reconnections; a first attempt is its own. */
  private sources = new Float64Array(FIRST_CAPACITY);
  private demands: Float64Array;
  private free = new Int32Array(FIRST_CAPACITY);
  private freeCount = 0;
  private used = 0;

  /**
   * `keepsDemands`: CPU, memory and bits/s of each stream are kept, too. `most`: open streams at
   * once.
   */
  constructor(
    private readonly keepsDemands: boolean,
    private readonly most = MAX_OPEN_STREAMS,
  ) {
    this.demands = new Float64Array(keepsDemands ? FIRST_CAPACITY * DEMANDS : 0);
  }

  /**
   * A new lease with the numbers of a request, at the head of a streamlet's list, whose head was
   * `head` (−1 = empty). The lease is the new head.
   */
  add(request: SimRequest, owner: number, head: number): number {
    const lease = this.freeCount > 0 ? this.free[--this.freeCount] : this.extend();
    const { floats, ints } = this;
    const f = lease * FLOATS;
    floats[f + STARTED] = request.startedAtMs;
    floats[f + ARRIVED] = request.arrivedAtMs;
    floats[f + ID] = request.id;
    floats[f + PATIENCE] = request.patienceMs;
    const i = lease * INTS;
    ints[i + OWNER] = owner;
    ints[i + NEXT] = head;
    ints[i + PREVIOUS] = -1;
    ints[i + SERIES] = request.series;
    ints[i + REGION] = request.region;
    ints[i + FORMAT] = request.format;
    ints[i + ATTEMPT] = request.attempt;
    if (head >= 0) ints[head * INTS + PREVIOUS] = lease;
    this.rare[lease * RARE + HOLDING] = request.holdingMs;
    if (request.attempt > 0) this.sources[lease] = request.source;
    if (this.keepsDemands) this.keepDemands(lease, request);
    return lease;
  }

  /** Ends a lease; returns the head of its streamlet's list, which was `head`. */
  remove(lease: number, head: number): number {
    const { ints } = this;
    const next = ints[lease * INTS + NEXT];
    const previous = ints[lease * INTS + PREVIOUS];
    if (next >= 0) ints[next * INTS + PREVIOUS] = previous;
    if (previous >= 0) ints[previous * INTS + NEXT] = next;
    ints[lease * INTS + OWNER] = NOBODY;
    this.free[this.freeCount++] = lease;
    return lease === head ? next : head;
  }

  /**
   * Sets what the StreamRequest in `request` has of a lease in use, but not its pool: that is its
   * owner's.
   */
  read(lease: number, request: SimRequest): void {
    const { floats, ints } = this;
    const i = lease * INTS;
    if (ints[i + OWNER] === NOBODY) fail(`lease ${lease} is not in use`);
    const f = lease * FLOATS;
    request.startedAtMs = floats[f + STARTED];
    request.arrivedAtMs = floats[f + ARRIVED];
    request.id = integer(floats[f + ID]);
    request.patienceMs = floats[f + PATIENCE];
    request.series = ints[i + SERIES];
    request.region = ints[i + REGION];
    request.format = ints[i + FORMAT];
    request.attempt = ints[i + ATTEMPT];
    request.source = request.attempt === 0 ? request.id : integer(this.sources[lease]);
    if (this.keepsDemands) this.readDemands(lease, request);
  }

  /** The same, and how long the stream would have held. */
  readWhole(lease: number, request: SimRequest): void {
    this.read(lease, request);
    request.holdingMs = this.rare[lease * RARE + HOLDING];
  }

  startedAtMs(lease: number): number {
    return this.floats[lease * FLOATS + STARTED];
  }

  owner(lease: number): number {
    return this.ints[lease * INTS + OWNER];
  }

  timer(lease: number): number {
    return this.rare[lease * RARE + TIMER];
  }

  setTimer(lease: number, timer: number): void {
    this.rare[lease * RARE + TIMER] = timer;
  }

  next(lease: number): number {
    return this.ints[lease * INTS + NEXT];
  }

  /** The leases in use. */
  forEachOpen(visit: (lease: number) => void): void {
    for (let lease = 0; lease < this.used; lease++) if (this.owner(lease) !== NOBODY) visit(lease);
  }

  private keepDemands(lease: number, { cpu, memoryBytes, bitsPerSecond }: SimRequest): void {
    const at = lease * DEMANDS;
    this.demands[at + CPU] = cpu;
    this.demands[at + MEMORY] = memoryBytes;
    this.demands[at + BITS] = bitsPerSecond;
  }

  private readDemands(lease: number, request: SimRequest): void {
    const at = lease * DEMANDS;
    request.cpu = this.demands[at + CPU];
    request.memoryBytes = this.demands[at + MEMORY];
    request.bitsPerSecond = this.demands[at + BITS];
  }

  private extend(): number {
    if (this.used >= this.most) {
      throw new InputError({
        code: "HR1601",
        got: `more than ${this.most} open streams at once`,
        expected: "a load that fits into memory",
        remedy: "Lower the rate or the holding time, or cap the fleet (fleet.max)",
      });
    }
    if (this.used === this.free.length) this.grow();
    return this.used++;
  }

  private grow(): void {
    const capacity = 2 * this.free.length;
    this.floats = grown(this.floats, new Float64Array(capacity * FLOATS));
    this.ints = new Int32Array(this.floats.buffer);
    this.rare = grown(this.rare, new Float64Array(capacity * RARE));
    this.sources = grown(this.sources, new Float64Array(capacity));
    if (this.keepsDemands) this.demands = grown(this.demands, new Float64Array(capacity * DEMANDS));
    this.free = grown(this.free, new Int32Array(capacity));
  }
}

/** The number as V8's integer, without which it would box each id that is read from a float. */
function integer(whole: number): number {
  return whole < 0x7fffffff ? whole | 0 : whole;
}
