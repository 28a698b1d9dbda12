/**
 * A key of the schema: the keys beside which it acts, two values of it, and the keys beside which
 * it cannot act.
 */
export interface KeyCase {
  /** Merged into the plain document. */
  readonly beside?: object;
  /** A value other than what the scenario has without the key. */
  readonly value: unknown;
  /** The plain document with this merged in refuses the key. */
  readonly idle?: object;
  /** A value that no run can notice, and the nearest that some run can. */
  readonly outside?: { readonly beside?: object; readonly value: unknown; readonly inside: unknown };
  /** Neither in the hash nor among the facts, for a reason. */
  readonly standsIn?: "result" | "facts";
}

const hosted = { fleet: { regions: [{ name: "eu", hosts: 2, cpu: 8 }] } };
const twoRegions = { fleet: { regions: [{ name: "eu" }, { name: "us" }] } };
const elastic = { fleet: { streamlet: { cpu: 1 }, regions: [{ name: "eu", hosts: { max: 5 }, cpu: 8 }] } };
const reconnecting = { reconnect: {} };
const priced = { cost: { streamletHour: 1 } };
const hostPriced = { cost: { hostHour: 1 } };
const elasticPriced = { ...elastic, ...hostPriced };
const bound = { slo: { startLatencyP99: "1s" } };
const capped = { fleet: { streamlet: { cpu: 1 }, regions: [{ name: "eu", hosts: 2, cpu: 8 }] } };
const nothing = {};
const sinusoid = { traffic: { source: "sinusoid" } };
const trace = { traffic: { source: "trace", rate: undefined, file: "a.csv" } };
const workload = { traffic: { source: "workload", rate: undefined, file: "a.json" } };
const law = { kind: "exponential", mean: "3s" };

/**
 * Of every key except those of `policies` and `plan`, which have their own tests. Distributions
 * are tested at `streams.holding`.
 */
