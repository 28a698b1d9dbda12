import { describe, expect, it } from "vitest";
import { scenarioFacts } from "../../../src/report/scenario-facts.js";
import { normaliseScenario } from "../../../src/world/scenario/normalise.js";
import type { Resources, TraceTable } from "../../../src/world/scenario/resources.js";
import type { Scenario } from "../../../src/world/scenario/scenario.js";
import { writtenScenario } from "../../../src/world/scenario/schema/document.js";
import { faultsOf, type ScenarioFault } from "../../../src/world/scenario/schema/issues.js";
import { alternatives, definition, discriminatorOf } from "../../../src/world/scenario/schema/known-keys.js";
import { type KeyCase, keyCases } from "./key-cases.js";

type Schema = Parameters<typeof alternatives>[0];
type Document = Record<string, unknown>;

const plain: Document = {
  name: "plain",
  duration: "1h",
  traffic: { source: "poisson", rate: "1/s" },
  streams: { holding: "1min" },
  fleet: { streamlet: { slots: 8 } },
  policies: [{ kind: "static", count: 3 }],
};

/**
 * Tested elsewhere: the knobs of policy kinds, the question of a plan, and the version, which has
 * one value.
 */
const ELSEWHERE = ["version", "policies", "plan", "fleet.regions.*.hosts.policy"];

/** Every key of the schema, with "*" for an entry of a list. A law is one value. */
function keysOf(schema: Schema, path: string = ""): string[] {
  const found = alternatives(schema).flatMap((one) => {
    const { type, shape = {}, element } = definition(one);
    if (type === "array" && element !== undefined) return keysOf(element, path === "" ? "" : `${path}.*`);
    if (isLaw(one)) return "contention" in shape ? [`${path}.contention`] : [];
    return Object.entries(shape).flatMap(([key, inner]) => {
      const at = path === "" ? key : `${path}.${key}`;
      return ELSEWHERE.includes(at) ? [] : [at, ...keysOf(inner, at)];
    });
  });
  return [...new Set(found)];
}

function isLaw(schema: Schema): boolean {
  const [key, kind] = discriminatorOf(schema) ?? [];
  return key === "kind" && ["constant", "exponential", "lognormal", "pareto", "empirical"].includes(String(kind));
}

/**
 * Without the sections that every scenario has; and classes in a list have the keys of a single
 * class.
 */
const keys = keysOf(writtenScenario)
  .filter((key) => !["traffic", "streams", "fleet"].includes(key))
  .filter((key) => !key.startsWith("fleet.streamlet.*"));

/** Twelve bins of ten minutes, each with another count. */
function table(file: string): TraceTable {
  return {
    file,
    startMs: Date.UTC(2026, 0, 5),
    binMs: 600_000,
    columns: { region: false, format: false, segment: false },
    series: [{ region: "", format: "", segment: "" }],
    values: [Float64Array.from({ length: 18 }, (_, i) => 600 + i)],
    interpolated: 0,
  };
}

/** A step of a path as faults write it: an index is a number. */
const step = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);

type Outcome = { readonly scenario: Scenario } | { readonly faults: readonly ScenarioFault[] };

function read(document: Document): Outcome {
  const parsed = writtenScenario.safeParse(document);
  if (!parsed.success) return { faults: faultsOf(parsed.error.issues, document, writtenScenario) };
  const faults: ScenarioFault[] = [];
  const { traffic } = parsed.data;
  const resources: Resources = {
    trace: "file" in traffic ? table(traffic.file) : undefined,
    profile: () => ({ valuesMs: Float64Array.of(100, 200), contention: 0 }),
    empirical: () => Float64Array.of(1, 2),
    modulePath: (path) => path,
  };
  const scenario = normaliseScenario(parsed.data, document, resources, faults);
  return scenario === undefined ? { faults } : { scenario };
}

/** Why the plain document is refused with this merged in. */
function refused(change: object): readonly ScenarioFault[] {
  const outcome = read(merged(plain, change) as Document);
  if ("scenario" in outcome) throw new Error(`accepted: ${JSON.stringify(change)}`);
  return outcome.faults;
}

function accepted(document: Document): Scenario {
  const outcome = read(document);
  if ("faults" in outcome) throw new Error(`refused: ${JSON.stringify(outcome.faults)} in ${JSON.stringify(document)}`);
  return outcome.scenario;
}

function merged(base: unknown, change: unknown): unknown {
  if (change === null || typeof change !== "object" || Array.isArray(change)) return change;
  const below = base !== null && typeof base === "object" && !Array.isArray(base) ? base : {};
  const next = new Map<string, unknown>(Object.entries(below));
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) next.delete(key);
    else next.set(key, merged(next.get(key), value));
  }
  return Object.fromEntries(next);
}

/** The document with a value at a key; "*" is the first entry of a list. */
function withKey(document: unknown, path: readonly string[], value: unknown): unknown {
  if (path.length === 0) return value;
  const [step, ...rest] = path;
  if (step === "*") {
    const [first, ...others] = document as readonly unknown[];
    return [withKey(first, rest, value), ...others];
  }
  const here = (document ?? {}) as Document;
  return { ...here, [step]: withKey(here[step], rest, value) };
}

function documentsOf(key: string, { beside = {}, value }: KeyCase): { readonly without: Document; with: Document } {
  const without = merged(plain, beside) as Document;
  return { without, with: withKey(without, key.split("."), value) as Document };
}

