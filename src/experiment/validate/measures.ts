import { fail } from "../../base/assert.js";
import { NormalEquations } from "../../control/forecast/normal-equations.js";
import type { RunResult } from "../../world/run-result.js";
import type { Measure } from "./row.js";

/** Reads one metric. */
export function metric(name: string): Measure {
  return (run) => metricOf(run, name);
}

/** Reads a metric in ms as seconds. */
export function secondsOf(name: string): Measure {
  return (run) => metricOf(run, name) / 1000;
}

function metricOf(run: RunResult, name: string): number {
  const value = run.metrics[name];
  return value === undefined ? fail(`the run has no ${name}`) : value;
}

/**
 * Share of served requests that waited `boundMs` or more. Exact if the bound is an edge of the
 * histogram, such as a power of two.
 */
export function waitTail(boundMs: number): Measure {
  return ({ startLatency: { upperMs, counts } }) => {
    let above = 0;
    let all = 0;
    for (let i = 0; i < counts.length; i++) {
      all += counts[i];
      if (upperMs[i] > boundMs) above += counts[i];
    }
    return above / all;
  };
}

/**
 * L/(λW) from the three measured values: time-averaged count, arrivals, and time per request
 * (Little 1961).
 */
export function littleRatio(count: string, timeMs: string): Measure {
  return (run, { windowS }) => {
    return (metricOf(run, count) * windowS * 1000) / (metricOf(run, "arrivals") * metricOf(run, timeMs));
  };
}

export interface Wave {
  readonly lagS: number;
  /** Relative amplitude. */
  readonly amplitude: number;
}

/**
 * Lag and relative amplitude of the open streams at the period of the traffic: least squares of the
 * timeline's bins after the warm-up on the bins' means of 1, sin γt and cos γt. So the width of the
 * bins does not flatten the wave.
 */
export function openStreamsWave(run: RunResult, warmupS: number, periodS: number): Wave {
  const { binMs, open } = run.timeline;
  const gamma = (2 * Math.PI) / (periodS * 1000);
  const equations = new NormalEquations(3);
  const row = new Float64Array(3);
  for (let bin = Math.ceil((warmupS * 1000) / binMs - 1e-9); bin < open.length; bin++) {
    const from = gamma * bin * binMs;
    const to = from + gamma * binMs;
    row[0] = 1;
    row[1] = (Math.cos(from) - Math.cos(to)) / (to - from);
    row[2] = (Math.sin(to) - Math.sin(from)) / (to - from);
    equations.add(row, open[bin], 1);
  }
  const [level, sine, cosine] = equations.solve(0);
  return {
    lagS: Math.atan2(-cosine, sine) / gamma / 1000,
    amplitude: Math.sqrt(sine * sine + cosine * cosine) / level,
  };
}
