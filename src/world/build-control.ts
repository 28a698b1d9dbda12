import { distributionOf } from "../base/distribution.js";
import type { RandomStreams } from "../base/random.js";
import { createBalancer, isBalancerKind } from "../control/balancers/built-in.js";
import { type ControlParts, ControlPlane, type ControlSpec } from "../control/control-plane.js";
import type { PastArrivals } from "../control/monitor/arrival-counts.js";
import { builtInPolicies, createBuiltInPolicy } from "../control/policies/registry.js";
import type { PoolSpec } from "../control/streamlet-pool.js";
import type { Balancer } from "../ports/balancer.js";
import type { FitMemory } from "../ports/forecaster.js";
import type { HostFleet } from "../ports/host-fleet.js";
import type { Policy, PolicyContext } from "../ports/policy.js";
import type { Training } from "../ports/training.js";
import { buildHosts } from "./build-hosts.js";
import { forecasterOf, trainerMaker } from "./build-trainer.js";
import { drawPastArrivals, drawPastHolding } from "./history.js";
import { homePools } from "./pools.js";
import type { PolicySpec } from "./scenario/policy-spec.js";
import type { Scenario } from "./scenario/scenario.js";
import { SimulatedTraining } from "./simulated-training.js";
import { createUserBalancer } from "./user-balancer.js";
import type { UserModules } from "./user-modules.js";
import { createUserPolicy, unwatched } from "./user-policy.js";

/**
 * Wires the control plane of one run. The caller supplies the fleet and the telemetry, simulated or
 * real.
 */
export function buildControl(
  scenario: Scenario,
  policySpec: PolicySpec,
  pools: readonly PoolSpec[],
  streams: RandomStreams,
  modules: UserModules,
  parts: Pick<ControlParts, "scheduler" | "fleet" | "telemetry"> & {
    readonly training?: Training;
    /** Arrivals counted before t=0; drawn from the scenario's traffic if left out. */
    readonly past?: PastArrivals | undefined;
    /** Fits of runs before this one; none if left out. */
    readonly fits?: FitMemory | undefined;
  },
  hostFleet?: HostFleet,
): ControlPlane {
  const make = forecasterOf(modules);
  const training = parts.training ?? new SimulatedTraining(parts.scheduler, make);
  const trained = trainerMaker(streams, { ...parts, training, make });
  const policy = buildPolicy(policySpec, pools, streams, modules, {
    trained,
    ...(parts.fits === undefined ? {} : { fits: parts.fits }),
  });
  const balancer = buildBalancer(scenario, streams, modules);
  const { scheduler, fleet, telemetry } = parts;
  return new ControlPlane(controlSpec(scenario, policySpec, pools, streams, parts.past), {
    scheduler,
    fleet,
    telemetry,
    balancer,
    policy,
    random: streams.named("victims"),
    ...(hostFleet === undefined ? {} : { hosts: buildHosts(scenario, pools, streams, hostFleet) }),
  });
}

/** Streamlets per pool at t=0: a static fleet is ready, others start with their minimum. */
export function initialCounts(policySpec: PolicySpec, pools: readonly PoolSpec[]): number[] {
  const count = policySpec.kind === "static" ? Number(policySpec.knobs.count) : policySpec.min;
  return pools.map(() => count);
}

function buildPolicy(
  policySpec: PolicySpec,
  pools: readonly PoolSpec[],
  streams: RandomStreams,
  modules: UserModules,
  learning: Pick<PolicyContext, "trained" | "fits">,
): Policy {
  const context: PolicyContext = {
    pools: pools.map((pool) => ({
      name: pool.name,
      region: pool.regionName,
      slots: pool.slots,
      min: policySpec.min,
      max: policySpec.max,
    })),
    tickMs: policySpec.tickMs,
    random: streams.named("policy"),
    ...learning,
  };
  const module = policySpec.module ?? policySpec.kind;
  const create = modules.policies.get(module);
  return create === undefined
    ? createBuiltInPolicy(policySpec.kind, policySpec.knobs, context)
    : createUserPolicy(create, module, policySpec.knobs, context, modules.watch ?? unwatched);
}

function buildBalancer(scenario: Scenario, streams: RandomStreams, modules: UserModules): Balancer {
  const { kind, module, knobs } = scenario.balancer;
  const random = streams.named("balancer");
  if (isBalancerKind(kind)) return createBalancer(kind, knobs, random);
  const create = modules.balancers.get(module ?? kind);
  if (create === undefined) throw new Error(`the balancer module ${kind} was not loaded`);
  return createUserBalancer(create, module ?? kind, knobs, random, modules.watch ?? unwatched);
}

function controlSpec(
  scenario: Scenario,
  policySpec: PolicySpec,
  pools: readonly PoolSpec[],
  streams: RandomStreams,
  past: PastArrivals | undefined,
): ControlSpec {
  const { fleet, traffic } = scenario;
  const warmStart = distributionOf(fleet.warmStart);
  const warmRandom = streams.named("warm-start");
  const idleCount = policySpec.module === undefined ? policySpec.knobs.idleReplicaCount : undefined;
  return {
    pools,
    geography: {
      regionCount: fleet.regions.length,
      formatCount: traffic.formats.length,
      distanceMs: (from, to) => fleet.regions[from].distanceMs[to],
      spillOver: scenario.routing.spillOver,
    },
    waitingRoom: scenario.gateway.waitingRoom,
    ...(scenario.gateway.quarantine === undefined ? {} : { quarantine: scenario.gateway.quarantine }),
    manager: {
      max: fleet.max,
      regionMax: fleet.regions.map((region) => region.max),
      warmPool: fleet.warmPool,
      warmStartMs: () => warmStart.sample(warmRandom),
      scaleIn: policySpec.scaleIn,
      restart: fleet.restart,
      min: pools.map(() => policySpec.min),
    },
    decider: {
      tickMs: policySpec.tickMs,
      scrapeLagMs: policySpec.scrapeLagMs,
      min: pools.map(() => policySpec.min),
      max: pools.map(() => policySpec.max),
      ...(typeof idleCount !== "number" ? {} : { idleMin: pools.map(() => idleCount) }),
      mode: policySpec.mode,
    },
    epochMs: traffic.epochMs,
    past: past ?? drawPastArrivals(scenario, homePools(scenario, pools), pools.length, streams),
    pastHoldingMs: looksAtHolding(scenario, policySpec) ? drawPastHolding(scenario, streams) : undefined,
  };
}

/** User modules may read everything they are given; so may the policy of elastic hosts. */
function looksAtHolding({ fleet }: Scenario, { kind, module }: PolicySpec): boolean {
  if (fleet.regions.some(({ hosts }) => hosts?.elastic !== undefined)) return true;
  const builtIn = module === undefined ? builtInPolicies.get(kind) : undefined;
  return builtIn === undefined || builtIn.looksAtHolding === true;
}
