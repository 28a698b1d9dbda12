import { describe, expect, it } from "vitest";
import { tier } from "./fake-hosts.js";

describe("the tier of elastic hosts", () => {
  it("adds to the policy's count the room that streamlets take beyond their streams", () => {
    const { managed, next, telemetry } = tier(2);
    managed.ready(12);
    // Twelve streamlets fill three hosts; eight streams would fill one: two more than the policy
    // asks for.
    expect(next(1, 8)).toEqual(["add 2"]);
    expect(telemetry.decisions.at(-1)).toMatchObject({ wanted: 3, desired: 3, details: { needed: 3, slack: 2 } });
  });

  it("has no slack where streams fill the streamlets", () => {
    const { managed, next, telemetry } = tier(2);
    managed.ready(4);
    expect(next(2, 8)).toEqual([]);
    expect(telemetry.decisions.at(-1)).toMatchObject({ desired: 2, details: { needed: 1, slack: 0 } });
  });

  it("adds one host at a time while a pool finds no room, though by the sum there is some", () => {
    const { managed, next } = tier(2);
    managed.ready(4);
    managed.fleet.roomFor = 0;
    managed.manager.setDesired(0, 5);
    expect(managed.manager.shortOf).toEqual(["no-host-room"]);
    expect(next(2, 16)).toEqual(["add 2"]);
    // It is on its way: no further one is asked for.
    expect(next(3, 16)).toEqual([]);
  });

  it("drains the host with the fewest streamlets first, of equals the newest", () => {
    const { hosts, next } = tier(4);
    for (const [id, count] of [3, 1, 2, 1].entries()) hosts.streamlets.set(id, count);
    expect(next(3)).toEqual(["cordon 3"]);
    expect(next(1)).toEqual(["cordon 1", "cordon 2"]);
    hosts.emptied(1);
    expect(hosts.calls.splice(0)).toEqual(["remove 1"]);
  });

  it("takes a draining host back before it adds one, the last cordoned first", () => {
    const { hosts, next } = tier(3);
    for (let id = 0; id < 3; id++) hosts.streamlets.set(id, 1);
    expect(next(1)).toEqual(["cordon 2", "cordon 1"]);
    expect(next(2)).toEqual(["uncordon 1"]);
    expect(next(4)).toEqual(["uncordon 2", "add 3"]);
  });

  it("gives up hosts that are not ready yet before it drains any, the youngest first", () => {
    const { next } = tier(1);
    expect(next(3)).toEqual(["add 1", "add 2"]);
    expect(next(0)).toEqual(["cancel 2", "cancel 1", "cordon 0"]);
  });
});
