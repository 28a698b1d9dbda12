import { pathToFileURL } from "node:url";
import { InputError } from "../base/errors.js";
import { openForecaster } from "../forecasting/catalogue.js";
import type { CreateBalancer } from "../ports/balancer.js";
import type { TrainableForecaster } from "../ports/forecaster.js";
import type { CreatePolicy } from "../ports/policy.js";
import type { UserModules } from "../world/build-control.js";
import type { Scenario } from "../world/scenario/scenario.js";

/** Loads the modules that a scenario names as policies or balancers, and the libraries of the forecasters that it names; TypeScript goes through tsx, since Node 20 cannot run it. */
export async function loadUserModules(scenario: Scenario): Promise<UserModules> {
  const policies = new Map<string, CreatePolicy>();
  const balancers = new Map<string, CreateBalancer>();
  for (const { module } of scenario.policies) {
    if (module !== undefined && !policies.has(module))
      policies.set(module, await loadExport<CreatePolicy>(module, "createPolicy"));
  }
  const { module } = scenario.balancer;
  if (module !== undefined) balancers.set(module, await loadExport<CreateBalancer>(module, "createBalancer"));
  return { policies, balancers, forecasters: await loadForecasters(scenario) };
}

/** The challengers that the scenario's policies name; nothing heavy is loaded where there are none. */
async function loadForecasters(scenario: Scenario): Promise<ReadonlyMap<string, () => TrainableForecaster>> {
  const forecasters = new Map<string, () => TrainableForecaster>();
  const named = scenario.policies.flatMap(({ module, knobs }) =>
    module === undefined ? ((knobs.challengers ?? []) as readonly string[]) : [],
  );
  for (const name of new Set(named)) forecasters.set(name, (await openForecaster(name)).make);
  return forecasters;
}

async function loadExport<T>(file: string, name: string): Promise<T> {
  const exported = (await importFile(file))[name];
  if (typeof exported === "function") return exported as T;
  throw new InputError({
    where: file,
    got: exported === undefined ? `no export named ${name}` : `${name} is ${typeof exported}`,
    expected: `export function ${name}(knobs, context)`,
    remedy: "See 'Write a policy' and 'Write a balancer' in the README",
  });
}

async function importFile(file: string): Promise<Record<string, unknown>> {
  try {
    const url = pathToFileURL(file).href;
    if (!/\.[cm]?ts$/.test(file)) return (await import(url)) as Record<string, unknown>;
    const { tsImport } = await import("tsx/esm/api");
    return (await tsImport(url, import.meta.url)) as Record<string, unknown>;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new InputError({
      where: file,
      got: `a module that cannot be loaded (${message.split("\n")[0]})`,
      expected: "a JavaScript or TypeScript module",
    });
  }
}
