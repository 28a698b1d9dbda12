// Workload A: M/M/50 at rho = 0.9, FIFO, two events per customer, on the bare kernel; against C++
// and SimPy.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { RandomStream } from "../../dist/base/random.js";
import { Kernel } from "../../dist/kernel/kernel.js";
import { Phase } from "../../dist/ports/scheduler.js";
import { alternate, cpuNsOf, jsonOf, noCompiler, withCpp } from "./measure.mjs";

const SERVERS = 50;
const ARRIVALS_PER_TIME = 45;
const CUSTOMERS = 2_000_000;
const ROUNDS = 7;
const SIMPY_CUSTOMERS = 100_000;
/**
 * ns per event of SimPy 4 against C++ on one machine, as published with the project's reference
 * figures.
 */
const PUBLISHED_SIMPY_AGAINST_CPP = 65;

class Queue {
  kernel = new Kernel();
  random = new RandomStream("workload-a");
  waiting = new Float64Array(1 << 16);
  head = 0;
  tail = 0;
  busy = 0;
  arrived = 0;
  waitSum = 0;

  constructor(customers) {
    this.customers = customers;
  }

  arrive = () => {
    if (this.busy < SERVERS) {
      this.busy++;
      this.kernel.schedule(this.random.exponential(), Phase.Departure, this.depart);
    } else {
      this.waiting[this.tail++ & 0xffff] = this.kernel.nowMs();
      if (this.tail - this.head > 0xffff) throw new Error("the queue of workload A is longer than its ring");
    }
    if (++this.arrived < this.customers)
      this.kernel.schedule(this.random.exponential() / ARRIVALS_PER_TIME, Phase.Arrival, this.arrive);
  };

  depart = () => {
    if (this.head < this.tail) {
      this.waitSum += this.kernel.nowMs() - this.waiting[this.head++ & 0xffff];
      this.kernel.schedule(this.random.exponential(), Phase.Departure, this.depart);
    } else this.busy--;
  };

  run() {
    this.kernel.schedule(0, Phase.Arrival, this.arrive);
    this.kernel.run(Number.POSITIVE_INFINITY);
    return this.kernel.events;
  }
}

function nsPerEvent(customers) {
  const { result: events, cpuNs } = cpuNsOf(() => new Queue(customers).run());
  return cpuNs / events;
}

export async function run() {
  nsPerEvent(CUSTOMERS);
  const rows = [];
  const key = "workloadA.againstCpp";
  const what = "A: M/M/50 on the kernel, CPU time against C++";
  const cpp = await withCpp("workload-a.cpp", (binary) =>
    alternate(
      ROUNDS,
      () => nsPerEvent(CUSTOMERS),
      () => jsonOf(binary, [String(CUSTOMERS)]).nsPerEvent,
    ),
  );
  if (cpp === undefined) rows.push({ key, what, absent: noCompiler });
  else {
    const detail = `${cpp.ours.toFixed(0)} against ${cpp.reference.toFixed(0)} ns/event`;
    rows.push({ key, what, value: cpp.ratio, unit: "×", atMost: 1.45, detail });
  }
  rows.push(simpyRow(cpp));
  return rows;
}

/** A python that has SimPy: the first on the path may be one without Debian's packages. */
function pythonWithSimPy() {
  return ["python3", "/usr/bin/python3"].find(
    (python) =>
      spawnSync(python, ["-c", "try: import simpy\nexcept ImportError: import SimPy.Simulation"]).status === 0,
  );
}

function simpyRow(cpp) {
  const key = "workloadA.fasterThanSimPy";
  const what = "A: times as fast as SimPy";
  const python = pythonWithSimPy();
  if (python === undefined) {
    const advice = "no SimPy on this machine: apt-get install python3-simpy, or pip install simpy";
    if (cpp === undefined) return { key, what, absent: advice };
    const implied = (PUBLISHED_SIMPY_AGAINST_CPP / cpp.ratio).toFixed(0);
    return { key, what, absent: `${advice}; from the published SimPy = 65 × C++ it would be ${implied} ×` };
  }
  const script = fileURLToPath(new URL("./workload-a.py", import.meta.url));
  let version = "";
  const simpy = alternate(
    3,
    () => nsPerEvent(CUSTOMERS),
    () => {
      const printed = jsonOf(python, [script, String(SIMPY_CUSTOMERS)]);
      version = printed.version;
      return printed.nsPerEvent;
    },
  );
  const detail = `${simpy.ours.toFixed(0)} against ${simpy.reference.toFixed(0)} ns/event of SimPy ${version}`;
  return { key, what, value: 1 / simpy.ratio, unit: "×", atLeast: 25, detail };
}
