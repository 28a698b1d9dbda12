import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/base/random.js";
import { Kernel } from "../../src/kernel/kernel.js";
import { ReconnectingClients, type ReconnectLaw } from "../../src/model/clients.js";
import { RequestStock, type SimRequest } from "../../src/model/request.js";
import { Phase } from "../../src/ports/scheduler.js";
import { simulate } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { simRequest } from "../world/hand-driven.js";
import { scenarioOf } from "../world/written-scenario.js";

const law: ReconnectLaw = { backoffMs: 1000, factor: 2, maxMs: 5000, attempts: 4, jitter: 0 };

/**
 * Clients whose every new request is answered by `answer`; returns their requests with the times.
 */
function bench(more: Partial<ReconnectLaw>, answer: (clients: ReconnectingClients, request: SimRequest) => void) {
  const kernel = new Kernel();
  const sent: { atMs: number; attempt: number; holdingMs: number; id: number }[] = [];
  const clients = new ReconnectingClients({ ...law, ...more }, new RandomStream("reconnect"), {
    scheduler: kernel,
    stock: new RequestStock(),
    send: (request) => {
      sent.push({ atMs: kernel.nowMs(), attempt: request.attempt, holdingMs: request.holdingMs, id: request.id });
      answer(clients, request);
    },
  });
  return { kernel, clients, sent };
}

/** A stream that began at 0 and was to hold this long. */
function running(holdS: number): SimRequest {
  const request = simRequest({ atS: 0, holdS }, 100);
  request.startedAtMs = 0;
  return request;
}

describe("interrupted clients", () => {
  it("ask again for the rest of their stream, as new requests", () => {
    const { kernel, clients, sent } = bench({}, () => undefined);
    kernel.run(4000);
    clients.onInterrupted(running(10));
    kernel.run(60_000);
    expect(sent).toEqual([{ atMs: 5000, attempt: 1, holdingMs: 6000, id: 1 }]);
  });

  it("bring all that their stream brought, and come by the name of its first attempt", () => {
    const brought = {
      ...{ series: 3, region: 1, format: 2, patienceMs: 700, source: 42 },
      ...{ cpu: 0.5, memoryBytes: 64, bitsPerSecond: 8 },
    };
    const came: SimRequest[] = [];
    const { kernel, clients } = bench({}, (_, request) => came.push(request));
    const stream = Object.assign(running(10), brought);
    kernel.run(4000);
    clients.onInterrupted(stream);
    // The object of the ended stream is used for another one before its client is back.
    Object.assign(stream, { series: 9, region: 9, format: 9, patienceMs: 9, source: 9, cpu: 9 });
    kernel.run(60_000);
    expect(came).toHaveLength(1);
    expect(came[0]).toMatchObject({ ...brought, arrivedAtMs: 5000, holdingMs: 6000, attempt: 1 });
    expect(came[0].startedAtMs).toBeNaN();
  });

  it("begin anew after each time that they were served, however often that is", () => {
    const streams = { served: 0 };
    const { kernel, clients, sent } = bench({}, (self, request) => {
      request.startedAtMs = kernel.nowMs();
      kernel.schedule(1000, Phase.Failure, () => {
        streams.served++;
        self.onInterrupted(request);
      });
    });
    kernel.run(1000);
    clients.onInterrupted(running(10));
    kernel.run(60_000);
    // Ten seconds, of which each stream serves one: nine reconnections, each after 1 s, although
    // four attempts in a row are allowed.
    expect(sent.map(({ atMs, attempt }) => [atMs, attempt])).toEqual(
      Array.from({ length: 9 }, (_, i) => [2000 + 2000 * i, 1]),
    );
    expect(streams.served).toBe(9);
  });

  it("wait longer after each refusal, up to the longest wait, until their attempts are used up", () => {
    const { kernel, clients, sent } = bench({}, (self, request) => self.onUnserved(request));
    clients.onInterrupted(running(10));
    kernel.run(60_000);
    expect(sent.map(({ atMs, attempt }) => [atMs, attempt])).toEqual([
      [1000, 1],
      [3000, 2],
      [7000, 3],
      [12_000, 4],
    ]);
  });

  it("do not come back for a stream that was at its end", () => {
    const { kernel, clients, sent } = bench({}, () => undefined);
    kernel.run(10_000);
    clients.onInterrupted(running(10));
    kernel.run(60_000);
    expect(sent).toEqual([]);
  });

  it("are the only ones that are repeated: a rejected first attempt is not", () => {
    const { kernel, clients, sent } = bench({}, () => undefined);
    clients.onUnserved(running(10));
    kernel.run(60_000);
    expect(sent).toEqual([]);
  });

  it("all come at once without jitter, and spread over their wait with full jitter", () => {
    const at = (jitter: number): number[] => {
      const { kernel, clients, sent } = bench({ jitter }, () => undefined);
      for (let i = 0; i < 2000; i++) clients.onInterrupted(running(10));
      kernel.run(60_000);
      return sent.map(({ atMs }) => atMs);
    };
    expect(new Set(at(0))).toEqual(new Set([1000]));
    const spread = at(1);
    const mean = spread.reduce((sum, atMs) => sum + atMs, 0) / spread.length;
    // Uniform in (0, 1 s): a standard error of 1000/√(12·2000) = 6.5 ms.
    expect(Math.abs(mean - 500)).toBeLessThan(4 * 6.5);
    expect(Math.min(...spread)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...spread)).toBeLessThanOrEqual(1000);
    expect(Math.min(...at(0.25))).toBeGreaterThanOrEqual(750);
  });

  it("give up when their stream is killed at once again and again, though their wait is 0", () => {
    const { kernel, clients, sent } = bench({ backoffMs: 0, maxMs: 0 }, (self, request) => {
      if (sent.length > 1000) throw new Error("the same instant for ever");
      request.startedAtMs = request.arrivedAtMs;
      self.onInterrupted(request);
    });
    clients.onInterrupted(running(10));
    kernel.run(60_000);
    expect(sent).toHaveLength(4);
  });
});

