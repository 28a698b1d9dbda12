// The result of another policy in the world of a run log.
// - As logged: first-attempt arrivals with their series, the patience of each client, the holding
//   time of each completed stream, and the instants at which streamlets failed.
// - Drawn from random streams that no policy changes: the holding time of a stream that was cut
//   short, never served or open at the end (one of the completed ones that is longer than the
//   observed part), and spawn times (the logged ones, all equally likely; a policy that starts more
//   at once would really have had longer ones).
// - A failure ends one streamlet of the pool, drawn at random. It has no effect on an empty pool.
// - Reconnections follow the scenario (`reconnect`), or else the log. Operators' requests are left
//   out.
import { empiricalLaw } from "../../base/distribution.js";
import { type RandomStream, RandomStreams } from "../../base/random.js";
import type { RequestStock, SimRequest } from "../../model/request.js";
import type { StreamletId } from "../../ports/fleet.js";
import { Phase, type Scheduler } from "../../ports/scheduler.js";
import type { Telemetry } from "../../ports/telemetry.js";
import type { RunResult } from "../../world/run-result.js";
import type { PolicySpec } from "../../world/scenario/policy-spec.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { withoutFailures } from "../../world/scenario/sections/faults.js";
import { SimulatedRun } from "../../world/simulate.js";
import type { UserModules } from "../../world/user-modules.js";
import type { LoggedArrival, LoggedFacts } from "../log/logged-facts.js";
import type { LoggedRun } from "../log/run-log-reader.js";
import { noTelemetry } from "../run/no-telemetry.js";

/** Runs a policy, the logged one or another, in the world of the log. */
export function counterfactualRun(
  run: LoggedRun,
  facts: LoggedFacts,
  policy: PolicySpec,
  modules: UserModules,
): RunResult {
  const scenario = counterfactualScenario(run, facts);
  const random = new RandomStreams(scenario.seed, 0);
  const arrivals = facts.arrivals.filter((one) => one.attempt === 0 || scenario.reconnect === undefined);
  const holdingsMs = holdingTimes(arrivals, facts, random.named("retold-holding"));
  const alive = new Map<StreamletId, number>();
  const simulated = new SimulatedRun(scenario, policy, modules, {
    watch: () => watching(alive),
    coldStart: true,
    past: run.header.past,
    traffic: (_scenario, _streams, scheduler, stock, send) =>
      new LoggedTraffic({ arrivals, holdingsMs }, scheduler, stock, send),
  });
  const struck = random.named("retold-failures");
  for (const { atMs, pool } of facts.failures) {
    simulated.kernel.scheduleAt(atMs, Phase.Failure, () => {
      const there = Array.from(alive).flatMap(([id, of]) => (of === pool ? [id] : []));
      const draw = struck.uniform();
      if (there.length > 0) simulated.fleet.end(there[Math.floor(draw * there.length)], "crashed");
    });
  }
  simulated.advance(scenario.durationMs);
  return simulated.result();
}

/**
 * One machine without hosts, with the logged spawn times, without drawn faults, as long as the log.
 */
function counterfactualScenario({ header, endMs }: LoggedRun, facts: LoggedFacts): Scenario {
  const { scenario, room } = header;
  const { fleet, faults, streams } = scenario;
  return {
    ...scenario,
    durationMs: endMs,
    streams: { ...streams, cpu: undefined, memoryBytes: undefined, bitsPerSecond: undefined },
    faults: { ...withoutFailures(faults), spawnFailure: facts.spawnFailure },
    fleet: {
      ...fleet,
      max: Math.min(fleet.max, room),
      regions: fleet.regions.map((region) => ({ ...region, hosts: undefined })),
      classes: fleet.classes.map((one, c) => ({
        ...one,
        spawn: {
          law: facts.spawnMs[c].length === 0 ? one.spawn.law : empiricalLaw(facts.spawnMs[c]),
          contention: 0,
        },
      })),
    },
  };
}

/**
 * As logged if the stream completed, else a logged one that is longer than the observed part.
 */
function holdingTimes(arrivals: readonly LoggedArrival[], facts: LoggedFacts, random: RandomStream): Float64Array {
  const whole = facts.arrivals.filter((one) => one.completed).map((one) => one.heldMs);
  const sorted = Float64Array.from(whole).sort();
  return Float64Array.from(arrivals, ({ completed, heldMs }) => {
    if (completed) return heldMs;
    const seenMs = Number.isNaN(heldMs) ? 0 : heldMs;
    const longer = sorted.findIndex((value) => value > seenMs);
    const from = longer < 0 ? sorted.length : longer;
    const draw = random.uniform();
    return from === sorted.length ? seenMs : sorted[from + Math.floor(draw * (sorted.length - from))];
  });
}

/** Keeps the list of streamlets that can fail. */
function watching(alive: Map<StreamletId, number>): Telemetry {
  return {
    ...noTelemetry,
    onStreamletState: ({ id, pool, to }) => {
      if (to === "ready" || to === "draining") alive.set(id, pool);
      else alive.delete(id);
    },
  };
}

class LoggedTraffic {
  private next = 0;

  constructor(
    private readonly logged: { readonly arrivals: readonly LoggedArrival[]; readonly holdingsMs: Float64Array },
    private readonly scheduler: Scheduler,
    private readonly stock: RequestStock,
    private readonly send: (request: SimRequest) => void,
  ) {}

  start(): void {
    const coming = this.logged.arrivals[this.next];
    if (coming !== undefined) this.scheduler.scheduleAt(coming.atMs, Phase.Arrival, this.arrive);
  }

  private readonly arrive = (): void => {
    const arrival = this.logged.arrivals[this.next];
    const request = this.stock.take();
    request.id = this.stock.nextId();
    request.source = request.id;
    request.series = arrival.series;
    request.region = arrival.region;
    request.format = arrival.format;
    request.arrivedAtMs = this.scheduler.nowMs();
    request.attempt = arrival.attempt;
    request.patienceMs = arrival.patienceMs;
    request.holdingMs = this.logged.holdingsMs[this.next];
    request.cpu = 0;
    request.memoryBytes = 0;
    request.bitsPerSecond = 0;
    this.next++;
    this.start();
    this.send(request);
  };
}
