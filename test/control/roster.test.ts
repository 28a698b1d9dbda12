import { describe, expect, it } from "vitest";
import { Roster } from "../../src/control/roster.js";
import { Streamlet } from "../../src/control/streamlet.js";
import { streamletId } from "../../src/ports/fleet.js";
import { never } from "./fake-parts.js";

const member = (slot: number, generation = 0): Streamlet => new Streamlet(streamletId(slot, generation), 0, 2, 0);
const room = (roster: Roster, regions: number): number[] =>
  Array.from({ length: regions }, (_, region) => roster.room(region));

describe("the roster", () => {
  it("finds living streamlets by id, and none whose slot another has taken", () => {
    const roster = new Roster(never, [never]);
    const [first, second, later] = [member(0), member(1), member(0, 1)];
    expect(roster.find(first.id)).toBeUndefined();
    roster.add(first, 0);
    roster.add(second, 0);
    expect([roster.find(first.id), roster.find(second.id)]).toEqual([first, second]);
    roster.remove(first, 0);
    expect(roster.find(first.id)).toBeUndefined();
    roster.add(later, 0);
    expect([roster.find(first.id), roster.find(later.id)]).toEqual([undefined, later]);
  });

  it("gives in each region the smaller of the fleet's and the region's rest", () => {
    const roster = new Roster(6, [4, 3, never]);
    expect(room(roster, 3)).toEqual([4, 3, 6]);
    const first = member(0);
    roster.add(first, 0);
    roster.add(member(1), 1);
    expect(room(roster, 3)).toEqual([3, 2, 4]);
    roster.add(member(2), 1);
    roster.add(member(3), 1);
    expect(room(roster, 3)).toEqual([2, 0, 2]);
    roster.remove(first, 0);
    expect(room(roster, 3)).toEqual([3, 0, 3]);
  });

  it("has no room, rather than less than none, where more live than the caps allow", () => {
    const roster = new Roster(2, [1, 9]);
    roster.add(member(0), 0);
    roster.add(member(1), 0);
    roster.add(member(2), 0);
    expect(room(roster, 2)).toEqual([0, 0]);
  });
});
