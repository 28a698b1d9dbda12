import { SimRequest } from "../../src/model/request.js";
import type { Policy } from "../../src/ports/policy.js";
import { Phase } from "../../src/ports/scheduler.js";
import type { Scenario } from "../../src/world/scenario/scenario.js";
import { SimulatedRun } from "../../src/world/simulate.js";
import { noUserModules, type UserModules } from "../../src/world/user-modules.js";
import { scenarioOf } from "./written-scenario.js";

/** Traffic without arrivals: one in thirty thousand years. The test injects its requests. */
const silence = { source: "poisson", rate: "0.000000000001/s" };

/** A request by hand: when it comes, how long it holds and waits, in seconds. */
export interface HandRequest {
  readonly atS: number;
  readonly holdS: number;
  readonly patienceS?: number;
  readonly region?: number;
  readonly format?: number;
  readonly cpu?: number;
  readonly memoryBytes?: number;
  readonly bitsPerSecond?: number;
}

/** A run of a scenario in which these requests come, and no others. */
export function handDriven(document: object, requests: readonly HandRequest[], policy?: Policy): SimulatedRun {
  const scenario = scenarioOf({ name: "by-hand", traffic: silence, ...document });
  const run = new SimulatedRun(
    scenario,
    scenario.policies[0],
    policy === undefined ? noUserModules : made(scenario, policy),
  );
  requests.forEach((request, i) => {
    run.kernel.scheduleAt(request.atS * 1000, Phase.Arrival, () => run.control.request(simRequest(request, 1000 + i)));
  });
  return run;
}

export function simRequest(request: HandRequest, id: number): SimRequest {
  const { region = 0, format = 0, cpu = 0, memoryBytes = 0, bitsPerSecond = 0 } = request;
  const { atS, holdS, patienceS = Number.POSITIVE_INFINITY } = request;
  const times = { arrivedAtMs: atS * 1000, holdingMs: holdS * 1000, patienceMs: patienceS * 1000 };
  const load = { cpu, memoryBytes, bitsPerSecond };
  return Object.assign(new SimRequest(), { id, source: id, region, format, ...times, ...load });
}

function made(scenario: Scenario, policy: Policy): UserModules {
  return { policies: new Map([[scenario.policies[0].kind, () => policy]]), balancers: new Map() };
}
