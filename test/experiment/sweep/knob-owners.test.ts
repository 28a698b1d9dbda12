import { afterEach, expect, it } from "vitest";
import { settingsOf } from "../../../src/experiment/sweep/analyse.js";
import { parseSweep } from "../../../src/experiment/sweep/sweep-file.js";
import { planSweep } from "../../../src/experiment/sweep/sweep-plan.js";
import { Folder } from "../../cli/real-command.js";
import { smallScenario } from "./small-scenario.js";

let folder: Folder;
afterEach(() => folder.dispose());

/** The settings of each policy, as the values of their points. */
async function settings(policies: string, sweep: string): Promise<Record<string, unknown[][]>> {
  folder = new Folder({ "small.yaml": smallScenario(policies) });
  const spec = parseSweep(`${folder.path}/sweep.yaml`, `scenario: small.yaml\ndesign: grid\nseeds: 1\n${sweep}`);
  const found = settingsOf(await planSweep(spec, undefined), new Map());
  const names = Array.from(new Set(found.map(({ policy }) => policy)));
  const valuesOf = (name: string): unknown[][] =>
    found.filter(({ policy }) => policy === name).map(({ point }) => point.map(({ value }) => value));
  return Object.fromEntries(names.map((name) => [name, valuesOf(name)]));
}

it("counts an index in the scenario's list of policies, also where the sweep takes only some of them", async () => {
  const policies = "[{kind: hpa}, {kind: static, count: 5}, {kind: on-demand}]";
  const sweep = "policies: [static, on-demand]\naxes: {policies.1.count: [6, 8]}\n";
  expect(await settings(policies, sweep)).toEqual({ static: [[6], [8]], "on-demand": [[]] });
});

it("takes a policy's name before another one's kind, as the path itself does", async () => {
  const policies =
    "[{kind: static, count: 5, name: small}, {kind: on-demand, " +
    "name: other}, {kind: static, count: 3, name: on-demand}]";
  const sweep = "axes: {policies.on-demand.count: [6, 8]}\n";
  expect(await settings(policies, sweep)).toEqual({ small: [[]], other: [[]], "on-demand": [[6], [8]] });
});

it("finds the knobs of a kind that only the sweep names", async () => {
  const sweep = "policies: [hpa, static]\naxes: {policies.static.count: [6, 8]}\n";
  expect(await settings("[{kind: hpa}, {kind: static, count: 1, name: one}]", sweep)).toEqual({
    hpa: [[]],
    one: [[6], [8]],
  });
});

it("keeps the knobs of a policy that an axis replaces by one of another kind", async () => {
  const sweep = "axes: {policies.0.kind: [hpa, kpa], policies.0.min: [1, 2]}\n";
  expect(await settings("[{kind: hpa, min: 1}, {kind: on-demand}]", sweep)).toMatchObject({
    hpa: [
      ["hpa", 1],
      ["hpa", 2],
    ],
    kpa: [
      ["kpa", 1],
      ["kpa", 2],
    ],
  });
});
