/** A holiday or an event that moves traffic: from one instant to another, ms since 1970 (UTC). */
export interface CalendarEvent {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  /**
   * Factor by which the event multiplies traffic, if it is known. Otherwise it is learnt from
   * earlier events of the same name.
   */
  readonly multiplier?: number;
}

/** Events by instant. All events of one name are assumed to have the same effect. */
export class EventCalendar {
  /** Names whose effect is to be learnt, in order of first appearance. */
  readonly names: readonly string[];
  private readonly events: readonly CalendarEvent[];

  constructor(events: readonly CalendarEvent[]) {
    this.events = [...events].sort((a, b) => a.startMs - b.startMs);
    this.names = [...new Set(events.filter((one) => one.multiplier === undefined).map((one) => one.name))];
  }

  /** The product of the known multipliers in force at `atMs`. */
  multiplier(atMs: number): number {
    let product = 1;
    for (const { startMs, endMs, multiplier } of this.events) {
      if (startMs > atMs) break;
      if (atMs < endMs && multiplier !== undefined) product *= multiplier;
    }
    return product;
  }

  /** row[offset + i] = 1 where an event of name i is on at `atMs`, else 0. */
  mark(atMs: number, row: Float64Array, offset: number): void {
    for (let i = 0; i < this.names.length; i++) row[offset + i] = 0;
    for (const { name, startMs, endMs, multiplier } of this.events) {
      if (startMs > atMs) break;
      if (atMs < endMs && multiplier === undefined) row[offset + this.names.indexOf(name)] = 1;
    }
  }
}

/** A calendar without any event. */
export const NO_EVENTS = new EventCalendar([]);