describe("a thundering herd", () => {
  const document = {
    name: "herd",
    seed: 3,
    duration: "30min",
    traffic: { source: "poisson", rate: "10/s" },
    streams: { holding: { kind: "exponential", mean: "2min" } },
    reconnect: { backoff: "5s", factor: 2, max: "1min", attempts: 8 },
    fleet: { regions: [{ name: "eu", hosts: 4 }], streamlet: { slots: 400 }, max: 20 },
    gateway: { waitingRoom: 100 },
    faults: { hostMtbf: "10min", hostRepair: "1min" },
    policies: [{ kind: "static", count: 8 }],
  };

  it("comes back after a host failure, all in one instant, and is counted apart from first attempts", () => {
    const scenario = scenarioOf(document);
    const { metrics, counts, timeline, stops } = simulate(scenario, scenario.policies[0], 0, noUserModules);
    expect(stops["host-failed"]).toBeGreaterThan(0);
    expect(counts.interrupted).toBeGreaterThan(200);
    expect(metrics.reconnections).toBeGreaterThan(200);
    // First attempts alone are Poisson at 10/s over half an hour.
    expect(Math.abs(metrics.arrivals - 18_000)).toBeLessThan(4 * Math.sqrt(18_000));
    expect(counts.arrived).toBe(metrics.arrivals + metrics.reconnections);
    expect(timeline.arrivals.reduce((sum, n) => sum + n, 0)).toBe(metrics.arrivals);
  });

  it("stays away without a reconnect law", () => {
    const { reconnect: _, ...alone } = document;
    const scenario = scenarioOf(alone);
    const { metrics, counts } = simulate(scenario, scenario.policies[0], 0, noUserModules);
    expect(metrics.reconnections).toBe(0);
    expect(counts.arrived).toBe(metrics.arrivals);
  });
});
