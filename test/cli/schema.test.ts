import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { jsonSchemas } from "../../src/cli/json-schemas.js";
import { root } from "./real-command.js";

const schemas = jsonSchemas();
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The numbers below a node that name no largest value, by path. */
function unboundedNumbers(node: unknown, path: string): string[] {
  if (node === null || typeof node !== "object") return [];
  const { type, maximum, exclusiveMaximum, const: only } = node as Readonly<Record<string, unknown>>;
  const isOpen = (type === "number" || type === "integer") && (maximum ?? exclusiveMaximum ?? only) === undefined;
  const below = Object.entries(node).flatMap(([key, value]) => unboundedNumbers(value, `${path}/${key}`));
  return isOpen ? [path, ...below] : below;
}

describe("the JSON Schemas that ship", () => {
  it("are those of scenario, run log, workload, calibration, and of what the commands print", () => {
    const kinds = "attack calibration check plan result run-log scenario sweep workload".split(" ");
    expect(readdirSync(join(root, "schema")).sort()).toEqual(kinds.map((kind) => `${kind}.schema.json`));
    expect(JSON.parse(read("package.json")).files).toContain("schema");
  });

  it.each(Object.keys(schemas))("%s is current: if not, run npm run schema and commit what it wrote", (name) => {
    expect(JSON.parse(read(`schema/${name}`))).toEqual(JSON.parse(JSON.stringify(schemas[name])));
  });

  it.each(["scenario", "workload", "calibration"])(
    "name a largest value of each number that a user writes in a %s: sums and products must stay finite",
    (kind) => {
      // A plan's ranges are numbers of any key: that key's own bound holds for each value tried.
      const ranges = /^\/\$defs\/\w+(?:\/anyOf\/0)?$/;
      const open = unboundedNumbers(schemas[`${kind}.schema.json`], "");
      expect(kind === "scenario" ? open.filter((path) => !ranges.test(path)) : open).toEqual([]);
    },
  );

  const scenario = z.fromJSONSchema(JSON.parse(read("schema/scenario.schema.json")));

  it.each(readdirSync(join(root, "scenarios")).filter((name) => name.endsWith(".yaml")))(
    "accept scenarios/%s",
    (name) => {
      expect(scenario.safeParse(parse(read(`scenarios/${name}`)))).toMatchObject({ success: true });
    },
  );

  it.each([
    ["a misspelt key", { duratoin: "1h" }],
    ["a policy without a kind", { policies: [{ min: 2 }] }],
    ["a misspelt knob", { policies: [{ kind: "hpa", targetUtilization: 0.7 }] }],
    ["a negative count of slots", { fleet: { streamlet: { slots: -1 } } }],
  ])("refuse %s", (_what, change) => {
    expect(scenario.safeParse({ ...parse(read("scenarios/mm10.yaml")), ...change }).success).toBe(false);
  });

  it.each(readdirSync(join(root, "traces")).filter((name) => name.endsWith(".workload.json")))(
    "accept traces/%s",
    (name) => {
      const workload = z.fromJSONSchema(JSON.parse(read("schema/workload.schema.json")));
      expect(workload.safeParse(JSON.parse(read(`traces/${name}`)))).toMatchObject({ success: true });
    },
  );
});
