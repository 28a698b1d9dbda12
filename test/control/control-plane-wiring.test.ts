import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/base/random.js";
import { LeastConnections } from "../../src/control/balancers/least-connections.js";
import { ControlPlane, type ControlSpec } from "../../src/control/control-plane.js";
import { PolicyFailure } from "../../src/control/policy-failure.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { streamletId } from "../../src/ports/fleet.js";
import type { ArrivalOutlook, Policy } from "../../src/ports/policy.js";
import type { PolicyFailureRecord } from "../../src/ports/telemetry.js";
import { FakeFleet, NotedTelemetry, never, poolSpec } from "./fake-parts.js";
import { distanceMs, requestFor } from "./loaded-pools.js";

class CountingTelemetry extends NotedTelemetry {
  asked = 0;
  readonly failures: PolicyFailureRecord[] = [];
  onPolicyAsked(): void {
    this.asked++;
  }
  onPolicyFailure(failure: PolicyFailureRecord): void {
    this.failures.push(failure);
  }
}

/** A control plane of one pool of two-slot streamlets, with a fake fleet and a real kernel. */
class ControlBench {
  readonly kernel = new Kernel();
  readonly fleet = new FakeFleet();
  readonly telemetry = new CountingTelemetry();
  readonly triggers: string[] = [];
  readonly control: ControlPlane;

  constructor(policy: Omit<Policy, "decide">, more: Partial<ControlSpec> = {}) {
    const spec: ControlSpec = {
      pools: [poolSpec(0)],
      geography: { regionCount: 1, formatCount: 1, distanceMs, spillOver: "none" },
      waitingRoom: 10,
      manager: {
        ...{ max: never, regionMax: [never], warmPool: 0, warmStartMs: () => 0, min: [0] },
        scaleIn: { victims: "emptiest", undrain: true, lazy: false },
        restart: { backoffMs: 1000, factor: 2, maxMs: 10_000, healthyAfterMs: 600_000 },
      },
      decider: { tickMs: never, scrapeLagMs: 0, min: [0], max: [9], mode: "active" },
      ...{ epochMs: 0, past: { binMs: 60_000, counts: [new Float64Array(0)] }, pastHoldingMs: new Float64Array(0) },
      ...more,
    };
    const decide: Policy["decide"] = ({ trigger, triggerPool }) => {
      this.triggers.push(triggerPool === -1 ? trigger : `${trigger} at ${triggerPool}`);
      return [];
    };
    const { kernel, fleet, telemetry } = this;
    this.control = new ControlPlane(spec, {
      ...{ scheduler: kernel, fleet, telemetry, balancer: new LeastConnections() },
      ...{ policy: { ...policy, decide }, random: new RandomStream("victims") },
    });
  }

  /** A streamlet becomes ready, gets three streams for two slots, and crashes. */
  life(): void {
    const { control, fleet, kernel } = this;
    const first = streamletId(0, 0);
    control.start([1]);
    kernel.run(1000);
    control.onReady(first);
    for (const id of [1, 2, 3]) control.request(requestFor(0, 0, { id, patienceMs: never, arrivedAtMs: 1000 }));
    control.onStreamEnded(first, fleet.assigned[0].request, "completed", false);
    control.onHostLeaving(first);
    control.onStopped(first, "crashed");
  }
}

