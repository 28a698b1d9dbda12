import { erlangB } from "../../../base/queueing.js";
import { metric } from "../measures.js";
import { NARROW, runLength, type ValidationRow } from "../row.js";
import { constantHolding, exponentialHolding, lognormalHolding, queueScenario } from "./queue-scenario.js";

const LOGNORMAL_CV = 1;

interface System {
  readonly slots: number;
  readonly streamlets: number;
  readonly load: number;
  /** Simulated seconds of the row, all replications together. */
  readonly totalS: Readonly<Record<"exponential" | "constant" | "lognormal", number>>;
}

/**
 * For half-widths of about 0.85 %: exponential from the chain's asymptotic variance (Whitt 1992),
 * the other laws from pilot runs.
 */
const systems: readonly System[] = [
  { slots: 1, streamlets: 10, load: 5, totalS: { exponential: 4e6, constant: 4e6, lognormal: 4e6 } },
  { slots: 5, streamlets: 10, load: 40, totalS: { exponential: 9e5, constant: 7.6e5, lognormal: 8.8e5 } },
  { slots: 10, streamlets: 10, load: 90, totalS: { exponential: 2.6e5, constant: 2.3e5, lognormal: 2.6e5 } },
];

/** M/G/n/n: no waiting room. Erlang B holds for every law of the holding time. */
export const lossRows: readonly ValidationRow[] = systems.flatMap((system) => [
  lossRow(system, "exponential", "M", exponentialHolding),
  lossRow(system, "constant", "D", constantHolding),
  lossRow(system, "lognormal", "LN", lognormalHolding(LOGNORMAL_CV)),
]);

function lossRow(
  { slots, streamlets, load, totalS }: System,
  law: keyof System["totalS"],
  letter: string,
  holding: Readonly<Record<string, unknown>>,
): ValidationRow {
  const servers = slots * streamlets;
  return {
    id: `erlang-b-${servers}-${load}-${law}`,
    model: `M/${letter}/${servers}/${servers} at ${load} erlangs`,
    source: law === "exponential" ? "Erlang 1917" : "Erlang 1917, Sevastyanov 1957",
    scenario: queueScenario({ rate: load, holding, slots, streamlets, waitingRoom: 0 }),
    length: runLength(totalS[law], 30),
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
