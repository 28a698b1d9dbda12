import { describe, expect, it } from "vitest";
import { InputError } from "../../src/base/errors.js";
import type { Candidates, CreateBalancer, StreamletPoolView, StreamletView } from "../../src/ports/balancer.js";
import type { StreamRequest } from "../../src/ports/fleet.js";
import { simulate } from "../../src/world/simulate.js";
import { ordinaryScenario } from "./ordinary-scenario.js";

function run(create: unknown): () => void {
  const scenario = ordinaryScenario({ durationMs: 60_000, warmupMs: 0, balancer: { kind: "./mine.js", knobs: {} } });
  const modules = { policies: new Map(), balancers: new Map([["./mine.js", create as CreateBalancer]]) };
  return () => simulate(scenario, scenario.policies[0], 0, modules);
}

/** A balancer that returns what `pick` makes of the request and the first candidate. */
function picking(pick: (request: StreamRequest, pool: StreamletPoolView) => unknown) {
  return () => ({ pick: (request: StreamRequest, candidates: Candidates) => pick(request, candidates.pool(0)) });
}

describe("a balancer of the user's own", () => {
  it("sees the streamlets that are available, in a list of its own, and none of a request's future", () => {
    let keys: string[] = [];
    const create = picking((request, pool) => {
      keys = Object.keys(request);
      (pool.available as StreamletView[]).length = 0;
      return pool.available.find(({ open }) => open === pool.leastLoaded()?.open);
    });
    expect(run(create)).not.toThrow();
    expect(keys).not.toContain("holdingMs");
  });

  it("serves streams where it picks a streamlet with a free slot", () => {
    const create: CreateBalancer = () => ({ pick: (_request, candidates) => candidates.pool(0).leastLoaded() });
    expect(run(create)).not.toThrow();
  });

  it.each([
    [
      "throws at once",
      () => {
        throw new Error("no");
      },
      /createBalancer threw: no/,
    ],
    ["makes nothing", () => undefined, /returned no object with pick/],
    [
      "throws on a pick",
      () => ({
        pick: () => {
          throw new Error("oh");
        },
      }),
      /pick threw: oh/,
    ],
    ["picks what is none", () => ({ pick: () => ({ id: 1, open: 0, slots: 1 }) }), /cannot take the stream/],
    ["writes into a streamlet", picking((_, pool) => Object.assign(pool.leastLoaded() ?? {}, { open: 0 })), /open/],
    ["writes into a pool", picking((_, pool) => Object.assign(pool, { slots: 100 })), /read only property 'slots'/],
    ["writes into the request", picking((request) => Object.assign(request, { region: 7 })), /'region'/],
    ["returns a promise", picking(async () => undefined), /cannot take the stream/],
    ["picks null", () => ({ pick: () => null }), /cannot take the stream/],
  ])("is named as the culprit when it %s", (_name, create, message) => {
    expect(run(create)).toThrow(InputError);
    expect(run(create)).toThrow(message);
  });

  it("is named as the culprit when it keeps picking a streamlet that is full", () => {
    let first: StreamletView | undefined;
    const create: CreateBalancer = () => ({
      pick: (_request, candidates) => {
        first ??= candidates.pool(0).leastLoaded();
        return first;
      },
    });
    expect(run(create)).toThrow(/cannot take the stream/);
  });
});
