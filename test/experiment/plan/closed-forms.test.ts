import { describe, expect, it } from "vitest";
import { erlangBServers, erlangCServersWithin } from "../../../src/base/queueing.js";
import { readQuestion } from "../../../src/experiment/plan/question.js";
import { size } from "../../../src/experiment/plan/size.js";
import { lossWorld, planOf, scenarioFile } from "./small-worlds.js";

describe("a size without simulation", () => {
  it.each([5, 50, 500])("is the closed form's number of servers, give or take one, at %d erlangs", async (load) => {
    const lines = lossWorld(load, 10, "[1]", 0.02);
    const loss = size((await readQuestion(scenarioFile(lines))).scenario).pools[0].needed;
    const exact = erlangBServers(load, 0.02);
    expect(Math.abs(loss.estimated - exact)).toBeLessThanOrEqual(1);
    expect(loss.certified).toBeGreaterThanOrEqual(exact);
    const waiting = lines
      .filter((line) => !line.startsWith("gateway"))
      .map((line) => line.replace("rejectedRatio: 0.02", "startLatencyP95: 10s"));
    const queue = size((await readQuestion(scenarioFile(waiting))).scenario).pools[0].needed;
    expect(Math.abs(queue.estimated - erlangCServersWithin(load, 60_000, 10_000, 0.05))).toBeLessThanOrEqual(1);
    expect(queue.certified).toBeNull();
  });
});

describe("a plan of a queue with a closed form", () => {
  it.each([
    [5, 20],
    [50, 8],
  ])("is Erlang B's number of servers, give or take one, at %d erlangs", async (load, hours) => {
    const exact = erlangBServers(load, 0.02);
    const plan = await planOf(lossWorld(load, hours, `{from: 1, to: ${Math.ceil(1.5 * exact)}, step: 1}`, 0.02));
    expect(Math.abs(Number(plan.values["policies.static.count"]) - exact)).toBeLessThanOrEqual(1);
  });

  it.each([[5, 30]])("is M/M/k's number of servers, give or take one, at %d erlangs", async (load, hours) => {
    const exact = erlangCServersWithin(load, 60_000, 10_000, 0.05);
    const lines = lossWorld(load, hours, `{from: 1, to: ${Math.ceil(1.5 * exact)}, step: 1}`, 0.02)
      .filter((line) => !line.startsWith("gateway"))
      .map((line) => line.replace("rejectedRatio: 0.02", "startLatencyP95: 10s"));
    const plan = await planOf(lines);
    expect(Math.abs(Number(plan.values["policies.static.count"]) - exact)).toBeLessThanOrEqual(1);
  });
});
