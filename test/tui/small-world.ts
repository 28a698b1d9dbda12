import { scenarioOf } from "../world/written-scenario.js";

/**
 * Six hours of waves that a slow reactive policy cannot follow: it has violations and a few
 * faults.
 */
export const smallWorld = scenarioOf({
  name: "small",
  seed: 5,
  duration: "6h",
  traffic: { source: "sinusoid", rate: "1/s", amplitude: 0.9, period: "3h" },
  streams: { holding: { kind: "exponential", mean: "1min" }, patience: { kind: "constant", value: "20s" } },
  fleet: { streamlet: { slots: 4, spawn: { kind: "constant", value: "30s" } }, max: 60 },
  faults: { streamletMtbf: "2h" },
  policies: [
    { kind: "hpa", targetUtilisation: 0.7, min: 2 },
    { kind: "square-root", min: 2 },
    { kind: "predictive", min: 2 },
  ],
  slo: { startLatencyP99: "200ms", rejectedRatio: 0.001 },
});
