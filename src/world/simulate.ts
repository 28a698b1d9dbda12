import { AssertionError } from "../base/assert.js";
import { RandomStreams } from "../base/random.js";
import { Kernel } from "../kernel/kernel.js";
import { ReconnectingClients } from "../model/clients.js";
import type { SimRequest } from "../model/request.js";
import { buildControl, initialCounts, type UserModules } from "./build-control.js";
import { buildFleet, hostCount } from "./build-fleet.js";
import { buildTraffic } from "./build-traffic.js";
import { checkInvariants } from "./invariants.js";
import { measure } from "./metrics.js";
import { poolsOf } from "./pools.js";
import { Recorder, type UnservedListener } from "./recorder/recorder.js";
import type { RunResult } from "./run-result.js";
import type { PolicySpec, Scenario } from "./scenario/scenario.js";

/** A run stops about this many times to tell how far it is. */
const PROGRESS_STEPS = 50;

/**
 * Simulates one policy in one replication. The same scenario, seed and replication give the same bytes; another policy meets the same first-attempt
 * arrivals, series, holding times and patience, since those are drawn from streams that no policy touches.
 */
export function simulate(
  scenario: Scenario,
  policySpec: PolicySpec,
  replication: number,
  modules: UserModules,
  onProgress?: (share: number) => void,
): RunResult {
  const kernel = new Kernel();
  try {
    return run(kernel, scenario, policySpec, replication, modules, onProgress);
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    const replay = `headrace simulate ${scenario.name}.yaml --seed ${scenario.seed} --policy ${policySpec.name}`;
    throw new AssertionError(
      `${error.message}\n  seed ${scenario.seed}, replication ${replication}, policy ${policySpec.name}, at ${kernel.nowMs()} ms\n` +
        `  replay: ${replay} --replications ${replication + 1}`,
    );
  }
}

function run(
  kernel: Kernel,
  scenario: Scenario,
  policySpec: PolicySpec,
  replication: number,
  modules: UserModules,
  onProgress?: (share: number) => void,
): RunResult {
  const streams = new RandomStreams(scenario.seed, replication);
  const pools = poolsOf(scenario);
  const recorder = new Recorder(
    {
      durationMs: scenario.durationMs,
      warmupMs: scenario.warmupMs,
      seriesCount: scenario.traffic.series.length,
      poolSlots: pools.map((pool) => pool.slots),
      slo: scenario.slo,
      keepDecisions: replication === 0,
    },
    kernel,
  );
  const fleet = buildFleet(scenario, pools, streams, kernel);
  const parts = { scheduler: kernel, fleet, telemetry: recorder };
  const control = buildControl(scenario, policySpec, pools, streams, modules, parts);
  let lastId = 0;
  const nextId = (): number => ++lastId;
  const send = (request: SimRequest): void => control.request(request);
  recorder.start(reconnecting(scenario, streams, kernel, nextId, send));
  control.start(initialCounts(policySpec, pools));
  fleet.start();
  buildTraffic(scenario, streams, kernel, nextId, send).start();
  for (let step = 1; step <= PROGRESS_STEPS; step++) {
    kernel.run((scenario.durationMs * step) / PROGRESS_STEPS);
    onProgress?.(step / PROGRESS_STEPS);
  }
  const counts = checkInvariants(recorder, fleet, scenario.durationMs);
  const { durationMs, warmupMs, cost } = scenario;
  return {
    policy: policySpec.name,
    replication,
    metrics: measure(recorder, { durationMs, warmupMs, cost, hosts: hostCount(scenario) }),
    counts,
    startLatency: latencyBuckets(recorder),
    timeline: recorder.timeline.timeline(recorder.slo?.violations()),
    rejections: recorder.rejections,
    stops: recorder.stops,
    decisionReasons: recorder.decisionReasons,
    decisions: recorder.decisions,
    events: kernel.events,
  };
}

function reconnecting(
  scenario: Scenario,
  streams: RandomStreams,
  kernel: Kernel,
  nextId: () => number,
  send: (request: SimRequest) => void,
): UnservedListener | undefined {
  if (scenario.reconnect === undefined) return undefined;
  const clients = new ReconnectingClients(scenario.reconnect, kernel, streams.named("reconnect"), nextId, send);
  return {
    onInterrupted: (request) => clients.onInterrupted(request as SimRequest),
    onUnserved: (request) => clients.onUnserved(request as SimRequest),
  };
}

function latencyBuckets(recorder: Recorder): RunResult["startLatency"] {
  const { upper, counts } = recorder.startLatency.buckets();
  return { upperMs: upper, counts };
}
