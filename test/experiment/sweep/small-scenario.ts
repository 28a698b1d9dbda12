/** A small scenario with these policies; `more` are further sections. */
export function smallScenario(policies: string, more = ""): string {
  return `name: small
seed: 5
duration: 10min
traffic: {source: poisson, rate: 1/s}
streams: {holding: {kind: exponential, mean: 30s}}
fleet: {streamlet: {slots: 4, spawn: {kind: constant, value: 0s}}, max: 50}
policies: ${policies}
${more}`;
}
