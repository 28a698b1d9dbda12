// compare-policies.mjs
import { compare, metricCatalogue, parseScenario, simulate } from "headrace";

const text = `
name: mine
duration: 2h
warmup: 10min
replications: 4
traffic: {source: poisson, rate: 2/s}
streams: {holding: {kind: exponential, mean: 2min}}
fleet: {streamlet: {slots: 8, spawn: 10s}}
policies: [{kind: hpa}, {kind: predictive}]
slo: {startLatencyP99: 200ms}
cost: {currency: EUR, streamletHour: 0.02}
`;
const scenario = await parseScenario("mine.yaml", text);
const result = await simulate(scenario, { onProgress: (share) => process.stderr.write(`${Math.round(100 * share)} %\n`) });
for (const { name, metrics, slo } of result.policies)
  console.log(`${name}: ${metrics.cost.mean.toFixed(2)} ${result.currency}, SLO met in ${slo?.met} of ${slo?.of}`);

// The same with another seed: what differs?
const other = await simulate(await parseScenario("mine.yaml", text, { seed: 2 }));
const differing = compare(result, other).rows.filter(({ word }) => word === "differs");
console.log(`${differing.length} metrics differ between the seeds:`, differing.map(({ policy, metric }) => `${policy}: ${metricCatalogue[metric].label}`));
