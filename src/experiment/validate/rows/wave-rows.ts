import {
  type SinusoidResponse,
  sinusoidResponseConstant,
  sinusoidResponseExponential,
} from "../../../base/queueing.js";
import { openStreamsWave } from "../measures.js";
import { NARROW, type RunLength, type ValidationRow } from "../row.js";

const DAY_S = 86_400;
const HOLDING_S = 4 * 3600;
const AMPLITUDE = 0.8;
const PER_HOUR = 100;
const SLOTS = 100_000;
/** 12 days in bins of 12 minutes: the bins tile the periods. */
const LENGTH: RunLength = { replications: 100, windowS: 10 * DAY_S, warmupS: 2 * DAY_S };

/** M_t/G/∞: a day's sinusoid on a fleet that never fills up. */
function waveRow(
  law: "exponential" | "constant",
  letter: string,
  holding: object,
  exact: SinusoidResponse,
): ValidationRow {
  const load = (PER_HOUR / 3600) * HOLDING_S;
  return {
    id: `wave-${law}`,
    model: `M_t/${letter}/∞ at ${load} erlangs, holding 4 h, amplitude ${AMPLITUDE} over 24 h`,
    source: "Eick, Massey, Whitt 1993",
    scenario: {
      traffic: { source: "sinusoid", rate: `${PER_HOUR}/h`, amplitude: AMPLITUDE, period: "24h" },
      streams: { holding: { kind: law, ...holding } },
      fleet: { streamlet: { slots: SLOTS } },
      policies: [{ kind: "static", count: 1, tick: "infinite" }],
    },
    length: LENGTH,
    arrivalsPerSecond: PER_HOUR / 3600,
    load,
    checks: [
      {
        quantity: "lag",
        unit: "s",
        exact: exact.lagMs / 1000,
        measure: (run, { warmupS }) => openStreamsWave(run, warmupS, DAY_S).lagS,
        widestHalfWidth: NARROW,
        controlled: false,
      },
      {
        quantity: "amplitude",
        unit: "",
        exact: AMPLITUDE * exact.gain,
        measure: (run, { warmupS }) => openStreamsWave(run, warmupS, DAY_S).amplitude,
        widestHalfWidth: NARROW,
        controlled: false,
      },
    ],
  };
}

export const waveRows: readonly ValidationRow[] = [
  waveRow("exponential", "M", { mean: "4h" }, sinusoidResponseExponential(DAY_S * 1000, HOLDING_S * 1000)),
  waveRow("constant", "D", { value: "4h" }, sinusoidResponseConstant(DAY_S * 1000, HOLDING_S * 1000)),
];