describe("the keys of a scenario", () => {
  it("are all tried here", () => {
    const own = Object.keys(keyCases).filter((key) => !key.startsWith("fleet.regions.*.hosts.policy"));
    expect(own.sort()).toEqual([...keys].sort());
  });

  it.each(Object.entries(keyCases))("%s acts: on the hash and on the facts", (key, one) => {
    const documents = documentsOf(key, one);
    const [before, after] = [accepted(documents.without), accepted(documents.with)];
    if (one.standsIn === undefined) expect(after.hash).not.toBe(before.hash);
    else expect(after.hash).toBe(before.hash);
    if (one.standsIn === "result") expect({ ...after, hash: "" }).not.toEqual({ ...before, hash: "" });
    else expect(factsOf(after)).not.toEqual(factsOf(before));
  });

  const idle = Object.entries(keyCases).filter(([, one]) => one.idle !== undefined);
  it.each(idle)("%s is refused at its place where it cannot act", (key, one) => {
    const document = withKey(merged(plain, one.idle), key.split("."), one.value) as Document;
    const outcome = read(document);
    if ("scenario" in outcome) throw new Error(`accepted: ${JSON.stringify(document)}`);
    const place = key.replaceAll("*", "0");
    const [fault] = outcome.faults.filter(
      ({ path }) => path.join(".").startsWith(place) || place.startsWith(path.join(".")),
    );
    expect(fault?.remedy ?? fault?.expected).toBeTruthy();
    expect(fault?.atKey).toBe(true);
  });

  const ranged = Object.entries(keyCases).flatMap(([key, { outside }]) =>
    outside === undefined ? [] : [[key, outside] as const],
  );
  it.each(ranged)("%s is refused at its place with a value that no run can notice", (key, outside) => {
    const { beside = {}, value, inside } = outside;
    const at = (one: unknown) => withKey(merged(plain, beside), key.split("."), one) as Document;
    accepted(at(inside));
    const outcome = read(at(value));
    if ("scenario" in outcome) throw new Error(`accepted: ${JSON.stringify(at(value))}`);
    expect(outcome.faults.map(({ path }) => path.join("."))).toEqual([key.replaceAll("*", "0")]);
    expect(outcome.faults[0].remedy).toBeTruthy();
  });

  it.each([
    ["latency bound as long as the window", "slo.startLatencyP99", { warmup: "30min" }, "30min", "29min"],
    ["latency bound that patience keeps", "slo.startLatencyP99", { streams: { patience: "10s" } }, "10s", "9s"],
    ["tick as long as the run", "policies.*.tick", { policies: [{ kind: "hpa" }] }, "1h", "59min"],
    [
      "tick as long as the run, but for none at all",
      "policies.*.tick",
      { policies: [{ kind: "hpa" }] },
      "2h",
      "infinite",
    ],
    ["scrape lag as long as the run", "policies.*.scrapeLag", { policies: [{ kind: "hpa" }] }, "1h", "59min"],
    ["count above the regions' max", "policies.*.count", { fleet: { regions: [{ name: "eu", max: 2 }] } }, 3, 2],
  ])("refuse a %s", (_what, key, beside, value, inside) => {
    const at = (one: unknown) => withKey(merged(plain, beside), key.split("."), one) as Document;
    accepted(at(inside));
    const outcome = read(at(value));
    expect(outcome).toMatchObject({ faults: [{ path: key.replace("*", "0").split(".").map(step) }] });
  });

  it.each(["name", "min", "max", "mode", "scrapeLag", "scaleIn", "unit", "warmPool", "challengers", "manifest"])(
    "that other policies take are refused for a policy of hosts: %s",
    (key) => {
      const hosts = { policy: { kind: key === "manifest" ? "hpa" : "predictive", [key]: 1 } };
      const [fault] = refused({ fleet: { regions: [{ name: "eu", hosts, cpu: 8 }] } });
      expect(fault).toMatchObject({ path: ["fleet", "regions", 0, "hosts", "policy", key], atKey: true });
      expect(fault.remedy).toMatch(/Leave it out|Write its knobs here/);
    },
  );

  it("refuse another policy of hosts in a second region, and take the same", () => {
    const regions = (second: string) => ({
      fleet: {
        streamlet: { cpu: 1 },
        regions: [
          { name: "eu", hosts: { policy: { kind: "hpa" } }, cpu: 8 },
          { name: "us", hosts: { policy: { kind: second } }, cpu: 8 },
        ],
      },
    });
    expect(refused(regions("square-root"))[0].path).toEqual(["fleet", "regions", 1, "hosts", "policy"]);
    accepted(merged(plain, regions("hpa")) as Document);
  });

  it("refuse keys that a built-in balancer does not have, and pass a module its own", () => {
    const [fault] = refused({ balancer: { kind: "weighted-score", laod: 2 } });
    expect(fault).toMatchObject({ path: ["balancer", "laod"], remedy: 'Did you mean "load"?' });
    const { knobs } = accepted({ ...plain, balancer: { kind: "./mine.js", laod: 2 } }).balancer;
    expect(knobs).toEqual({ laod: 2 });
  });

  it("do not change the hash where they repeat a default", () => {
    const spoken = merged(plain, {
      warmup: "0s",
      traffic: { history: "0s", epoch: "2026-01-05T00:00:00Z" },
      streams: { patience: "infinite" },
      fleet: { max: "infinite", warmPool: 0, restart: { backoff: "1s" }, streamlet: { cpu: "infinite", spawn: "0s" } },
      faults: { streamletMtbf: "never", hangTimeout: "2s" },
      gateway: { waitingRoom: "infinite" },
      balancer: "least-connections",
    });
    expect(accepted(spoken as Document).hash).toBe(accepted(plain).hash);
  });
});

/** Facts of the policies, too: `fleet.scaleIn` is part of each policy once it is read. */
function factsOf(scenario: Scenario): unknown {
  return [scenarioFacts(scenario), scenario.policies.map((policy) => policy.scaleIn)];
}
