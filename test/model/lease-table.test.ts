import { describe, expect, it } from "vitest";
import { LeaseTable } from "../../src/model/lease-table.js";
import { SimRequest } from "../../src/model/request.js";
import { Dice } from "../swarm/dice.js";

function requestWith(id: number, more: Partial<SimRequest> = {}): SimRequest {
  return Object.assign(new SimRequest(), { id, source: id }, more);
}

/** The request of a lease, but for its pool and the time that it holds. */
function readFrom(table: LeaseTable, lease: number, read: "read" | "readWhole" = "read"): SimRequest {
  const request = new SimRequest();
  table[read](lease, request);
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
    const table = new LeaseTable(false);
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
    const table = new LeaseTable(false);
    const [first, second] = [requestWith(1), requestWith(2)];
    const lease = table.add(first, 0, -1);
    expect(readFrom(table, lease)).toEqual(first);
    expect(table.remove(lease, lease)).toBe(-1);
    expect(() => table.read(lease, first)).toThrow(/lease 0 is not in use/);
    expect(table.add(second, 4, -1)).toBe(lease);
    expect([readFrom(table, lease), table.owner(lease)]).toEqual([second, 4]);
  });

  it("gives back every number of a request, whichever other streams began and ended meanwhile", () => {
    const dice = new Dice("numbers");
    const table = new LeaseTable(true);
    const open = new Map<number, SimRequest>();
    for (let id = 1; id <= 3000; id++) {
      const attempt = dice.whole(0, 2);
      const place = { series: dice.whole(0, 9), region: dice.whole(0, 9), format: dice.whole(0, 9), attempt };
      const times = { arrivedAtMs: id + 0.25, startedAtMs: id + 0.75, patienceMs: dice.whole(1, 9) / 3 };
      const demands = { cpu: 0.1 * id, memoryBytes: id * 1e6, bitsPerSecond: 1 / id };
      const source = attempt === 0 ? id : dice.whole(1, id);
      const request = requestWith(id, { ...place, ...times, ...demands, source });
      open.set(table.add(request, 0, -1), request);
      if (open.size < 1200) continue;
      const [lease, asGiven] = Array.from(open)[dice.whole(0, open.size - 1)];
      expect(readFrom(table, lease)).toEqual(asGiven);
      expect(table.startedAtMs(lease)).toBe(asGiven.startedAtMs);
      table.remove(lease, -1);
      open.delete(lease);
    }
    for (const [lease, asGiven] of open) expect(readFrom(table, lease)).toEqual(asGiven);
  });

  it("keeps the number of a request beyond 2³¹ requests", () => {
    const table = new LeaseTable(false);
    const ids = [2 ** 31 - 2, 2 ** 31 - 1, 2 ** 31, 2 ** 40 + 1];
    const leases = ids.map((id) => table.add(requestWith(id), 0, -1));
    expect(leases.map((lease) => readFrom(table, lease).id)).toEqual(ids);
  });

  it("keeps how long a stream holds, and its demands only where they matter", () => {
    const request = requestWith(1, { holdingMs: 1234.5, cpu: 0.5 });
    const kept = [true, false].map((keepsDemands) => {
      const table = new LeaseTable(keepsDemands);
      const lease = table.add(request, 0, -1);
      const { holdingMs, cpu } = readFrom(table, lease, "readWhole");
      return [holdingMs, cpu, readFrom(table, lease).holdingMs];
    });
    expect(kept).toEqual([
      [1234.5, 0.5, Number.NaN],
      [1234.5, 0, Number.NaN],
    ]);
  });

  it("keeps owners, timers and lists when it grows beyond the first 1,024 streams", () => {
    const table = new LeaseTable(false);
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
    const table = new LeaseTable(false);
    const leases = [1, 2, 3].map((id) => table.add(requestWith(id), id, -1));
    table.remove(leases[1], leases[1]);
    const visited: number[] = [];
    table.forEachOpen((lease) => visited.push(readFrom(table, lease).id));
    expect(visited).toEqual([1, 3]);
  });

  it("refuses one stream more than its bound, however many have ended before", () => {
    const table = new LeaseTable(false, 3);
    const leases = [1, 2, 3].map((id) => table.add(requestWith(id), id, -1));
    table.remove(leases[0], leases[0]);
    table.add(requestWith(4), 4, -1);
    const refused = /^more than 3 open streams at once; expected a load that fits into memory\. Lower .*HR1601/;
    expect(() => table.add(requestWith(5), 5, -1)).toThrow(refused);
  });
});
