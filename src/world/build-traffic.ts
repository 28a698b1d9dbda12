import { distributionOf, type Law } from "../base/distribution.js";
import type { RandomStreams } from "../base/random.js";
import {
  type ArrivalProcess,
  ExactArrivals,
  PoissonArrivals,
  SinusoidArrivals,
  TraceArrivals,
} from "../model/arrivals.js";
import type { RequestStock, SimRequest } from "../model/request.js";
import { SeriesMix } from "../model/series-mix.js";
import { TrafficSource } from "../model/traffic-source.js";
import type { Scheduler } from "../ports/scheduler.js";
import type { Scenario } from "./scenario/scenario.js";

/**
 * Wires the traffic of a scenario. Each quantity has its own random stream. Demands are drawn only
 * where the fleet reads them.
 */
export function buildTraffic(
  scenario: Scenario,
  streams: RandomStreams,
  scheduler: Scheduler,
  stock: RequestStock,
  send: (request: SimRequest) => void,
  readsDemands: boolean,
): TrafficSource {
  const { traffic } = scenario;
  const law = (of: Law | undefined) => (of === undefined ? undefined : distributionOf(of));
  const demand = (of: Law | undefined) => (readsDemands ? law(of) : undefined);
  const laws = {
    holding: distributionOf(scenario.streams.holding),
    patience: law(scenario.streams.patience),
    cpu: demand(scenario.streams.cpu),
    memoryBytes: demand(scenario.streams.memoryBytes),
    bitsPerSecond: demand(scenario.streams.bitsPerSecond),
  };
  const spec = {
    process: arrivalProcess(scenario, streams),
    mix: seriesMix(scenario, streams),
    seriesRegion: Int32Array.from(traffic.series, (series) => series.region),
    seriesFormat: Int32Array.from(traffic.series, (series) => series.format),
    laws,
    streams: { holding: streams.named("holding"), patience: streams.named("patience"), load: streams.named("load") },
  };
  return new TrafficSource(spec, scheduler, stock, send);
}

function arrivalProcess(scenario: Scenario, streams: RandomStreams): ArrivalProcess {
  const { source } = scenario.traffic;
  const random = streams.named("arrivals");
  switch (source.kind) {
    case "poisson":
      return new PoissonArrivals(source.ratePerSecond, random);
    case "sinusoid":
      return new SinusoidArrivals(source, random);
    case "trace":
      return source.exact ? new ExactArrivals(source, random, 0) : new TraceArrivals(source, random);
  }
}

function seriesMix(scenario: Scenario, streams: RandomStreams): SeriesMix {
  const { series, source } = scenario.traffic;
  const random = streams.named("mix");
  if (source.kind === "trace" && source.shares !== undefined) {
    return new SeriesMix(series.length, source.shares, source, random);
  }
  const weights = Float64Array.from(series, (entry) => entry.share);
  return new SeriesMix(series.length, weights, { originMs: 0, binMs: 1 }, random);
}
