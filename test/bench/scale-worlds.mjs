// The worlds of `npm run bench -- --scale`: each dimension grows alone, and everything else
// stays.
const MEAN_HOLDING_SECONDS = 300;

/**
 * A world of `streams` open streams on average, with `slots` per streamlet, over `regions` ×
 * `formats` pools, of about 1 M events.
 */
function world({ streams, slots = 20, regions = 1, formats = 1, events = 1e6, overrides = {} }) {
  const rate = streams / MEAN_HOLDING_SECONDS;
  const hours = Math.min(24 * 14, Math.max(0.25, events / 2 / rate / 3600));
  const count = Math.ceil((streams / slots) * 1.3) + regions * formats;
  const names = (prefix, n) => Array.from({ length: n }, (_, i) => `${prefix}${i}`);
  const mix = names("region", regions).flatMap((region) =>
    names("format", formats).map((format) => ({ region, format, share: 1 })),
  );
  return {
    name: "scale",
    seed: 42,
    duration: `${Math.ceil(hours * 60)}min`,
    warmup: "0s",
    replications: 1,
    traffic: { source: "poisson", rate: `${rate}/s`, mix },
    streams: { holding: { kind: "lognormal", mean: `${MEAN_HOLDING_SECONDS}s`, cv: 1 } },
    fleet: {
      regions: names("region", regions).map((name) => ({ name })),
      streamlet: names("format", formats).map((format) => ({
        name: `for-${format}`,
        slots,
        formats: [format],
        spawn: { kind: "constant", value: "2s" },
      })),
      max: count * 2,
    },
    balancer: "least-connections",
    policies: [{ kind: "hpa", targetUtilisation: 0.7, min: 1, tick: "15s" }],
    ...overrides,
  };
}

const hpaOf = (n) =>
  Array.from({ length: n }, (_, i) => ({ kind: "hpa", name: `hpa-${i}`, targetUtilisation: 0.6 + i / 100 }));
const predictive = [{ kind: "predictive", min: 1, tick: "15s" }];
const withHistory = (days) => {
  const base = world({ streams: 2000, events: 5e5, overrides: { policies: predictive } });
  return { ...base, traffic: { ...base.traffic, history: `${days}d` } };
};

/** name → [[size, scenario]]. */
const DIMENSIONS = new Map([
  ["open streams", [1e2, 1e3, 1e4, 1e5].map((n) => [n, world({ streams: n })])],
  ["streamlets", [10, 100, 1000, 10_000, 50_000].map((n) => [n, world({ streams: n, slots: 2 })])],
  [
    "pools",
    [1, 5, 50, 500].map((n) => [n, world({ streams: 5000, regions: Math.ceil(n / 10), formats: Math.min(n, 10) })]),
  ],
  ["policies", [1, 4, 20].map((n) => [n, world({ streams: 1000, events: 2e5, overrides: { policies: hpaOf(n) } })])],
  [
    "replications",
    [1, 10, 50, 200].map((n) => [n, world({ streams: 1000, events: 1e5, overrides: { replications: n } })]),
  ],
  ["days of history", [14, 30, 90, 365].map((n) => [n, withHistory(n)])],
]);

const SHORTEST_MINUTES = 15;

/** The names of the dimensions. */
export const dimensions = [...DIMENSIONS.keys()];

/**
 * [[size, scenario]] of a dimension, each run `share` as long, but at least a quarter of an hour.
 */
export function worldsOf(dimension, share) {
  return DIMENSIONS.get(dimension).map(([size, document]) => {
    const minutes = Math.max(SHORTEST_MINUTES, Math.ceil(Number.parseInt(document.duration, 10) * share));
    return [size, { ...document, duration: `${minutes}min` }];
  });
}
