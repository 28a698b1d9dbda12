import { describe, expect, it } from "vitest";
import { erlangCMeanWaitMs } from "../../src/base/queueing.js";
import {
  setupQueueMeans,
  singleServerSetupResponseMs,
  staggeredSetupQueueMeans,
  unlimitedSetupQueueMeans,
} from "../../src/base/setup-queues.js";

describe("queues with setup", () => {
  it("M/M/10/setup at ρ 0.5 and α 0.1 gives Gandhi's figures", () => {
    const means = setupQueueMeans({ servers: 10, load: 5, holdingMs: 1, setupMs: 10 });
    expect(means.responseMs).toBeCloseTo(2.66335, 5);
    expect(means.on).toBeCloseTo(5, 9);
    expect(means.inSetup).toBeCloseTo(3.63516, 5);
  });

  it("one server is Welch's closed form", () => {
    for (const load of [0.1, 0.5, 0.8]) {
      const chain = setupQueueMeans({ servers: 1, load, holdingMs: 2, setupMs: 7 });
      expect(chain.responseMs).toBeCloseTo(singleServerSetupResponseMs(load, 2, 7, 1), 8);
      expect(chain.responseMs).toBeCloseTo(2 / (1 - load) + 7, 8);
    }
  });

  it("staggered setup is the plain queue plus one setup time", () => {
    for (const [servers, load, setupMs] of [
      [2, 1, 3],
      [10, 5, 10],
      [5, 4, 1],
    ]) {
      const means = staggeredSetupQueueMeans({ servers, load, holdingMs: 1, setupMs });
      expect(means.responseMs).toBeCloseTo(erlangCMeanWaitMs(servers, load, 1) + 1 + setupMs, 7);
    }
  });

  it("without a cap the product form is the limit of many servers", () => {
    const many = setupQueueMeans({ servers: 50, load: 3, holdingMs: 1, setupMs: 10 });
    const unlimited = unlimitedSetupQueueMeans({ load: 3, holdingMs: 1, setupMs: 10 });
    expect(many.inSetup).toBeCloseTo(unlimited.inSetup, 7);
    expect(many.responseMs).toBeCloseTo(unlimited.responseMs, 7);
  });

  it("setups that take no time leave the plain queue, and L = λW throughout", () => {
    const queue = { servers: 4, load: 3, holdingMs: 1, setupMs: 1e-7 };
    const means = setupQueueMeans(queue);
    expect(means.responseMs).toBeCloseTo(erlangCMeanWaitMs(4, 3, 1) + 1, 5);
    expect(means.on + means.waiting).toBeCloseTo(3 * means.responseMs, 9);
  });

  it("refuses a load that no stationary state carries", () => {
    expect(() => setupQueueMeans({ servers: 2, load: 2, holdingMs: 1, setupMs: 1 })).toThrow(/no stationary state/);
    expect(() => singleServerSetupResponseMs(1, 1, 1, 1)).toThrow();
  });
});
