import { describe, expect, it } from "vitest";
import { RoomRetry } from "../../src/control/room-retry.js";
import { Kernel } from "../../src/kernel/kernel.js";

function retryOf(pools: number): { kernel: Kernel; retried: number[]; room: RoomRetry } {
  const kernel = new Kernel();
  const retried: number[] = [];
  return { kernel, retried, room: new RoomRetry(pools, kernel, (pool) => retried.push(pool)) };
}

describe("the retry of launches that fell short", () => {
  it("begins with no pool that is short", () => {
    const { room, kernel } = retryOf(3);
    expect(room.shortOf).toEqual(["", "", ""]);
    room.offer();
    expect(kernel.pending).toBe(0);
  });

  it.each([
    ["fleet-max", [1]],
    ["no-host-room", [1]],
    // A stopped streamlet gives room, but ends no back-off.
    ["restart-backoff", []],
  ])("of a pool that fell short for %s retries %j", (why, expected) => {
    const { room, kernel, retried } = retryOf(3);
    room.shortOf[1] = why;
    room.offer();
    kernel.run(0);
    expect(retried).toEqual(expected);
  });

  it("comes once after the current task, however many streamlets stopped in it", () => {
    const { room, kernel, retried } = retryOf(2);
    room.shortOf[0] = "fleet-max";
    room.offer();
    room.offer();
    expect([kernel.pending, retried.length]).toEqual([1, 0]);
    kernel.run(0);
    expect(retried).toEqual([0]);
    // The next streamlet that stops gives the pool another try.
    room.offer();
    kernel.run(0);
    expect(retried).toEqual([0, 0]);
  });
});
