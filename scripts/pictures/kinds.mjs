// The kinds of pages, each with the command line that makes it; `{out}` is the folder of its page.

const SMALL = `name: small
seed: 3
duration: 3h
warmup: 15min
replications: 4
traffic: {source: sinusoid, rate: 2/s, amplitude: 0.6, period: 1h}
streams: {holding: {kind: exponential, mean: 2min}, patience: {kind: constant, value: 10s}}
fleet: {streamlet: {slots: 4, spawn: {kind: constant, value: 30s}}, max: 300}
policies: [{kind: hpa, targetUtilisation: 0.7, min: 20}, {kind: square-root, min: 20}]
slo: {startLatencyP99: 200ms, violatingMinutes: 5%}
cost: {currency: EUR, streamletHour: 0.01}
`;
const SWEEP = `scenario: small.yaml
design: grid
axes: {policies.hpa.targetUtilisation: {from: 0.5, to: 0.9, step: 0.2}, fleet.streamlet.slots: [4, 8]}
seeds: 2
`;

const GATE = `scenarios: [{file: gated.yaml}, {file: small.yaml}]
metrics: {cost: 1%, sloViolationMinutes: 2, startLatencyMsP99: 5%}
baseline: gate-baseline.json
`;
/** The gated scenario after a change: one policy keeps more streamlets free. */
const CHANGED = SMALL.replace("targetUtilisation: 0.7", "targetUtilisation: 0.66");

/** Files that the commands read, by name in their folder. */
export const inputs = { "small.yaml": SMALL, "sweep.yaml": SWEEP, "gated.yaml": SMALL, "gate.yaml": GATE };

/**
 * Name, the command line that makes the page, and the steps before it: command lines, or files to
 * write, by name. They run in order, so that one can use the page of another. `ship(path)` is a
 * file of this checkout.
 */
export function kinds(ship) {
  const evening = ship("scenarios/evening-peak.yaml");
  const trace = ship("traces/evening-peak.csv");
  return [
    ["simulate", ["simulate", evening, "--replications", "3", "--quiet", "--out", "{out}"]],
    ["one-run", ["simulate", "small.yaml", "--replications", "1", "--policy", "hpa", "--quiet", "--out", "{out}"]],
    ["frontier", ["simulate", "small.yaml", "--frontier", "--quiet", "--out", "{out}"]],
    ["report", ["report", "frontier", "one-run", "--quiet", "--out", "{out}"]],
    [
      "check",
      ["check", "gate.yaml", "--quiet", "--out", "{out}"],
      [["check", "gate.yaml", "--update", "--reason", "first", "--quiet"], { "gated.yaml": CHANGED }],
    ],
    [
      "study",
      [
        "study",
        "--parts",
        "main",
        "--spawn",
        "30s",
        "--replications",
        "2",
        "--arms",
        "hpa",
        "--arms",
        "predictive",
        "--quiet",
        "--out",
        "{out}",
      ],
    ],
    ["diff", ["diff", "frontier", "one-run", "--quiet", "--out", "{out}"]],
    ["sweep", ["sweep", "sweep.yaml", "--quiet", "--out", "{out}"]],
    ["inspect", ["trace", "inspect", trace, "--out", "{out}"]],
    ["forecast", ["forecast", trace, "--out", "{out}"]],
    ["plan", ["plan", ship("scenarios/plan-evening.yaml"), "--quick", "--out", "{out}"]],
    ["live", ["live", ship("scenarios/live-small.yaml"), "--duration", "20s", "--out", "{out}"]],
    ["twin", ["twin", ship("scenarios/live-small.yaml"), "--duration", "15s", "--out", "{out}"]],
  ];
}
