import { describe, expect, it } from "vitest";
import { Kernel } from "../../src/kernel/kernel.js";
import { FleetEntry, FleetLedger } from "../../src/model/fleet-ledger.js";
import { requestFor } from "../control/loaded-pools.js";

/** A ledger whose reports are lines of text. */
class LedgerBench {
  readonly kernel = new Kernel();
  readonly lines: string[] = [];
  readonly ledger: FleetLedger<FleetEntry>;

  constructor(room?: number) {
    const note = (line: string): void => void this.lines.push(line);
    this.ledger = new FleetLedger(this.kernel, ({ id }, reason, by) => note(`${id} leaves: ${reason} by ${by}`), room);
    this.ledger.subscribe({
      onReady: (id) => note(`${id} ready`),
      onStreamEnded: (id, request, end, degraded) =>
        note(`stream ${request.id} on ${id} ${end}${degraded ? ", degraded" : ""}`),
      onStopped: (id, reason) => note(`${id} stopped: ${reason}`),
      onRoom: () => note("room"),
      onHostLeaving: (id) => note(`the host of ${id} leaves`),
    });
  }

  starting(): FleetEntry {
    const entry = new FleetEntry(this.ledger.nextId(), 0, this.kernel.nowMs());
    this.ledger.add(entry);
    return entry;
  }

  /** A ready streamlet with this many streams. */
  ready(streams = 0): FleetEntry {
    const entry = this.starting();
    this.ledger.becomeReady(entry);
    for (let i = 0; i < streams; i++) this.ledger.openStream(entry);
    this.lines.length = 0;
    return entry;
  }

  endStream(entry: FleetEntry, id = 1): void {
    this.ledger.endStream(entry, requestFor(0, 0, { id }), "completed", false);
  }
}

describe("the ledger of a fleet", () => {
  it("finds living streamlets only, though their slots are used again", () => {
    const bench = new LedgerBench();
    const first = bench.starting();
    bench.ledger.terminate(first.id, "retired");
    const next = bench.starting();
    expect(next.id).not.toBe(first.id);
    expect([bench.ledger.find(first.id), bench.ledger.find(next.id)]).toEqual([undefined, next]);
    expect([bench.ledger.inSlot(0), bench.ledger.get(next.id)]).toEqual([next, next]);
    expect(() => bench.ledger.get(first.id)).toThrow(`streamlet ${first.id} is not alive`);
    expect(() => bench.ledger.get(99)).toThrow("streamlet 99 is not alive");
  });

  it("has room for its bound of streamlets, and again when one ends", () => {
    const bench = new LedgerBench(2);
    const first = bench.starting();
    expect(bench.ledger.hasRoom).toBe(true);
    bench.starting();
    expect(bench.ledger.hasRoom).toBe(false);
    bench.ledger.terminate(first.id, "spawn-cancelled");
    expect(bench.ledger.hasRoom).toBe(true);
    expect(bench.lines).toEqual(["0 leaves: spawn-cancelled by control"]);
  });

  it("visits the living, and adds up the lifetimes of the ended and the living", () => {
    const bench = new LedgerBench();
    bench.kernel.run(200);
    const entries = [bench.starting(), bench.starting(), bench.starting()];
    bench.kernel.run(1000);
    bench.ledger.terminate(entries[1].id, "retired");
    bench.kernel.run(1500);
    const visited: number[] = [];
    bench.ledger.forEach(({ id }) => void visited.push(id));
    expect(visited).toEqual([0, 2]);
    expect(bench.ledger.lifetimesMs(2000)).toBe(800 + 2 * 1800);
  });

  it("ends a draining streamlet with its last stream, and an empty one after the current task", () => {
    const bench = new LedgerBench();
    const [loaded, empty] = [bench.ready(2), bench.ready()];
    for (const { id } of [loaded, empty]) bench.ledger.drain(id);
    expect([bench.lines, bench.kernel.pending]).toEqual([[], 1]);
    bench.kernel.run(0);
    bench.endStream(loaded, 1);
    bench.endStream(loaded, 2);
    expect(bench.lines).toEqual([
      "1 leaves: drained by control",
      "1 stopped: drained",
      "stream 1 on 0 completed",
      "stream 2 on 0 completed",
      "0 leaves: drained by control",
      "0 stopped: drained",
    ]);
    expect(bench.ledger.open).toBe(0);
  });

  it("keeps a drained streamlet that was taken back or ended within the same task", () => {
    const bench = new LedgerBench();
    const [back, gone, busy] = [bench.ready(), bench.ready(), bench.ready()];
    for (const { id } of [back, gone, busy]) bench.ledger.drain(id);
    bench.ledger.undrain(back.id);
    bench.ledger.terminate(gone.id, "retired");
    bench.ledger.openStream(busy);
    bench.kernel.run(0);
    expect(bench.lines).toEqual(["1 leaves: retired by control"]);
    expect([back.state, busy.state]).toEqual(["ready", "draining"]);
  });

  it("stops a streamlet first and reports its streams then, as interrupted, each degraded or not", () => {
    const bench = new LedgerBench();
    const [failed] = [bench.ready(2), bench.ready(1)];
    const streams = [7, 8].map((id) => requestFor(0, 0, { id }));
    bench.ledger.stop(failed, "crashed", streams, (at) => at === 1);
    expect(bench.lines).toEqual([
      "0 leaves: crashed by world",
      "0 stopped: crashed",
      "stream 7 on 0 interrupted",
      "stream 8 on 0 interrupted, degraded",
    ]);
    expect([bench.ledger.open, failed.open]).toEqual([1, 0]);
  });

  it("passes on that there is room, and that a host leaves", () => {
    const bench = new LedgerBench();
    bench.ledger.onRoom();
    bench.ledger.onHostLeaving(5);
    expect(bench.lines).toEqual(["room", "the host of 5 leaves"]);
  });

  it("serves a fleet without a listener", () => {
    const kernel = new Kernel();
    const ledger = new FleetLedger<FleetEntry>(kernel, () => undefined);
    const entry = new FleetEntry(ledger.nextId(), 0, 0);
    ledger.add(entry);
    ledger.becomeReady(entry);
    ledger.openStream(entry);
    ledger.openStream(entry);
    ledger.endStream(entry, requestFor(0, 0), "completed", false);
    ledger.onRoom();
    ledger.onHostLeaving(entry.id);
    ledger.stop(entry, "crashed", [requestFor(0, 0)], () => false);
    expect([ledger.open, ledger.find(entry.id)]).toEqual([0, undefined]);
    const idle = new FleetEntry(ledger.nextId(), 0, 0);
    ledger.add(idle);
    ledger.becomeReady(idle);
    ledger.drain(idle.id);
    kernel.run(0);
    expect(ledger.find(idle.id)).toBeUndefined();
  });

  it("fails on a drain or a stream before readiness, and on an end that does not match the open streams", () => {
    const bench = new LedgerBench();
    const [starting, loaded] = [bench.starting(), bench.ready(2)];
    expect(() => bench.ledger.drain(starting.id)).toThrow("streamlet 0 was drained before it was ready");
    expect(() => bench.ledger.openStream(starting)).toThrow("streamlet 0 was given a stream before it was ready");
    expect(() => bench.ledger.terminate(loaded.id, "retired")).toThrow(
      "streamlet 1 was terminated (retired) with 2 open streams",
    );
    expect(() => bench.ledger.stop(loaded, "crashed", [requestFor(0, 0)], () => false)).toThrow(
      "streamlet 1 carries 2 streams, not 1",
    );
  });
});