describe("the wiring of the control plane", () => {
  it.each<[string, NonNullable<Policy["wakeOn"]>, string[]]>([
    ["nothing", [], ["start"]],
    ["a request that finds no slot", ["no-free-slot"], ["start", "no-free-slot at 0"]],
    ["a stream that ends", ["stream-ended"], ["start", "stream-ended"]],
    ["a streamlet that changes", ["streamlet-changed"], ["start", ...Array(3).fill("streamlet-changed")]],
  ])("wakes a policy that asks for %s then, and at no other event", (_, wakeOn, triggers) => {
    const bench = new ControlBench({ wakeOn });
    bench.life();
    expect(bench.triggers).toEqual(triggers);
  });

  it("does not wake a policy that names no events, and ticks never where the period is infinite", () => {
    const bench = new ControlBench({});
    bench.life();
    bench.kernel.run(1_000_000);
    expect(bench.triggers).toEqual(["start"]);
  });

  it("asks for no decision before its start", () => {
    const bench = new ControlBench({ wakeOn: ["no-free-slot"] });
    bench.control.request(requestFor(0, 0, { id: 1, patienceMs: never, arrivedAtMs: 0 }));
    expect(bench.telemetry.lines).toContain("1 waits");
    expect(bench.triggers).toEqual([]);
  });

  it("gives a slot that becomes free to the request that waits", () => {
    const bench = new ControlBench({});
    bench.life();
    expect(bench.fleet.assigned.map(({ request }) => request.id)).toEqual([1, 2, 3]);
  });

  it("gives the slots of a streamlet that becomes ready to the requests that wait", () => {
    const { control, fleet } = new ControlBench({});
    control.start([1]);
    control.request(requestFor(0, 0, { id: 1, patienceMs: never, arrivedAtMs: 0 }));
    expect(fleet.assigned).toEqual([]);
    control.onReady(streamletId(0, 0));
    expect(fleet.assigned.map(({ request }) => request.id)).toEqual([1]);
  });

  it("ticks at each multiple of the period", () => {
    const decider = { tickMs: 1000, scrapeLagMs: 0, min: [0], max: [9], mode: "active" } as const;
    const bench = new ControlBench({}, { decider });
    bench.control.start([0]);
    bench.kernel.run(3500);
    expect(bench.triggers).toEqual(["start", "tick", "tick", "tick"]);
  });

  it("serves streams also where no holding times are measured", () => {
    const bench = new ControlBench({}, { pastHoldingMs: undefined });
    bench.life();
    expect(bench.fleet.assigned).toHaveLength(3);
  });

  it("drains a streamlet whose host goes, and launches another", () => {
    const bench = new ControlBench({});
    bench.life();
    expect(bench.fleet.calls).toEqual(expect.arrayContaining(["drain 0", "launch 1 in 0"]));
  });

  it("launches what found no host when room comes back", () => {
    const bench = new ControlBench({});
    bench.fleet.roomFor = 0;
    bench.control.start([1]);
    expect(bench.fleet.takeCalls()).toEqual([]);
    bench.fleet.roomFor = 1;
    bench.control.onRoom();
    expect(bench.fleet.takeCalls()).toEqual(["launch 0 in 0"]);
  });

  it("refuses a stream that was on a streamlet which crashed, where it has a quarantine, and only there", () => {
    const refusals = (quarantine: ControlSpec["quarantine"]): string[] => {
      const { control, fleet, telemetry } = new ControlBench({}, quarantine === undefined ? {} : { quarantine });
      const request = (id: number): void =>
        control.request(requestFor(0, 0, { id, source: 7, patienceMs: never, arrivedAtMs: 0 }));
      control.start([1]);
      control.onReady(streamletId(0, 0));
      request(1);
      control.onStopped(streamletId(0, 0), "crashed");
      control.onStreamEnded(streamletId(0, 0), fleet.assigned[0].request, "interrupted", false);
      request(2);
      return telemetry.lines.filter((line) => line.includes("rejected"));
    };
    expect(refusals({ deaths: 1, windowMs: 1000, holdMs: 60_000 })).toEqual([expect.stringMatching(/^2 rejected/)]);
    expect(refusals(undefined)).toEqual([]);
  });

  it("measures how long completed streams held, and not those that were cut short", () => {
    const survivalAfter = (end: "completed" | "interrupted"): number => {
      const { control, kernel, fleet } = new ControlBench({});
      control.start([1]);
      control.onReady(streamletId(0, 0));
      control.request(requestFor(0, 0, { id: 1, patienceMs: never, arrivedAtMs: 0 }));
      kernel.run(120_000);
      control.onStreamEnded(streamletId(0, 0), fleet.assigned[0].request, end, false);
      return control.monitor.observe("tick", -1).holding.survival(180_000);
    };
    expect(survivalAfter("completed")).toBeLessThan(survivalAfter("interrupted"));
  });

  it("shows the outlook of its policy, and none where the policy has none", () => {
    const outlook = { fromMs: 7 } as ArrivalOutlook;
    const { control } = new ControlBench({ outlook: (pool) => (pool === 0 ? outlook : undefined) });
    expect([control.outlook(0), control.outlook(1)]).toEqual([outlook, undefined]);
    expect(new ControlBench({}).control.outlook(0)).toBeUndefined();
  });
});

describe("an idle time-out that the policy draws", () => {
  const idle = (idleTimeoutMs: () => number): ControlBench => {
    const bench = new ControlBench({ idleTimeoutMs });
    bench.control.start([1]);
    bench.kernel.run(1000);
    bench.control.onReady(streamletId(0, 0));
    bench.fleet.takeCalls();
    return bench;
  };

  it("ends an empty streamlet after it", () => {
    const bench = idle(() => 5000);
    bench.kernel.run(5999);
    expect(bench.control.pools[0].ready).toHaveLength(1);
    bench.kernel.run(6001);
    expect(bench.control.pools[0].ready).toHaveLength(0);
  });

  it("does not run while the streamlet has streams, and begins again when the last one ends", () => {
    const { control, kernel, fleet } = idle(() => 5000);
    for (const id of [1, 2]) control.request(requestFor(0, 0, { id, patienceMs: never, arrivedAtMs: 1000 }));
    kernel.run(8000);
    control.onStreamEnded(streamletId(0, 0), fleet.assigned[0].request, "completed", false);
    kernel.run(20_000);
    expect(control.pools[0].ready).toHaveLength(1);
    control.onStreamEnded(streamletId(0, 0), fleet.assigned[1].request, "completed", false);
    kernel.run(24_999);
    expect(control.pools[0].ready).toHaveLength(1);
    kernel.run(25_001);
    expect(control.pools[0].ready).toHaveLength(0);
  });

  it.each([undefined, "mine.js:1:2"])("that fails keeps the streamlet, and is reported with its place (%s)", (at) => {
    const bench = idle(() => {
      throw new PolicyFailure("policy-threw", "no", at);
    });
    bench.kernel.run(1_000_000);
    expect(bench.control.pools[0].ready).toHaveLength(1);
    expect(bench.telemetry.failures).toStrictEqual([
      at === undefined ? { atMs: 1000, message: "no" } : { atMs: 1000, message: "no", at },
    ]);
    // The decision at the start, and the time-out.
    expect(bench.telemetry.asked).toBe(2);
  });

  it("lets an error that is no policy failure through", () => {
    expect(() =>
      idle(() => {
        throw new RangeError("our own");
      }),
    ).toThrow("our own");
  });
});
