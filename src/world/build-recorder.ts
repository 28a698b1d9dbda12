import type { PoolSpec } from "../control/streamlet-pool.js";
import type { Scheduler } from "../ports/scheduler.js";
import { boundHosts, boundPools } from "./pools.js";
import { Recorder } from "./recorder/recorder.js";
import type { Scenario } from "./scenario/scenario.js";

/** The recorder of one run, simulated or live. */
export function buildRecorder(
  scenario: Scenario,
  pools: readonly PoolSpec[],
  scheduler: Scheduler,
  keepDecisions: boolean,
): Recorder {
  const { durationMs, warmupMs, traffic, slo } = scenario;
  const seriesCount = traffic.series.length;
  const hosts = boundHosts(scenario, pools);
  const bounds = boundPools(scenario, pools);
  const spec = { durationMs, warmupMs, seriesCount, pools: bounds, hosts, slo, keepDecisions };
  return new Recorder(spec, scheduler);
}
