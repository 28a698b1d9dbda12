import { describe, expect, it } from "vitest";
import { LeaseTable } from "../../src/model/lease-table.js";
import { SimRequest } from "../../src/model/request.js";
import { Dice } from "../swarm/dice.js";

function requestWith(id: number): SimRequest {
  const request = new SimRequest();
  request.id = id;
  return request;
}

/** The leases of a streamlet, from the head of its list on. */
function listed(table: LeaseTable, head: number): number[] {
  const leases: number[] = [];
  for (let lease = head; lease >= 0; lease = table.next(lease)) leases.push(lease);
  return leases;
}

describe("the table of open streams", () => {
  it("keeps the leases of each streamlet, the newest first, whichever of them ends", () => {
    const dice = new Dice("leases");
    const table = new LeaseTable();
    const heads = [-1, -1, -1];
    const expected: number[][] = [[], [], []];
    for (let step = 0; step < 4000; step++) {
      const owner = dice.whole(0, 2);
      const own = expected[owner];
      if (own.length > 0 && dice.chance(0.45)) {
        const [lease] = own.splice(dice.whole(0, own.length - 1), 1);
        heads[owner] = table.remove(lease, heads[owner]);
      } else {
        heads[owner] = table.add(requestWith(step), owner, heads[owner]);
        own.unshift(heads[owner]);
      }
      if (step % 16 === 0) expect(heads.map((head) => listed(table, head))).toEqual(expected);
    }
    for (const [owner, leases] of expected.entries())
      for (const lease of leases) expect(table.owner(lease)).toBe(owner);
  });

  it("uses the lease of a stream that ended for the next one, and forgets the stream", () => {
    const table = new LeaseTable();
    const [first, second] = [requestWith(1), requestWith(2)];
    const lease = table.add(first, 0, -1);
    expect(table.request(lease)).toBe(first);
    expect(table.remove(lease, lease)).toBe(-1);
    expect(() => table.request(lease)).toThrow(/lease 0 is not in use/);
    expect(table.add(second, 4, -1)).toBe(lease);
    expect([table.request(lease), table.owner(lease)]).toEqual([second, 4]);
  });

  it("keeps owners, timers and lists when it grows beyond the first 1,024 streams", () => {
    const table = new LeaseTable();
    let head = -1;
    for (let i = 0; i < 5000; i++) {
      head = table.add(requestWith(i), i % 7, head);
      table.setTimer(head, 3 * i);
    }
    expect(listed(table, head)).toEqual(Array.from({ length: 5000 }, (_, i) => 4999 - i));
    const sample = [0, 1023, 1024, 2048, 4999];
    expect(sample.map((lease) => [table.owner(lease), table.timer(lease)])).toEqual(
      sample.map((lease) => [lease % 7, 3 * lease]),
    );
  });

  it("visits the open streams and no other", () => {
    const table = new LeaseTable();
    const leases = [1, 2, 3].map((id) => table.add(requestWith(id), id, -1));
    table.remove(leases[1], leases[1]);
    const visited: number[] = [];
    table.forEachOpen(({ id }) => visited.push(id));
    expect(visited).toEqual([1, 3]);
  });

  it("refuses one stream more than its bound, however many have ended before", () => {
    const table = new LeaseTable(3);
    const leases = [1, 2, 3].map((id) => table.add(requestWith(id), id, -1));
    table.remove(leases[0], leases[0]);
    table.add(requestWith(4), 4, -1);
    const refused = /^more than 3 open streams at once; expected a load that fits into memory\. Lower .*HR1601/;
    expect(() => table.add(requestWith(5), 5, -1)).toThrow(refused);
  });
});
