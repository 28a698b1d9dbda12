import { describe, expect, it } from "vitest";
import type { AttackWorld } from "../../../src/experiment/attack/attack-world.js";
import { shrink } from "../../../src/experiment/attack/shrink.js";

const big: AttackWorld = {
  document: {
    name: "big",
    seed: 1,
    duration: "8h",
    warmup: "10min",
    traffic: { history: "14d", mix: [{ region: "eu", share: 1 }] },
    streams: { holding: { kind: "lognormal", mean: "137s", cv: 2 }, patience: "10s" },
    fleet: { streamlet: { slots: 8, spawn: { kind: "lognormal", mean: "61s", cv: 1 } }, max: 400 },
    faults: { streamletMtbf: "1h", spawnFailure: 0.13, hangMtbf: "6h" },
    policies: [{ kind: "hpa" }],
    slo: { startLatencyP99: "200ms" },
  },
  shape: {
    ratePerSecond: 2.7,
    wave: { kind: "sine", height: 0.6, periodMs: 3_600_000, phaseMs: 360_000 },
    surge: { atMs: 7_200_000, lengthMs: 300_000, height: 10 },
  },
};

const hasLaw = (law: unknown): boolean => {
  const { kind, value, mean } = (law ?? {}) as Readonly<Record<string, unknown>>;
  return kind !== undefined && (value ?? mean) !== undefined;
};

type Parts = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/**
 * Shrinks with a condition on the document's parts, and records each step. Like the parser it
 * needs a duration.
 */
async function shrunk(holds: (document: Parts, world: AttackWorld) => boolean) {
  const steps: string[] = [];
  const world = await shrink(
    big,
    async (one) => one.document.duration !== undefined && holds(one.document as Parts, one),
    (_, what) => steps.push(what),
    () => false,
  );
  return { world, document: world.document as Parts, steps };
}

describe("making a world smaller", () => {
  it("keeps the one fault that matters and the conditions of the comparison, and takes all else away", async () => {
    const { world, document, steps } = await shrunk(
      ({ faults, streams, fleet }) => faults?.spawnFailure !== undefined && hasLaw(streams?.holding) && !!fleet,
    );
    expect(document.faults).toEqual({ spawnFailure: 0.1 });
    expect([document.warmup, document.traffic]).toEqual(["10min", { history: "14d" }]);
    expect(document.duration).toBe("20min");
    expect(document.streams).toEqual({ holding: { kind: "constant", value: "100s" } });
    expect(document.policies).toEqual(big.document.policies);
    expect(world.shape?.wave ?? world.shape?.surge).toBeUndefined();
    expect(world.shape?.ratePerSecond).toBeLessThan(0.1);
    expect(steps).toContain("without faults.streamletMtbf");
  });

  it("moves a surge with the duration and lowers it as long as the world holds", async () => {
    const { world, document } = await shrunk((_, { shape }) => (shape?.surge?.height ?? 0) >= 5);
    expect(document.duration).toBe("20min");
    expect(world.shape?.surge).toMatchObject({ height: 5, lengthMs: 300_000 });
    expect(world.shape?.surge?.atMs).toBeLessThan(20 * 60_000);
  });

  it("leaves a world as it is where nothing can go, and asks a bounded number of times", async () => {
    let asked = 0;
    const { world } = await shrunk(() => {
      asked++;
      return false;
    });
    expect(world).toBe(big);
    expect(asked).toBeGreaterThan(20);
    expect(asked).toBeLessThan(100);
  });

  it("ends early when time is up", async () => {
    const world = await shrink(
      big,
      async () => true,
      () => undefined,
      () => true,
    );
    expect(world).toBe(big);
  });
});
