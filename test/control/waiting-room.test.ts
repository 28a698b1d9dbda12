import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import { WaitingRoom } from "../../src/control/waiting-room.js";
import type { StreamRequest } from "../../src/ports/fleet.js";

const request = (id: number): StreamRequest => ({ id }) as StreamRequest;

/** Ids of those that wait, key by key. */
function idsIn(room: WaitingRoom): number[] {
  const ids: number[] = [];
  room.visit((one) => ids.push(one.id));
  return ids;
}

describe("the waiting room", () => {
  it("is full at its capacity over all keys, and not before", () => {
    const room = new WaitingRoom(2, 2);
    const full = [room.isFull];
    const first = room.enter(request(1), 0, 0);
    full.push(room.isFull);
    room.enter(request(2), 1, 0);
    full.push(room.isFull);
    room.leave(first, 0);
    full.push(room.isFull);
    expect(full).toEqual([false, false, true, false]);
    expect([room.size, room.waiting(0), room.waiting(1)]).toEqual([1, 0, 1]);
  });

  it("has the eldest of some keys first, whatever the order of the keys", () => {
    const room = new WaitingRoom(3, 10);
    expect(room.eldest([0, 1, 2])).toBeUndefined();
    for (const [id, key] of [
      [1, 1],
      [2, 0],
      [3, 1],
      [4, 2],
    ])
      room.enter(request(id), key, 0);
    const eldest = (...keys: number[]) => room.eldest(keys)?.request.id;
    expect([eldest(0, 1, 2), eldest(2, 1, 0), eldest(0, 2), eldest(2, 0), eldest(2), eldest()]).toEqual([
      1,
      1,
      2,
      2,
      4,
      undefined,
    ]);
  });

  it.each([
    [[0], [2, 3, 4]],
    [[3], [1, 2, 3]],
    [[1], [1, 3, 4]],
    [
      [1, 2],
      [1, 4],
    ],
    [[0, 1, 2, 3], []],
    [
      [3, 0],
      [2, 3],
    ],
  ])("keeps the order of the others when those at %j leave", (leaving, left) => {
    const room = new WaitingRoom(1, 10);
    const entries = [1, 2, 3, 4].map((id) => room.enter(request(id), 0, 0));
    for (const at of leaving) room.leave(entries[at], 0);
    expect(idsIn(room)).toEqual(left);
    expect(room.eldest([0])?.request.id).toBe(left[0]);
    room.enter(request(5), 0, 0);
    expect(idsIn(room)).toEqual([...left, 5]);
    expect([room.size, room.waiting(0)]).toEqual([left.length + 1, left.length + 1]);
  });

  it("visits all that wait, key by key, the oldest first", () => {
    const room = new WaitingRoom(2, 10);
    for (const [id, key] of [
      [1, 1],
      [2, 0],
      [3, 1],
      [4, 0],
    ])
      room.enter(request(id), key, 0);
    expect(idsIn(room)).toEqual([2, 4, 1, 3]);
  });

  it("integrates how many wait over time, for each key", () => {
    const room = new WaitingRoom(2, 10);
    const first = room.enter(request(1), 0, 100);
    room.enter(request(2), 0, 200);
    room.enter(request(3), 1, 200);
    room.leave(first, 500);
    // One for 100 ms, two for 300 ms, one for 500 ms.
    expect(room.waitingMs(0, 1000)).toBe(100 + 600 + 500);
    expect(room.waitingMs(1, 1000)).toBe(800);
    expect(new WaitingRoom(1, 1).waitingMs(0, 1000)).toBe(0);
  });

  it("takes 10 million requests, and ends the run with words at one more", () => {
    const room = new WaitingRoom(1, Number.POSITIVE_INFINITY);
    // In place of 10 million entries, which would take 2 GB.
    Object.assign(room, { total: 9_999_999 });
    room.enter(request(1), 0, 0);
    const enter = () => room.enter(request(2), 0, 0);
    expect(enter).toThrow(InputError);
    expect(enter).toThrow(
      /more than 10000000 waiting requests; expected a load .* a bounded waiting room. Set gateway.waitingRoom .*HR1601/,
    );
  });
});
