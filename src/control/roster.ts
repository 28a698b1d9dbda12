import { objectList } from "../base/object-list.js";
import { type StreamletId, streamletSlot } from "../ports/fleet.js";
import type { Streamlet } from "./streamlet.js";

/** All living streamlets by id, counted over the fleet and per region against their caps. */
export class Roster {
  private readonly bySlot = objectList<Streamlet | undefined>();
  private readonly aliveByRegion: number[];
  private alive = 0;

  constructor(
    private readonly max: number,
    private readonly regionMax: readonly number[],
  ) {
    this.aliveByRegion = regionMax.map(() => 0);
  }

  /** Undefined if the streamlet of that id has ended. */
  find(id: StreamletId): Streamlet | undefined {
    const streamlet = this.bySlot[streamletSlot(id)];
    return streamlet !== undefined && streamlet.id === id ? streamlet : undefined;
  }

  /** How many more the caps allow in a region. */
  room(region: number): number {
    return Math.max(0, Math.min(this.max - this.alive, this.regionMax[region] - this.aliveByRegion[region]));
  }

  add(streamlet: Streamlet, region: number): void {
    this.bySlot[streamletSlot(streamlet.id)] = streamlet;
    this.alive++;
    this.aliveByRegion[region]++;
  }

  remove(streamlet: Streamlet, region: number): void {
    this.bySlot[streamletSlot(streamlet.id)] = undefined;
    this.alive--;
    this.aliveByRegion[region]--;
  }
}
