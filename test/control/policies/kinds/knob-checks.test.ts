import { describe, expect, it } from "vitest";
import type { Knobs } from "../../../../src/control/policies/kinds/knob.js";
import type { KnobFault } from "../../../../src/control/policies/kinds/policy-kind.js";
import { builtInPolicies } from "../../../../src/control/policies/registry.js";
import { policySchema } from "../../../../src/world/scenario/schema/policies/entry.js";
import { policyKindSchemas } from "../../../../src/world/scenario/schema/policies/kinds.js";

/** The faults in knobs that are each valid, for a policy with at least `min` streamlets. */
function faults(kind: string, knobs: Knobs, min = 1): KnobFault[] {
  return builtInPolicies.get(kind)?.check?.(knobs, min) ?? [];
}

/** The messages about a written policy, with what was expected and the remedy. */
function messages(kind: string, knobs: Knobs): unknown[] {
  const parsed = policySchema(kind, policyKindSchemas[kind]).safeParse({ kind, ...knobs });
  return (parsed.error?.issues ?? []).map((issue) => {
    const { expected, remedy } = ("params" in issue ? issue.params : {}) as Partial<KnobFault>;
    return [issue.path.join("."), issue.message, expected, remedy];
  });
}

describe("an HPA's knobs", () => {
  it("give the target in one way", () => {
    for (const kind of ["hpa", "phpa"]) {
      expect(faults(kind, {})).toEqual([]);
      expect(faults(kind, { targetUtilisation: 0.7, tolerance: 0.2 })).toEqual([]);
      expect(faults(kind, { metrics: [], targetOpenStreams: 5, targetUtilisation: 0.7 })).toEqual([
        {
          path: ["targetOpenStreams"],
          got: "targetUtilisation and targetOpenStreams and metrics together",
          expected: "one of them",
          remedy: "Put all of them into metrics",
        },
      ]);
    }
  });

  it("lead from 0 only with an external metric", () => {
    const external = { type: "external", metric: "demand", averageValue: 5 };
    const resource = { type: "resource", targetUtilisation: 0.7 };
    expect(faults("hpa", { metrics: [resource, external] }, 0)).toEqual([]);
    expect(faults("hpa", { metrics: [resource] }, 1)).toEqual([]);
    for (const knobs of [{}, { metrics: [resource] }])
      expect(faults("hpa", knobs, 0)).toEqual([
        {
          path: ["min"],
          got: "min 0 without an external metric",
          expected: "at least 1",
          remedy:
            "Without replicas nothing has a utilisation: give min: 1, or metrics with an external one such as demand",
        },
      ]);
  });

  it("have metrics with the values of their type, and no other", () => {
    const of = (metric: Knobs) => messages("hpa", { metrics: [metric] });
    const fault = (got: string, expected: string, remedy: string) => [["metrics.0", got, expected, remedy]];
    expect(of({ type: "resource", targetUtilisation: 0.7 })).toEqual([]);
    expect(of({ type: "pods", metric: "open-streams", averageValue: 6 })).toEqual([]);
    expect(of({ type: "external", metric: "demand", averageValue: 6 })).toEqual([]);
    expect(of({ type: "external", metric: "demand", value: 60 })).toEqual([]);
    expect(of({ type: "resource" })).toEqual(
      fault(
        "a metric of type resource with nothing else",
        "targetUtilisation alone",
        "For example {type: resource, targetUtilisation: 0.7}",
      ),
    );
    expect(of({ type: "resource", targetUtilisation: 0.7, metric: "demand" })).toEqual(
      fault(
        "a metric of type resource with targetUtilisation and metric",
        "targetUtilisation alone",
        "For example {type: resource, targetUtilisation: 0.7}",
      ),
    );
    expect(of({ type: "pods", metric: "demand", value: 6 })).toEqual(
      fault(
        "a metric of type pods with metric and value",
        "metric and averageValue",
        "For example {type: pods, metric: open-streams, averageValue: 6}",
      ),
    );
    for (const [values, got] of [
      [{ value: 60, averageValue: 6 }, "metric and value and averageValue"],
      [{}, "metric"],
    ] as const)
      expect(of({ type: "external", metric: "demand", ...values })).toEqual(
        fault(
          `a metric of type external with ${got}`,
          "metric and one of value and averageValue",
          "For example {type: external, metric: demand, averageValue: 6}",
        ),
      );
  });
});

