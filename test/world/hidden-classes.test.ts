import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import { SimulatedRun } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { busyDocument, scenarioOf } from "./written-scenario.js";

/** V8 counts the calls of a function before it keeps what it has seen in it: eight here. */
const WORLDS = 12;

/** Whether V8 has the same hidden class for both. */
const haveSameClass = ((): ((a: object, b: object) => boolean) => {
  setFlagsFromString("--allow-natives-syntax");
  try {
    return new Function("a", "b", "return %HaveSameMap(a, b)") as (a: object, b: object) => boolean;
  } finally {
    setFlagsFromString("--no-allow-natives-syntax");
  }
})();

/** Where two graphs of objects differ in hidden classes, and how many objects were compared. */
function differences(a: object, b: object): { readonly paths: readonly string[]; readonly compared: number } {
  const paths: string[] = [];
  const seen = new Set<object>();
  const queue: [object, object, string][] = [[a, b, "run"]];
  for (const [one, other, path] of queue) {
    if (seen.has(one)) continue;
    seen.add(one);
    if (!haveSameClass(one, other)) paths.push(path);
    if (ArrayBuffer.isView(one)) continue;
    const twins = Object.getOwnPropertyDescriptors(other);
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(one))) {
      const twin: unknown = (twins as Readonly<Record<string, PropertyDescriptor>>)[key]?.value;
      if (typeof value === "object" && value !== null && typeof twin === "object" && twin !== null)
        queue.push([value, twin, `${path}.${key}`]);
    }
  }
  return { paths, compared: seen.size };
}

const busy = scenarioOf({
  ...busyDocument,
  policies: [
    ...busyDocument.policies,
    { kind: "hybrid", min: 1, reactive: { kind: "hpa", targetUtilisation: 0.7 } },
    { kind: "predictive", name: "with a warm pool", min: 1, warmPool: true },
    { kind: "aws-target-tracking", min: 1 },
  ],
});

describe("the worlds that one process simulates", () => {
  // With `{ ...parts, more }`, Node 20 gives each object a hidden class of its own from the ninth
  // on. Code that meets four of them becomes slow for good: HPA took 1.12 times as long.
  it.each(busy.policies.map((policy) => [policy.name, policy] as const))(
    "have the same hidden classes, with %s",
    (_, policy) => {
      const runs = Array.from({ length: WORLDS }, () => {
        const run = new SimulatedRun(busy, policy, noUserModules);
        run.advance(300_000);
        return run;
      });
      const { paths, compared } = differences(runs[WORLDS - 2], runs[WORLDS - 1]);
      expect(paths).toEqual([]);
      expect(compared).toBeGreaterThan(100);
    },
  );
});