export const keyCases: Readonly<Record<string, KeyCase>> = {
  name: { value: "other", standsIn: "result" },
  seed: { value: 2, standsIn: "result" },
  replications: { value: 3, standsIn: "result" },
  duration: { value: "2h" },
  warmup: { value: "5min", outside: { value: "1h", inside: "59min" } },
  "traffic.source": { value: "sinusoid" },
  "traffic.rate": { value: "2/s", idle: { traffic: { ...trace.traffic, scale: 2 } } },
  "traffic.epoch": {
    value: "2026-02-05T00:00:00Z",
    idle: { traffic: { ...workload.traffic, start: "2026-01-05T00:30:00Z" } },
  },
  "traffic.history": { value: "1d" },
  "traffic.mix": { value: [{ region: "eu", share: 1 }] },
  "traffic.mix.*.region": { beside: { traffic: { mix: [{ share: 1 }] } }, value: "eu" },
  "traffic.mix.*.format": { beside: { traffic: { mix: [{ share: 1 }] } }, value: "mpegts" },
  "traffic.mix.*.segment": { beside: { traffic: { mix: [{ share: 1 }] } }, value: "paid" },
  "traffic.mix.*.share": { beside: { traffic: { mix: [{ share: 1 }] } }, value: 2 },
  "traffic.amplitude": { beside: sinusoid, value: 0.3, idle: nothing },
  "traffic.period": { beside: sinusoid, value: "6h", idle: nothing },
  "traffic.phase": { beside: sinusoid, value: "1h", idle: nothing },
  "traffic.file": { beside: trace, value: "b.csv", idle: nothing, standsIn: "result" },
  "traffic.start": { beside: trace, value: "2026-01-05T00:30:00Z", idle: nothing },
  "traffic.end": {
    beside: trace,
    value: "2026-01-05T01:30:00Z",
    idle: { traffic: { ...trace.traffic, start: "2026-01-05T00:30:00Z", repeat: true } },
  },
  "traffic.scale": { beside: trace, value: 2, idle: nothing },
  "traffic.speed": { beside: trace, value: 2, idle: nothing },
  "traffic.counts": { beside: trace, value: "exact", idle: nothing },
  "traffic.repeat": { beside: trace, value: true, idle: nothing },
  "streams.holding": { value: law },
  "streams.patience": { value: law },
  "streams.cpu": { value: 0.1 },
  "streams.memory": { value: "2MiB" },
  "streams.bitrate": { value: "1Mbps" },
  "streams.reconnect": { value: {}, idle: reconnecting },
  "streams.reconnect.backoff": {
    beside: { streams: { reconnect: {} } },
    value: "2s",
    idle: reconnecting,
    outside: { beside: { streams: { reconnect: { max: "1s" } } }, value: "2s", inside: "1s" },
  },
  "streams.reconnect.factor": { beside: { streams: { reconnect: {} } }, value: 3, idle: reconnecting },
  "streams.reconnect.max": { beside: { streams: { reconnect: {} } }, value: "1min", idle: reconnecting },
  "streams.reconnect.attempts": { beside: { streams: { reconnect: {} } }, value: 2, idle: reconnecting },
  "streams.reconnect.jitter": { beside: { streams: { reconnect: {} } }, value: 0.5, idle: reconnecting },
  reconnect: { value: {} },
  "reconnect.backoff": {
    beside: reconnecting,
    value: "2s",
    outside: { beside: reconnecting, value: "31s", inside: "30s" },
  },
  "reconnect.factor": { beside: reconnecting, value: 3 },
  "reconnect.max": { beside: reconnecting, value: "1min" },
  "reconnect.attempts": { beside: reconnecting, value: 2 },
  "reconnect.jitter": { beside: reconnecting, value: 0.5 },
  "fleet.regions": { value: [{ name: "eu" }] },
  "fleet.regions.*.name": { beside: twoRegions, value: "ap" },
  "fleet.regions.*.hosts": {
    beside: { fleet: { regions: [{ name: "eu" }] } },
    value: 3,
    outside: { beside: { fleet: { regions: [{ name: "eu", cpu: 8 }] } }, value: { max: 3 }, inside: 3 },
  },
  "fleet.regions.*.hosts.min": { beside: elastic, value: 2 },
  "fleet.regions.*.hosts.max": { beside: elastic, value: 4 },
  "fleet.regions.*.hosts.spawn": { beside: elastic, value: "1min" },
  "fleet.regions.*.hosts.policy": { beside: elastic, value: { kind: "hpa" } },
  "fleet.regions.*.hosts.policy.kind": { beside: elastic, value: "square-root" },
  "fleet.regions.*.hosts.policy.tick": {
    beside: { fleet: { ...elastic.fleet, regions: [{ name: "eu", hosts: { policy: { kind: "hpa" } }, cpu: 8 }] } },
    value: "1min",
  },
  "fleet.regions.*.cpu": { beside: hosted, value: 16, idle: { fleet: { regions: [{ name: "eu" }] } } },
  "fleet.regions.*.memory": { beside: hosted, value: "9GiB", idle: { fleet: { regions: [{ name: "eu" }] } } },
  "fleet.regions.*.network": { beside: hosted, value: "9Gbps", idle: { fleet: { regions: [{ name: "eu" }] } } },
  "fleet.regions.*.cpuOvercommit": {
    beside: capped,
    value: 2,
    idle: { fleet: { regions: [{ name: "eu", hosts: 2, memory: "8GiB" }] } },
  },
  "fleet.regions.*.placement": { beside: hosted, value: "spread", idle: { fleet: { regions: [{ name: "eu" }] } } },
  /** Three streamlets stand in each region from the start. */
  "fleet.regions.*.max": { beside: { fleet: { regions: [{ name: "eu" }] } }, value: 7 },
  "fleet.regions.*.distance": {
    beside: twoRegions,
    value: { us: "90ms" },
    idle: { fleet: { regions: [{ name: "eu" }] } },
  },
  "fleet.streamlet": { value: { slots: 4 } },
  "fleet.streamlet.name": { value: "ts" },
  "fleet.streamlet.slots": { value: 4 },
  "fleet.streamlet.cpu": { value: 1 },
  "fleet.streamlet.memory": { value: "96MiB" },
  "fleet.streamlet.baseMemory": {
    value: "9MiB",
    outside: { beside: { fleet: { streamlet: { memory: "9MiB" } } }, value: "10MiB", inside: "9MiB" },
  },
  "fleet.streamlet.network": { value: "50Mbps" },
  "fleet.streamlet.formats": { value: ["mpegts"] },
  "fleet.streamlet.weight": { beside: { balancer: "weighted-round-robin" }, value: 3, idle: nothing },
  "fleet.streamlet.pids": { value: 99 },
  "fleet.streamlet.spawn": { value: "3s" },
  "fleet.streamlet.spawn.contention": {
    beside: { fleet: { ...hosted.fleet, streamlet: { slots: 8, spawn: { kind: "constant", value: "1s" } } } },
    value: 0.1,
    idle: { fleet: { streamlet: { slots: 8, spawn: { kind: "constant", value: "1s" } } } },
  },
  "fleet.streamlet.spawn.profile": { value: "profile.json" },
  "fleet.max": { value: 9 },
  "fleet.warmPool": { value: 2 },
  "fleet.warmStart": { beside: { fleet: { warmPool: 2 } }, value: "1s", idle: nothing },
  "fleet.scaleIn": { value: { victims: "oldest" } },
  "fleet.scaleIn.victims": {
    value: "random",
    idle: { policies: [{ kind: "static", count: 3, scaleIn: { victims: "newest" } }] },
  },
  "fleet.scaleIn.undrain": {
    value: false,
    idle: { policies: [{ kind: "static", count: 3, scaleIn: { undrain: true } }] },
  },
  "fleet.scaleIn.lazy": { value: true, idle: { policies: [{ kind: "static", count: 3, scaleIn: { lazy: true } }] } },
  "fleet.restart": { value: { factor: 3 } },
  "fleet.restart.backoff": { value: "2s", outside: { value: "301s", inside: "300s" } },
  "fleet.restart.factor": { value: 3 },
  "fleet.restart.max": { value: "1min" },
  "fleet.restart.healthyAfter": { value: "1min" },
  faults: { value: { spawnFailure: 0.1 } },
  "faults.streamletMtbf": { value: "6h" },
  "faults.spawnFailure": { value: 0.1 },
  "faults.hangMtbf": { value: "6h" },
  "faults.hangTimeout": { value: "5s" },
  "faults.memoryHogMtbf": { beside: { fleet: { streamlet: { slots: 8, memory: "96MiB" } } }, value: "6h" },
  "faults.hostMtbf": { beside: hosted, value: "6h", idle: nothing },
  "faults.hostRepair": { beside: { ...hosted, faults: { hostMtbf: "6h" } }, value: "1min", idle: hosted },
  "faults.oomAbove": { beside: { streams: { memory: "2MiB" } }, value: "90MiB", idle: nothing },
  gateway: { value: { waitingRoom: 5 } },
  "gateway.waitingRoom": { value: 5 },
  "gateway.quarantine": { value: {} },
  "gateway.quarantine.deaths": { beside: { gateway: { quarantine: {} } }, value: 2 },
  "gateway.quarantine.window": { beside: { gateway: { quarantine: {} } }, value: "2min" },
  "gateway.quarantine.hold": { beside: { gateway: { quarantine: {} } }, value: "2min" },
  balancer: { value: "packing" },
  "balancer.kind": { beside: { balancer: { kind: "packing" } }, value: "power-of-two" },
  "balancer.load": {
    beside: { balancer: { kind: "weighted-score" } },
    value: 2,
    idle: { balancer: { kind: "packing" } },
  },
  "balancer.distance": {
    beside: { balancer: { kind: "weighted-score" } },
    value: 2,
    idle: { balancer: { kind: "packing" } },
  },
  "balancer.format": {
    beside: { balancer: { kind: "weighted-score" } },
    value: 2,
    idle: { balancer: { kind: "packing" } },
  },
  routing: { beside: twoRegions, value: { spillOver: "none" } },
  "routing.spillOver": { beside: twoRegions, value: "none", idle: nothing },
  spillOver: { beside: twoRegions, value: "none", idle: { ...twoRegions, routing: { spillOver: "any" } } },
  slo: { value: { startLatencyP99: "1s" } },
  "slo.rejectedRatio": { beside: bound, value: 0.1, outside: { beside: bound, value: 1, inside: 0.999 } },
  "slo.abandonedRatio": { beside: bound, value: 0.1, outside: { beside: bound, value: 1, inside: 0.999 } },
  "slo.interruptedRatio": { beside: bound, value: 0.1, outside: { beside: bound, value: 1, inside: 0.999 } },
  "slo.violatingMinutes": {
    beside: bound,
    value: "1%",
    outside: { beside: { ...bound, warmup: "30min" }, value: "30min", inside: "29min" },
  },
  "slo.days": { beside: bound, value: "90%", outside: { beside: bound, value: "0%", inside: "1%" } },
  cost: { value: { streamletHour: 1 }, outside: { value: { currency: "EUR" }, inside: { streamletHour: 1 } } },
  "cost.currency": { beside: priced, value: "EUR", standsIn: "facts" },
  "cost.streamletHour": { beside: priced, value: 2 },
  "cost.minimumCharge": {
    beside: elasticPriced,
    value: "10min",
    idle: { ...hosted, ...hostPriced },
    outside: { beside: { ...elastic, cost: { hostHour: 1, billingStep: "1h" } }, value: "60min", inside: "61min" },
  },
  "cost.billingStep": { beside: elasticPriced, value: "1h", idle: { ...hosted, ...hostPriced } },
  "cost.hostHour": { beside: { ...hosted, ...priced }, value: 2, idle: priced },
};
