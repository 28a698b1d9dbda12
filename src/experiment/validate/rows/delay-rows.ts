import {
  erlangA,
  erlangC,
  erlangCMeanWaitMs,
  erlangCWaitTail,
  pollaczekKhinchineWaitMs,
} from "../../../base/queueing.js";
import { littleRatio, metric, secondsOf, waitTail } from "../measures.js";
import { type Check, meanWidth, NARROW, type RunLength, runLength, type ValidationRow } from "../row.js";
import { constantHolding, exponentialHolding, lognormalHolding, queueScenario } from "./queue-scenario.js";

/**
 * Requests that wait across an edge of the window count in L but not in W: 3e-5 of all time at
 * these lengths.
 */
const LITTLE_EDGE = 1e-4;

/** M/M/k with an unbounded waiting room: Erlang C. */
function waitingRow(
  slots: number,
  streamlets: number,
  load: number,
  length: RunLength,
  more: readonly Check[],
): ValidationRow {
  const servers = slots * streamlets;
  return {
    id: `erlang-c-${servers}-${load}`,
    model: `M/M/${servers} at ${load} erlangs`,
    source: "Erlang 1917",
    scenario: queueScenario({ rate: load, holding: exponentialHolding, slots, streamlets }),
    length,
    arrivalsPerSecond: load,
    load,
    checks: [
      probability("P(wait)", erlangC(servers, load), metric("waitProbability")),
      {
        quantity: "E[wait]",
        unit: "s",
        exact: erlangCMeanWaitMs(servers, load, 1000) / 1000,
        measure: secondsOf("startLatencyMsMean"),
        widestHalfWidth: meanWidth(load / servers),
        controlled: true,
      },
      ...more,
    ],
  };
}

/** Far out in the distribution of the wait. */
function tailCheck(servers: number, load: number, boundMs: number): Check {
  return probability(`P(wait > ${boundMs} ms)`, erlangCWaitTail(servers, load, 1000, boundMs), waitTail(boundMs));
}

/** L = λW between three measured numbers (Little 1961). */
const littleCheck: Check = {
  quantity: "L/(λW), waiting",
  unit: "",
  exact: 1,
  measure: littleRatio("waitingMean", "startLatencyMsMean"),
  widestHalfWidth: NARROW,
  controlled: false,
  edge: LITTLE_EDGE,
};

function probability(quantity: string, exact: number, measure: Check["measure"]): Check {
  return { quantity, unit: "", exact, measure, widestHalfWidth: NARROW, controlled: true };
}

/** M/G/1: one streamlet with one slot. */
function singleServerRow(
  letter: string,
  law: string,
  holding: Readonly<Record<string, unknown>>,
  cv: number,
  load: number,
  length: RunLength,
): ValidationRow {
  return {
    id: `pollaczek-khinchine-${law}-${load}`,
    model: `M/${letter}/1 at ${load} erlangs, cv ${cv}`,
    source: "Pollaczek 1930, Khinchine 1932",
    scenario: queueScenario({ rate: load, holding, slots: 1, streamlets: 1 }),
    length,
    arrivalsPerSecond: load,
    load,
    checks: [
      {
        quantity: "E[wait]",
        unit: "s",
        exact: pollaczekKhinchineWaitMs(load, 1000, cv) / 1000,
        measure: secondsOf("startLatencyMsMean"),
        widestHalfWidth: meanWidth(load),
        controlled: true,
      },
    ],
  };
}

/** M/M/k+M: waiting requests lose patience. */
function impatientRow(servers: number, load: number, length: RunLength): ValidationRow {
  const exact = erlangA(servers, load, 1000, 1000);
  return {
    id: `erlang-a-${servers}-${load}`,
    model: `M/M/${servers}+M at ${load} erlangs, mean patience = mean holding`,
    source: "Palm 1957; Garnett, Mandelbaum, Reiman 2002",
    scenario: queueScenario({
      rate: load,
      holding: exponentialHolding,
      patience: { kind: "exponential", mean: "1s" },
      slots: servers / 10,
      streamlets: 10,
    }),
    length,
    arrivalsPerSecond: load,
    load,
    checks: [
      probability("P(wait)", exact.waitProbability, metric("waitProbability")),
      probability("P(abandon)", exact.abandonProbability, metric("abandonedRatio")),
    ],
  };
}

/** k = R + β√R at β = 1: Erlang C at finite R, whose limit is Halfin and Whitt's 0.2234. */
function squareRootRow(load: number, servers: number, length: RunLength): ValidationRow {
  return {
    id: `square-root-${load}`,
    model: `M/M/${servers} = R + √R at R = ${load} erlangs`,
    source: "Halfin, Whitt 1981; Erlang 1917",
    scenario: queueScenario({ rate: load, holding: exponentialHolding, slots: servers / 10, streamlets: 10 }),
    length,
    arrivalsPerSecond: load,
    load,
    checks: [probability("P(wait)", erlangC(servers, load), metric("waitProbability"))],
  };
}

export const delayRows: readonly ValidationRow[] = [
  waitingRow(1, 3, 1.8, runLength(7.2e6, 100), [tailCheck(3, 1.8, 1024)]),
  waitingRow(1, 5, 4, runLength(6.6e6, 300), [tailCheck(5, 4, 1024), littleCheck]),
  waitingRow(10, 5, 45, runLength(5.4e5, 100), []),
  singleServerRow("D", "constant", constantHolding, 0, 0.8, runLength(1e7, 1000)),
  singleServerRow("M", "exponential", exponentialHolding, 1, 0.8, runLength(1.45e7, 1000)),
  singleServerRow("LN", "lognormal", lognormalHolding(1), 1, 0.5, runLength(1.25e7, 500)),
  impatientRow(100, 100, runLength(1.2e5, 30)),
  squareRootRow(100, 110, runLength(5.2e5, 60)),
  squareRootRow(400, 420, runLength(5e5, 60)),
];
