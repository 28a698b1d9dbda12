// One decision tick of the predictive policy on a fleet of about 10,000 streamlets in 100 pools,
// each with a series of its own: from looking at the fleet to launching and draining.
import { performance } from "node:perf_hooks";
import { parseScenario } from "../../dist/experiment/scenario-file.js";
import { SimulatedRun } from "../../dist/world/simulate.js";
import { noUserModules } from "../../dist/world/user-modules.js";
import { median } from "./measure.mjs";

const SIDE = 10;
const names = (prefix) => Array.from({ length: SIDE }, (_, i) => `${prefix}${i}`);
const MINUTE_MS = 60_000;
/** Before this, the fleet grows and code is compiled. */
const WARM_UP_MINUTES = 20;
const MINUTES = 60;

function document() {
  const classes = names("format").map((format) => ({
    name: `for-${format}`,
    slots: 8,
    formats: [format],
    spawn: { kind: "constant", value: "10s" },
  }));
  const mix = names("region").flatMap((region) => names("format").map((format) => ({ region, format, share: 1 })));
  return {
    name: "tick",
    seed: 42,
    duration: `${MINUTES}min`,
    warmup: "0s",
    replications: 1,
    traffic: { source: "sinusoid", rate: "120/s", amplitude: 0.3, period: "24h", history: "7d", mix },
    streams: { holding: { kind: "lognormal", mean: "10min", cv: 1 } },
    fleet: { regions: names("region").map((name) => ({ name })), streamlet: classes, max: 20_000 },
    balancer: "packing",
    policies: [{ kind: "predictive", tick: "5s", min: 1 }],
  };
}

export async function run() {
  const scenario = await parseScenario("tick.yaml", JSON.stringify(document()));
  const run = new SimulatedRun(scenario, scenario.policies[0], noUserModules);
  run.advance(WARM_UP_MINUTES * MINUTE_MS);
  const ms = [];
  const { onTick } = run.control;
  run.control.onTick = (argument) => {
    const began = performance.now();
    onTick(argument);
    ms.push(performance.now() - began);
  };
  run.advance(MINUTES * MINUTE_MS);
  const streamlets = run.control.pools.reduce((sum, pool) => sum + pool.ready.length, 0);
  const sorted = ms.toSorted((a, b) => a - b);
  const mean = ms.reduce((sum, one) => sum + one, 0) / ms.length;
  const detail =
    `${ms.length} ticks, ${streamlets} streamlets, ${run.control.pools.length} pools; median ` +
    `${median(ms).toFixed(2)}, 99 % ${sorted[Math.floor(0.99 * ms.length)].toFixed(1)} ms ` +
    "(each 5 minutes all forecasts are renewed)";
  return [
    {
      key: "tick.meanMs",
      what: "A decision tick, 10,000 streamlets and 100 series",
      value: mean,
      unit: "ms",
      atMost: 2,
      detail,
    },
  ];
}
