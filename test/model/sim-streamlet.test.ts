import { describe, expect, it } from "vitest";
import { constantLaw, distributionOf } from "../../src/base/distribution.js";
import { SimStreamlet } from "../../src/model/sim-streamlet.js";

describe("the model's record of a streamlet", () => {
  it("begins as one that is well, will become ready, has no stream, and needs no more than its own memory", () => {
    const spec = {
      ...{ pool: 3, region: 0, baseMemoryBytes: 96, oomAboveBytes: 500, contention: 0 },
      reservation: { cpu: 1, memoryBytes: 100, bitsPerSecond: 1 },
      spawn: distributionOf(constantLaw(60)),
    };
    const { health, spawnOutcome, firstLease, memoryBytes, pool, host } = new SimStreamlet(7, 1000, spec, undefined);
    expect({ health, spawnOutcome, firstLease, memoryBytes, pool, host }).toEqual({
      ...{ health: "well", spawnOutcome: "ready", firstLease: -1, memoryBytes: 96, pool: 3, host: undefined },
    });
  });
});
