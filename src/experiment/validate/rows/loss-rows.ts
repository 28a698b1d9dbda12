import { erlangB } from "../../../base/queueing.js";
import { metric } from "../measures.js";
import { NARROW, type RunLength, type ValidationRow } from "../row.js";
import { constantHolding, exponentialHolding, lognormalHolding, queueScenario } from "./queue-scenario.js";

const LOGNORMAL_CV = 1.5;

interface System {
  readonly slots: number;
  readonly streamlets: number;
  readonly load: number;
  readonly lengths: Readonly<Record<"exponential" | "constant" | "lognormal", RunLength>>;
}

/** Run lengths: pilot runs, then a margin of a fifth on the width. A long holding tail makes the blocking of one second last longer. */
const systems: readonly System[] = [
  { slots: 1, streamlets: 10, load: 5, lengths: lengths(30_000, 30_000, 30_000) },
  { slots: 5, streamlets: 10, load: 40, lengths: lengths(6_000, 6_000, 6_000) },
  { slots: 10, streamlets: 10, load: 90, lengths: lengths(2_500, 2_500, 2_500) },
];

function lengths(exponential: number, constant: number, lognormal: number): System["lengths"] {
  const length = (windowS: number): RunLength => ({ replications: 100, windowS, warmupS: 50 });
  return { exponential: length(exponential), constant: length(constant), lognormal: length(lognormal) };
}

/** M/G/n/n: no waiting room. Erlang B holds for every law of the holding time. */
export const lossRows: readonly ValidationRow[] = systems.flatMap((system) => [
  lossRow(system, "exponential", "M", exponentialHolding),
  lossRow(system, "constant", "D", constantHolding),
  lossRow(system, "lognormal", "LN", lognormalHolding(LOGNORMAL_CV)),
]);

function lossRow(
  { slots, streamlets, load, lengths }: System,
  law: keyof System["lengths"],
  letter: string,
  holding: Readonly<Record<string, unknown>>,
): ValidationRow {
  const servers = slots * streamlets;
  return {
    id: `erlang-b-${servers}-${load}-${law}`,
    model: `M/${letter}/${servers}/${servers} at ${load} erlangs`,
    source: law === "exponential" ? "Erlang 1917" : "Erlang 1917, Sevastyanov 1957",
    scenario: queueScenario({ rate: load, holding, slots, streamlets, waitingRoom: 0 }),
    length: lengths[law],
    arrivalsPerSecond: load,
    load,
    checks: [
      {
        quantity: "P(rejected)",
        unit: "",
        exact: erlangB(servers, load),
        measure: metric("rejectedRatio"),
        widestHalfWidth: NARROW,
        controlled: true,
      },
    ],
  };
}
