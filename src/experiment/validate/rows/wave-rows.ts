import {
  type SinusoidResponse,
  sinusoidResponseConstant,
  sinusoidResponseExponential,
} from "../../../base/queueing.js";
import { openStreamsWave } from "../measures.js";
import { NARROW, type RunLength, type ValidationRow } from "../row.js";

const DAY_S = 86_400;
const HOUR_S = 3600;
const AMPLITUDE = 0.8;
const PER_HOUR = 400;
/** 8,000 slots for at most 5,300 streams. */
const STREAMLETS = 200;
const SLOTS = 40;
/** Few replications of six days, after two of warm-up. Bins of 8 minutes divide each period. */
const LENGTH: RunLength = { replications: 60, windowS: 6 * DAY_S, warmupS: 2 * DAY_S, quickWindowS: DAY_S };

/** M_t/G/∞: a day's sinusoid on a fleet that never fills up. */
function waveRow(
  law: "exponential" | "constant",
  letter: string,
  holdingH: number,
  exact: SinusoidResponse,
): ValidationRow {
  const load = PER_HOUR * holdingH;
  return {
    id: `wave-${law}`,
    model: `M_t/${letter}/∞ at ${load} erlangs, holding ${holdingH} h, amplitude ${AMPLITUDE} over 24 h`,
    source: "Eick, Massey, Whitt 1993",
    scenario: {
      traffic: { source: "sinusoid", rate: `${PER_HOUR}/h`, amplitude: AMPLITUDE, period: "24h" },
      streams: { holding: { kind: law, [law === "constant" ? "value" : "mean"]: `${holdingH}h` } },
      fleet: { streamlet: { slots: SLOTS } },
      policies: [{ kind: "static", count: STREAMLETS, tick: "infinite" }],
    },
    length: LENGTH,
    arrivalsPerSecond: PER_HOUR / HOUR_S,
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
  waveRow("exponential", "M", 4, sinusoidResponseExponential(DAY_S * 1000, 4 * HOUR_S * 1000)),
  waveRow("constant", "D", 8, sinusoidResponseConstant(DAY_S * 1000, 8 * HOUR_S * 1000)),
];
