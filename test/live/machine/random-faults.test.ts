import { afterEach, describe, expect, it } from "vitest";
import { cgroupMounts } from "../../../src/live/limits/cgroup-files.js";
import { childGroups } from "../../../src/live/limits/cgroup-groups.js";
import { openIsolation, probeIsolation } from "../../../src/live/machine/isolation.js";
import type { Runtime } from "../../../src/live/machine/launch-command.js";
import type { ProcessHost } from "../../../src/live/manager/process-host.js";
import { EchoClient } from "../echo-client.js";
import { childCount, descriptorCount, FleetBench, heldMemory, scenarioOf } from "../fleet-bench.js";
import { randomWords } from "../formats/bytes.js";
import { runtimes, spareCount, until } from "../live-bench.js";
import { isolationScenario } from "./isolation-scenario.js";

const faultRuns: [Runtime, number][] = runtimes().includes("native")
  ? [
      ["native", 200],
      ["zygote", 60],
      ["node", 30],
    ]
  : [["node", 200]];
/** A Node process takes 45 MB to begin with, the native one less than 2. */
const memoryBytes: Record<Runtime, number> = {
  node: 160 * 1024 * 1024,
  native: 32 * 1024 * 1024,
  zygote: 32 * 1024 * 1024,
};

/**
 * Code compiled for the first time, grown tables, and bytes of sixteen clients in transit: up to
 * 1 MB was seen.
 */
const SETTLING_BYTES = 2_000_000;

let bench: FleetBench | undefined;
let clients: EchoClient[] = [];

describe("random faults of real streamlets", () => {
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.finish()));
    clients = [];
    await bench?.close();
    bench = undefined;
  });

  // A Node process costs ten times the CPU to start: if the native class can be built, it takes
  // most of the faults.
  it.each(faultRuns)(
    "(%s) %i random kills, stops, OOMs and spawn failures leave nothing behind, and the counts add up",
    { timeout: 600_000 },
    async (runtime, faultCount) => {
      const children = childCount();
      bench = await FleetBench.start(await scenarioOf(isolationScenario(8, 5)), runtime, memoryBytes[runtime], {
        beatMs: 50,
        // Beside other tests a streamlet that runs may be late by a second.
        hungAfterMs: 3000,
      });
      const { host, port, stopped } = bench;
      await until("8 ready streamlets", () => bench?.readyIds().length === 8);
      clients = Array.from({ length: 16 }, () => new EchoClient(port, true));
      await until("all served", () => clients.every((client) => client.served));
      const descriptors = descriptorCount();
      const held = heldMemory();
      const logged = bench.lines.length;
      const next = randomWords(5);
      const struck = new Set<number>();
      const { killedAtFork } = bench;
      const kinds: string[] = [];
      while (kinds.length < faultCount || bench.spawnsToFail > 0) {
        // A streamlet killed at its fork may have reported that it is ready: it ends by that
        // kill, not by the next fault.
        const ready = host
          .views()
          .filter((view) => view.state === "ready" && !struck.has(view.id) && !killedAtFork.has(view.id));
        const wanted = (["kill", "kill", "spawn", "oom", "kill", "spawn", "oom", "stop"] as const)[kinds.length & 7];
        // The next process that is forked will die; a death that makes the fleet fork one follows.
        if (wanted === "spawn" && kinds.length < faultCount) {
          bench.spawnsToFail++;
          kinds.push(wanted);
          continue;
        }
        const kind = wanted === "spawn" ? "kill" : wanted;
        const target = ready.length > 4 ? ready[next() % ready.length] : undefined;
        if (target?.pid === undefined) {
          await new Promise((resolve) => setTimeout(resolve, 2));
          continue;
        }
        struck.add(target.id);
        if (!strike(host, target.id, target.pid, kind)) continue;
        kinds.push(kind);
      }
      await until("the end of all that were struck", () =>
        [...struck].every((id) => stopped.some((one) => one.id === id)),
      );
      await until("8 ready streamlets again", () => bench?.readyIds().length === 8);
      await until("all served again", () => clients.every((client) => client.served));
      const reasons = tally(stopped.map((one) => one.reason));
      const faults = tally(kinds);
      console.log(`${faultCount} faults: ${JSON.stringify(faults)}; ${JSON.stringify(reasons)}`);
      // A native process can be ready before the signal that follows its fork arrives: its end is
      // then a crash.
      const { crashed = 0, "spawn-failed": failed = 0, ...others } = reasons;
      expect(others).toEqual({ "out-of-memory": faults.oom, hung: faults.stop });
      expect(crashed + failed).toBe(faults.kill + faults.spawn);
      if (runtime === "node") expect(failed).toBeGreaterThan(0);
      expect(descriptorCount()).toBeLessThanOrEqual(descriptors + 8);
      await checkMemory(held, textBytes(bench.lines.slice(logged)), faultCount);
      // A launcher, or a zygote and its spares (one just taken is replaced soon), and the first
      // process of their PID namespace.
      const first = probeIsolation(runtime, openIsolation).holds.includes("own-pids") ? 1 : 0;
      const makers = { node: 0, native: 1 + first, zygote: 1 + spareCount + first }[runtime];
      await until("no process too many", () => childCount() - children === 8 + makers);
      expect(clients.map((client) => client.fault).filter((one) => one !== "")).toEqual([]);
      bench.run.world.checkBooks();
      await Promise.all(clients.map((client) => client.finish()));
      clients = [];
      await bench.close();
      expect(childCount()).toBe(children);
      const groups = cgroupMounts().flatMap((mount) => [mount.own, mount.root].flatMap(childGroups));
      expect(groups.filter((name) => name.startsWith(`headrace-${process.pid}-`))).toEqual([]);
      bench = undefined;
    },
  );
});

/**
 * Memory that the manager's process holds more than before, less the run log that the test keeps.
 * A process's record with its ChildProcess, channel and buffers is above 10 kB, so a leak of half
 * of them would show, and so would a leaked socket buffer (64 KiB) in one of twenty.
 */
async function checkMemory(before: ReturnType<typeof heldMemory>, logBytes: number, faultCount: number): Promise<void> {
  // Timers still hold some that have just died.
  await until("the records of the dead to be let go", () => heldMemory().records <= 8);
  const after = heldMemory();
  const grown = after.bytes - before.bytes - logBytes;
  console.log(`memory: ${(grown / 1000).toFixed(0)} kB more after ${faultCount} faults`);
  expect(grown).toBeLessThan(SETTLING_BYTES + faultCount * 5000);
}

function textBytes(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}

/** False if it was dead already. */
function strike(host: ProcessHost, id: number, pid: number, kind: "kill" | "oom" | "stop"): boolean {
  if (kind === "oom") {
    host.hog(id, "memory");
    return true;
  }
  try {
    return process.kill(pid, kind === "stop" ? "SIGSTOP" : "SIGKILL");
  } catch {
    return false;
  }
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
