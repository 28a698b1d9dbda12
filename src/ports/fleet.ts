/**
 * Identifies one streamlet for its whole life; never reused in a run. The low bits are a slot
 * that is reused, the rest is a generation. So tables stay as small as the fleet, and an outdated
 * id is recognised.
 */
export type StreamletId = number;

/** At most 2²⁰ streamlets at once. */
export const MAX_STREAMLETS = 1_048_576;

/** The id of the `generation`-th streamlet in a slot. */
export function streamletId(slot: number, generation: number): StreamletId {
  return generation * MAX_STREAMLETS + slot;
}

/** ToInt32 keeps the low bits of any integer below 2⁵³. */
export function streamletSlot(id: StreamletId): number {
  return id & (MAX_STREAMLETS - 1);
}

/**
 * Why a streamlet ended. `failure`: "own" = it failed by itself, so a stream that it carried may be
 * the cause; "host" = its host failed; "launch" = it never was ready; "none" = a decision ended it.
 */
const stopReasons = {
  drained: { failure: "none", meaning: "It took no more streams and ended with its last one." },
  retired: { failure: "none", meaning: "It was empty and no longer needed." },
  "spawn-cancelled": { failure: "none", meaning: "It was no longer needed before it was ready." },
  "spawn-failed": { failure: "launch", meaning: "Its launch failed." },
  crashed: { failure: "own", meaning: "It crashed." },
  "out-of-memory": { failure: "own", meaning: "It took more memory than its cap." },
  "host-failed": { failure: "host", meaning: "Its host failed." },
  hung: { failure: "own", meaning: "It stopped answering and was killed." },
} as const;

export type StopReason = keyof typeof stopReasons;

export const STOP_REASONS = Object.keys(stopReasons) as readonly StopReason[];

/** The sentence that explains a reason. */
export function stopReasonMeaning(reason: StopReason): string {
  return stopReasons[reason].meaning;
}

export function failedByItself(reason: StopReason): boolean {
  return stopReasons[reason].failure === "own";
}

/** It failed by itself or with its host, after it was launched. */
export function failedInService(reason: StopReason): boolean {
  const { failure } = stopReasons[reason];
  return failure === "own" || failure === "host";
}

/** No decision ended it. */
export function isFailure(reason: StopReason): boolean {
  return stopReasons[reason].failure !== "none";
}

/** What to launch: the pool implies region and class. */
export interface StreamletSpec {
  /** Index into the control plane's pools. */
  readonly pool: number;
}

/**
 * One client's request for one stream. `series` indexes region × format × segment. A reconnection
 * is a new request. Gotcha: keep no reference once it is assigned, nor after the report of its end;
 * the simulation reuses the objects.
 */
export interface StreamRequest {
  /** Unique in the run, in the order of arrival. */
  readonly id: number;
  /** Index of the series (region × format × segment). */
  readonly series: number;
  /** Index of the region that it came from; formats likewise index the scenario's list. */
  readonly region: number;
  readonly format: number;
  readonly arrivedAtMs: number;
  /** 0 for a first attempt, n for the n-th reconnection. */
  readonly attempt: number;
  /** How long it waits for a slot; Infinity if left out. */
  readonly patienceMs: number;
  /**
   * Identifies the stream over its reconnections: all requests of one client share the number.
   * Undefined = unknown.
   */
  readonly source?: number | undefined;
  /**
   * The gateway sets these when it assigns the request: the instant, and the streamlet's pool.
   * Before, they are NaN and −1.
   */
  startedAtMs: number;
  pool: number;
}

/** How long an assigned request had waited, in ms. */
export function waitMsOf({ startedAtMs, arrivedAtMs }: StreamRequest): number {
  return startedAtMs - arrivedAtMs;
}

/** How a stream that had been assigned ended. */
export type StreamEnd = "completed" | "interrupted";

/**
 * Receives the fleet's reports. Calls come from the kernel's tasks only, never from inside a Fleet
 * method.
 */
export interface FleetListener {
  onReady(id: StreamletId): void;
  onStreamEnded(id: StreamletId, request: StreamRequest, end: StreamEnd, degraded: boolean): void;
  /**
   * The streamlet and its slots are gone. Right after this, each stream that it still carried is
   * reported as ended.
   */
  onStopped(id: StreamletId, reason: StopReason): void;
  /**
   * Its host will go away soon: the streamlet must drain, and another host takes its replacement.
   */
  onHostLeaving(id: StreamletId): void;
  /** A host was repaired or added: refused launches may be tried again. */
  onRoom(): void;
}

/** The fleet that the control plane acts on: SimFleet in simulation, ProcessFleet live. */
export interface Fleet {
  /**
   * Starts up to `count` streamlets and returns the ids of those that a host had room for, in
   * order. The listener reports readiness later. Fewer ids than `count` mean that no host has
   * room.
   */
  launch(spec: StreamletSpec, count: number): readonly StreamletId[];
  /** Takes no new stream; ends (reason "drained") when empty. */
  drain(id: StreamletId): void;
  /** Takes a draining streamlet back. */
  undrain(id: StreamletId): void;
  /** Ends it now; its streams are interrupted. */
  terminate(id: StreamletId, reason: StopReason): void;
  assign(id: StreamletId, request: StreamRequest): void;
  subscribe(listener: FleetListener): void;
}
