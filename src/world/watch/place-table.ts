import type { StreamletPool } from "../../control/streamlet-pool.js";
import type { StreamletId } from "../../ports/fleet.js";
import { CellState, type StreamletPlaces, streamletCell } from "./sample.js";

/**
 * The places of a pool's streamlets in a picture. A streamlet gets the lowest free place and
 * keeps it until it ends, so that little changes from one frame to the next.
 */
export class PlaceTable {
  private readonly places = new Map<StreamletId, number>();
  private readonly ids: StreamletId[] = [];
  /** Free places below `ids.length`, as a heap: the lowest is at index 0. */
  private readonly free: number[] = [];

  constructor(private readonly slots: number) {}

  enter(id: StreamletId): void {
    const place = this.free.length > 0 ? this.takeLowest() : this.ids.length;
    this.ids[place] = id;
    this.places.set(id, place);
  }

  leave(id: StreamletId): void {
    const place = this.places.get(id);
    if (place === undefined) return;
    this.places.delete(id);
    this.ids[place] = -1;
    this.give(place);
  }

  read(pool: StreamletPool): StreamletPlaces {
    const cells = new Uint8Array(this.ids.length);
    const { slots } = this;
    const put = (id: StreamletId, cell: number): void => {
      const place = this.places.get(id);
      if (place !== undefined) cells[place] = cell;
    };
    for (const { id, open } of pool.ready) put(id, streamletCell(CellState.ready, open, slots));
    for (const { id, open } of pool.draining) put(id, streamletCell(CellState.draining, open, slots));
    for (const { id } of pool.spawning) put(id, streamletCell(CellState.spawning, 0, slots));
    for (const { id } of pool.parked) put(id, streamletCell(CellState.parked, 0, slots));
    return { ids: new Float64Array(this.ids), cells };
  }

  private give(place: number): void {
    const { free } = this;
    let at = free.push(place) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (free[up] <= place) break;
      free[at] = free[up];
      at = up;
    }
    free[at] = place;
  }

  private takeLowest(): number {
    const { free } = this;
    const lowest = free[0];
    const last = free.pop() as number;
    if (free.length === 0) return lowest;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= free.length) break;
      if (down + 1 < free.length && free[down + 1] < free[down]) down++;
      if (free[down] >= last) break;
      free[at] = free[down];
      at = down;
    }
    free[at] = last;
    return lowest;
  }
}