describe("KEDA's knobs", () => {
  it("have an idle count below the minimum", () => {
    expect(faults("keda", { idleReplicaCount: 1 }, 2)).toEqual([]);
    expect(faults("keda", {}, 0)).toEqual([]);
    expect(faults("keda", { idleReplicaCount: 2 }, 2)).toEqual([
      {
        path: ["idleReplicaCount"],
        got: "idleReplicaCount 2 with min 2",
        expected: "less than min",
        remedy: "Raise min, or leave idleReplicaCount out",
      },
    ]);
  });

  it("have a formula of the names of their triggers", () => {
    const of = (formula: string, triggers?: readonly Knobs[]) =>
      faults("keda", { scalingModifiers: { formula }, ...(triggers === undefined ? {} : { triggers }) });
    const named = [
      { name: "a", metric: "demand" },
      { type: "cron", name: "b" },
    ];
    const remedy = "Give that trigger its name, or mend the formula; cpu and memory cannot be in a formula";
    const path = ["scalingModifiers", "formula"];
    expect(of("a + max(b, 1)", named)).toEqual([]);
    expect(of("1", [{ metric: "demand" }])).toEqual([]);
    expect(of("a + c", named)).toEqual([{ path, got: 'no trigger named "c"', expected: "one of a, b", remedy }]);
    expect(of("a")).toEqual([{ path, got: 'no trigger named "a"', expected: "triggers with names", remedy }]);
    // A resource trigger is no metric of KEDA's own; one without a name has none.
    expect(of("cpu", [{ type: "resource", name: "cpu" }, { metric: "demand" }])).toEqual([
      { path, got: 'no trigger named "cpu"', expected: "triggers with names", remedy },
    ]);
  });

  it("have triggers whose names differ", () => {
    const twins = [{ name: "b" }, { name: "a" }, { name: "a" }];
    expect(faults("keda", { scalingModifiers: { formula: "a" }, triggers: twins })).toEqual([
      {
        path: ["scalingModifiers", "formula"],
        got: 'two triggers named "a"',
        expected: "names that differ",
        remedy: "Rename one",
      },
    ]);
    expect(faults("keda", { triggers: twins })).toEqual([]);
  });

  it("report both faults at once", () => {
    const both = faults("keda", { idleReplicaCount: 3, scalingModifiers: { formula: "x" } }, 2);
    expect(both.map(({ got }) => got)).toEqual(['no trigger named "x"', "idleReplicaCount 3 with min 2"]);
  });

  it("have a formula that can be read, and a time zone that exists", () => {
    const remedy = "Rewrite it with these, or leave the formula out";
    const expected =
      "numbers, names of triggers, + - * /, comparisons, ?:, min, max, sum, mean, abs, ceil, floor, round";
    expect(messages("keda", { scalingModifiers: { formula: "a %% b", target: 3 } })).toEqual([
      ["scalingModifiers.formula", 'the formula "a %% b" is not understood ("%")', expected, remedy],
    ]);
    const long = `a % ${"b".repeat(100)}`;
    expect(messages("keda", { scalingModifiers: { formula: long, target: 3 } })).toEqual([
      ["scalingModifiers.formula", `the formula "${long.slice(0, 80)}" is not understood ("%")`, expected, remedy],
    ]);
    expect(messages("keda", { scalingModifiers: { formula: "a + 1", target: 3 } })).toEqual([]);
    const cron = { type: "cron", start: "0 8 * * *", end: "0 18 * * *", desiredReplicas: 4 };
    expect(messages("keda", { triggers: [{ ...cron, timezone: "Europe/London" }] })).toEqual([]);
    const sunday = { triggers: [{ ...cron, timezone: "UTC", end: "0 18 * * 7" }] };
    expect(messages("keda", sunday)).toMatchObject([
      [
        "triggers.0.end",
        '"0 18 * * 7" ("7" outside 0–6; Sunday is 0 in KEDA\'s cron)',
        "minute hour day-of-month month day-of-week",
        'For example "0 18 * * mon-fri"',
      ],
    ]);
    expect(messages("keda", { triggers: [{ ...cron, timezone: "Mars/Olympus" }] })).toEqual([
      ["triggers.0.timezone", '"Mars/Olympus"', "an IANA zone such as Europe/London", "For example UTC"],
    ]);
  });
});

