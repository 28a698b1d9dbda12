import type { CreateBalancer } from "../ports/balancer.js";
import type { TrainableForecaster } from "../ports/forecaster.js";
import type { CreatePolicy } from "../ports/policy.js";
import type { UserCodeWatch } from "./user-policy.js";

/**
 * The functions of user modules, by absolute path. They are loaded before a run, since loading is
 * asynchronous.
 */
export interface UserModules {
  readonly policies: ReadonlyMap<string, CreatePolicy>;
  readonly balancers: ReadonlyMap<string, CreateBalancer>;
  /** Watches while their code runs; no watch if left out. */
  readonly watch?: UserCodeWatch;
  /** Forecasters on libraries outside the core, by name, if a policy has them as challengers. */
  readonly forecasters?: ReadonlyMap<string, () => TrainableForecaster>;
}

export const noUserModules: UserModules = { policies: new Map(), balancers: new Map() };
