/** Small worlds with two variables and at least 60 designs; a day of each takes milliseconds. */
export interface Grid {
  readonly name: string;
  readonly lines: readonly string[];
  readonly variables: readonly (readonly [path: string, values: readonly (number | string)[]])[];
  /** A knob that the plan must take one value at a time. */
  readonly fallback?: string;
}

function upTo(from: number, to: number, step = 1): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
}

const evening = "traffic: {source: sinusoid, rate: 20/min, amplitude: 0.8, period: 2h}";
const twoRegions =
  "traffic: {source: sinusoid, rate: 30/min, amplitude: 0.5, period: " +
  "2h, mix: [{region: eu, share: 3}, {region: us, share: 2}]}";

export const grids: readonly Grid[] = [
  {
    name: "streamlets × slots of each",
    lines: [
      "duration: 100min",
      "warmup: 20min",
      "traffic: {source: poisson, rate: 10/min}",
      "streams: {holding: {kind: exponential, mean: 1min}}",
      "fleet: {streamlet: {slots: 1, spawn: 0s}, max: 100}",
      "gateway: {waitingRoom: 0}",
      "policies: [{kind: static, count: 8}]",
      "slo: {rejectedRatio: 0.02}",
      "cost: {streamletHour: 1}",
    ],
    variables: [
      ["policies.static.count", upTo(3, 26)],
      ["fleet.streamlet.slots", [1, 2, 3]],
    ],
    fallback: "fleet.streamlet.slots",
  },
  {
    name: "hosts of two regions",
    lines: [
      "duration: 80min",
      "warmup: 20min",
      twoRegions,
      "streams: {holding: {kind: exponential, mean: 1min}, patience: 5s}",
      "fleet: {regions: [{name: eu, hosts: 6, cpu: 2}, {name: us, hosts: " +
        "6, cpu: 2}], streamlet: {slots: 4, cpu: 1, spawn: 3s}, max: 90}",
      "routing: {spillOver: none}",
      "policies: [{kind: square-root, beta: 3, min: 1}]",
      "slo: {startLatencyP95: 1s, violatingMinutes: 3min}",
      "cost: {hostHour: 1, streamletHour: 0.1}",
    ],
    variables: [
      ["fleet.regions.eu.hosts", upTo(1, 9)],
      ["fleet.regions.us.hosts", upTo(1, 8)],
    ],
  },
  {
    name: "hosts × beta",
    lines: [
      "duration: 100min",
      "warmup: 20min",
      evening,
      "streams: {holding: {kind: exponential, mean: 2min}, patience: 20s}",
      "fleet: {regions: [{name: eu, hosts: 6, cpu: 4}], streamlet: {slots: 2, cpu: 1, spawn: 20s}, max: 200}",
      "policies: [{kind: square-root, min: 1}]",
      "slo: {startLatencyP95: 500ms, violatingMinutes: 4min}",
      "cost: {hostHour: 0.6, streamletHour: 0.3}",
    ],
    variables: [
      ["fleet.regions.eu.hosts", upTo(4, 15)],
      ["policies.square-root.beta", [0.5, 1, 1.5, 2, 3, 4]],
    ],
  },
  {
    name: "utilisation × least replicas",
    lines: [
      "duration: 100min",
      "warmup: 20min",
      evening,
      "streams: {holding: {kind: exponential, mean: 2min}, patience: 20s}",
      "fleet: {streamlet: {slots: 4, spawn: 10s}, max: 60}",
      "policies: [{kind: hpa}]",
      "slo: {startLatencyP95: 500ms, violatingMinutes: 6min}",
      "cost: {streamletHour: 1}",
    ],
    variables: [
      ["policies.hpa.targetUtilisation", [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]],
      ["policies.hpa.min", upTo(2, 20, 2)],
    ],
  },
  {
    name: "beta × tick",
    lines: [
      "duration: 100min",
      "warmup: 20min",
      evening,
      "streams: {holding: {kind: exponential, mean: 2min}, patience: 20s}",
      "fleet: {streamlet: {slots: 2, spawn: 20s}, max: 200}",
      "policies: [{kind: square-root, min: 1}]",
      "slo: {startLatencyP95: 500ms, violatingMinutes: 4min}",
      "cost: {streamletHour: 1}",
    ],
    variables: [
      ["policies.square-root.beta", [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6]],
      ["policies.square-root.tick", ["5s", "10s", "15s", "20s", "30s", "1min"]],
    ],
    fallback: "policies.square-root.tick",
  },
];

/** The scenario file of a grid. */
export function gridText({ lines, variables }: Grid): string {
  const ranges = variables.map(([path, values]) => `${path}: [${values.join(", ")}]`).join(", ");
  return `${["name: grid", "seed: 11", ...lines, `plan: {variables: {${ranges}}}`].join("\n")}\n`;
}