describe("Jitsi's thresholds", () => {
  it("have the lower one below the upper one, whichever of them is left out", () => {
    const fault = (key: string, down: number, up: number) => [
      {
        path: [key],
        got: `scaleDownThreshold ${down}, scaleUpThreshold ${up}`,
        expected: "scaleDownThreshold < scaleUpThreshold",
        remedy: "The defaults are 0.3 and 0.8",
      },
    ];
    expect(faults("jitsi", {})).toEqual([]);
    expect(faults("jitsi", { scaleDownThreshold: 0.79 })).toEqual([]);
    expect(faults("jitsi", { scaleDownThreshold: 0.8 })).toEqual(fault("scaleDownThreshold", 0.8, 0.8));
    expect(faults("jitsi", { scaleUpThreshold: 0.3 })).toEqual(fault("scaleUpThreshold", 0.3, 0.3));
    expect(faults("jitsi", { scaleUpThreshold: 0.5, scaleDownThreshold: 0.6 })).toEqual(
      fault("scaleDownThreshold", 0.6, 0.5),
    );
  });
});

describe("the alarms of a step policy", () => {
  it("do not fire at once", () => {
    const of = (out: number | undefined, into: number | undefined) =>
      faults("aws-step", {
        ...(out === undefined ? {} : { stepOut: { threshold: out } }),
        ...(into === undefined ? {} : { stepIn: { threshold: into } }),
      });
    for (const [out, into] of [
      [undefined, undefined],
      [0.4, undefined],
      [undefined, 0.9],
      [0.6, 0.59],
    ])
      expect(of(out, into)).toEqual([]);
    for (const into of [0.6, 0.7])
      expect(of(0.6, into)).toEqual([
        {
          path: ["stepIn", "threshold"],
          got: `scale-in at ${into}, scale-out at 0.6`,
          expected: "scale-in below scale-out",
          remedy: "Both alarms would fire at once",
        },
      ]);
  });

  it("have bands side by side", () => {
    const of = (...steps: readonly Knobs[]) => faults("aws-step", { stepOut: { steps } }).map(({ path }) => path);
    const [below, middle, above] = [{ upper: 0.1 }, { lower: 0.1, upper: 0.2 }, { lower: 0.2 }];
    expect(of(below, middle, above)).toEqual([]);
    expect(of(above, below, middle)).toEqual([]);
    expect(of({})).toEqual([]);
    // Empty ones, and ones that overlap an earlier band from either side.
    expect(of({ lower: 0.1, upper: 0.1 })).toEqual([["stepOut", "steps", 0]]);
    expect(of(above, { lower: 0.2, upper: 0.1 })).toEqual([["stepOut", "steps", 1]]);
    expect(of(middle, { lower: 0.19 })).toEqual([["stepOut", "steps", 1]]);
    expect(of(middle, { upper: 0.11 })).toEqual([["stepOut", "steps", 1]]);
    expect(of(below, middle, { lower: 0.05, upper: 0.07 })).toEqual([["stepOut", "steps", 2]]);
  });

  it("report the first wrong band of each, after the thresholds", () => {
    const overlap = [{ adjustment: 1 }, { adjustment: 2 }];
    const knobs = { stepOut: { threshold: 0.4, steps: overlap }, stepIn: { threshold: 0.4, steps: overlap } };
    const found = faults("aws-step", knobs);
    expect(found.map(({ path }) => path.join("."))).toEqual(["stepIn.threshold", "stepOut.steps.1", "stepIn.steps.1"]);
    expect(found[1]).toEqual({
      path: ["stepOut", "steps", 1],
      got: "a band that is empty or overlaps another",
      expected: "bands side by side, lower < upper",
      remedy: "Bounds are differences to the threshold, such as {lower: 0, upper: 0.1, adjustment: 10}",
    });
  });
});

describe("a schedule", () => {
  it("has entries", () => {
    expect(faults("schedule", { entries: [] })).toEqual([]);
    expect(faults("schedule", { otherwise: 4 })).toEqual([
      {
        path: [],
        got: "a schedule without entries",
        expected: "entries",
        remedy: 'For example entries: [{cron: "0 8 * * *", count: 40}, {cron: "0 23 * * *", count: 10}]',
      },
    ]);
  });

  it("has cron times that can be read", () => {
    for (const cron of ["0 8 * * mon-fri", "0 8 * * 7"])
      expect(messages("schedule", { entries: [{ cron, count: 4 }] })).toEqual([]);
    expect(messages("schedule", { entries: [{ cron: "0 8 * *", count: 4 }] })).toEqual([
      [
        "entries.0.cron",
        '"0 8 * *" (4 fields instead of 5)',
        "minute hour day-of-month month day-of-week",
        'For example "0 18 * * mon-fri"',
      ],
    ]);
  });
});
