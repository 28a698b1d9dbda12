// The cost of a pick among 10,000 streamlets against 100, at three quarters full: find the
// candidates, pick, take the slot. Between the timed batches as many random streams end, untimed:
// the world chooses which streamlet loses a stream, not the balancer.
import { performance } from "node:perf_hooks";
import { RandomStream } from "../../dist/base/random.js";
import { balancerKinds, createBalancer } from "../../dist/control/balancers/built-in.js";
import { CandidateList, Routing } from "../../dist/control/routing.js";
import { Streamlet } from "../../dist/control/streamlet.js";
import { StreamletPool } from "../../dist/control/streamlet-pool.js";
import { median } from "./measure.mjs";

const FEW = 100;
const MANY = 10_000;
const SLOTS = 20;
/** Few enough for the free slots of 100 streamlets. */
const BATCH = 200;
const BATCHES = 3000;

/**
 * One pool of `count` ready streamlets under a balancer; each call picks a batch, and returns its
 * wall time in ns per pick.
 */
function bench(kind, count) {
  const random = new RandomStream(`pick/${kind}/${count}`);
  const spec = {
    index: 0,
    name: "pool",
    region: 0,
    regionName: "pool",
    className: "only",
    formats: [0],
    slots: SLOTS,
    weight: SLOTS,
  };
  const pool = new StreamletPool(spec);
  const routing = new Routing([pool], { regionCount: 1, formatCount: 1, distanceMs: () => 0, spillOver: "none" });
  const candidates = new CandidateList();
  const balancer = createBalancer(kind, {}, new RandomStream("balancer"));
  const request = {
    id: 1,
    series: 0,
    region: 0,
    format: 0,
    arrivedAtMs: 0,
    attempt: 0,
    patienceMs: 0,
    startedAtMs: 0,
    pool: 0,
  };
  for (let i = 0; i < count; i++) {
    const streamlet = new Streamlet(i, 0, SLOTS, 0);
    streamlet.state = "ready";
    pool.addReady(streamlet, 0);
  }
  const pick = () => {
    routing.gather(0, candidates);
    const streamlet = balancer.pick(request, candidates, 0);
    pool.take(streamlet, 0);
    return streamlet;
  };
  // One entry per open stream; random ones end.
  const open = [];
  while (open.length < count * SLOTS * 0.75) open.push(pick());
  return () => {
    for (let i = 0; i < BATCH; i++) {
      const leaving = random.integerBelow(open.length);
      pool.release(open[leaving], 0);
      open[leaving] = open[open.length - 1];
      open.pop();
    }
    const began = performance.now();
    for (let i = 0; i < BATCH; i++) open.push(pick());
    return ((performance.now() - began) * 1e6) / BATCH;
  };
}

export async function run() {
  return balancerKinds.map((kind) => {
    const few = bench(kind, FEW);
    const many = bench(kind, MANY);
    const fewNs = [];
    const manyNs = [];
    for (let batch = 0; batch < 2 * BATCHES; batch++) {
      fewNs.push(few());
      manyNs.push(many());
    }
    // The first half warms up.
    const [small, large] = [median(fewNs.slice(BATCHES)), median(manyNs.slice(BATCHES))];
    const name = kind.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
    return {
      key: `pick.${name}`,
      what: `Pick among 10,000 streamlets against 100: ${kind}`,
      value: large / small,
      unit: "×",
      atMost: 4,
      detail: `${large.toFixed(0)} against ${small.toFixed(0)} ns, the take included`,
    };
  });
}
