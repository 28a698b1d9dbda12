import { pathToFileURL } from "node:url";
import { InputError } from "../base/errors.js";
import { openForecaster } from "../forecasting/catalogue.js";
import type { CreateBalancer } from "../ports/balancer.js";
import type { TrainableForecaster } from "../ports/forecaster.js";
import type { CreatePolicy } from "../ports/policy.js";
import type { Scenario } from "../world/scenario/scenario.js";
import type { UserModules } from "../world/user-modules.js";
import { loadingFault } from "./module-fault.js";
import { KnobReads, knobsFor } from "./module-knobs.js";
import { inStrictMode } from "./strict-modules.js";
import { importTypeScript } from "./typescript-module.js";
import { InThreadWatch, type ModuleWatch } from "./user-code-watch.js";

/** The modules of a scenario, and the knobs of each that were not read so far. */
export interface LoadedModules extends UserModules {
  unreadKnobs(): readonly string[];
}

/**
 * Loads the modules that a scenario names as policies or balancers, and the libraries of its
 * forecasters. `watch` marks when their code runs. Throws InputError.
 */
export async function loadUserModules(
  scenario: Scenario,
  watch: ModuleWatch = new InThreadWatch(),
): Promise<LoadedModules> {
  const policies = new Map<string, CreatePolicy>();
  const balancers = new Map<string, CreateBalancer>();
  const reads: KnobReads[] = [];
  for (const { module, knobs } of scenario.policies) {
    if (module === undefined) continue;
    const { create, adapted } = await loadExport<CreatePolicy>(module, "createPolicy", reads, watch);
    adapted(knobs);
    // A copy, since the module may change it.
    policies.set(module, (given, context) => create(adapted(structuredClone(given)), context));
  }
  const { module, knobs } = scenario.balancer;
  if (module !== undefined) {
    const { create, adapted } = await loadExport<CreateBalancer>(module, "createBalancer", reads, watch);
    adapted(knobs);
    balancers.set(module, (given, random) => create(adapted(structuredClone(given)), random));
  }
  return {
    policies,
    balancers,
    forecasters: await loadForecasters(scenario),
    watch,
    unreadKnobs: () => [...new Set(reads.flatMap((one) => one.unread))],
  };
}

/** The challengers of the scenario's policies. Loads no heavy library if there are none. */
async function loadForecasters(scenario: Scenario): Promise<ReadonlyMap<string, () => TrainableForecaster>> {
  const forecasters = new Map<string, () => TrainableForecaster>();
  const named = scenario.policies.flatMap(({ module, knobs }) =>
    module === undefined ? ((knobs.challengers ?? []) as readonly string[]) : [],
  );
  for (const name of new Set(named)) forecasters.set(name, (await openForecaster(name)).make);
  return forecasters;
}

/**
 * A module's function, and a function that checks the scenario's knobs against the declared ones,
 * or watches their use.
 */
interface LoadedExport<T> {
  readonly create: T;
  adapted(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

async function loadExport<T>(
  file: string,
  name: string,
  reads: KnobReads[],
  watch: ModuleWatch,
): Promise<LoadedExport<T>> {
  const exports = await watch.loading(file, () => importFile(file, watch));
  const { [name]: create, knobs: declared } = exports;
  if (typeof create !== "function") {
    throw new InputError({
      code: "HR1302",
      where: file,
      got: create === undefined ? `no export named ${name}` : `${name} is ${typeof create}`,
      expected: `export function ${name}(knobs, context)`,
      remedy: "See docs/howto-policy.md",
    });
  }
  const read = new KnobReads();
  if (declared === undefined) reads.push(read);
  return {
    create: create as T,
    adapted: (given) => (declared === undefined ? read.watched(given) : knobsFor(file, declared, given)),
  };
}

/** The messages of V8, and of built-ins.ts, for an assignment to a locked object. */
const LOCKED = /read.only property|not extensible|redefine property|cannot delete property/i;

async function importFile(file: string, watch: ModuleWatch): Promise<Record<string, unknown>> {
  const load = /\.[cm]?ts$/.test(file) ? () => importTypeScript(file) : () => import(pathToFileURL(file).href);
  try {
    const exports = (await inStrictMode(load)) as Record<string, unknown>;
    watch.checkShared();
    return exports;
  } catch (error) {
    const { where, text } = loadingFault(file, error);
    const importer = where.file === file ? "" : `, which ${file} imports`;
    throw new InputError({
      code: "HR1301",
      where,
      got: `a module that cannot be loaded (${text})${importer}`,
      expected: "a JavaScript or TypeScript module",
      ...(LOCKED.test(text)
        ? { remedy: "Leave JavaScript's built-ins as they are: the simulator uses them, too" }
        : {}),
    });
  }
}
