import { afterEach, describe, expect, it } from "vitest";
import { openIsolation, probeIsolation } from "../../../src/live/machine/isolation.js";
import type { ZygoteView } from "../../../src/live/manager/zygote.js";
import { HostBench, runtimes, until } from "../live-bench.js";
import { alive, firstOf, numbersInside } from "../process-tree.js";

const isThere = runtimes().includes("zygote");
const hasOwnPids = isThere && probeIsolation("zygote", openIsolation).holds.includes("own-pids");
if (!hasOwnPids) console.log("not checked: PID namespaces of streamlets, which only root may make");

let bench: HostBench | undefined;
const zygote = (): ZygoteView => bench?.host.zygoteOf(0) as ZygoteView;
const pidOf = (id: number): number => bench?.host.pidOf(id) as number;

afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

describe.runIf(hasOwnPids).each(["zygote", "native"] as const)("the PID namespace of streamlets (%s)", (runtime) => {
  it("has no number of a process outside it; the manager knows the streamlets by their outer numbers", async () => {
    bench = new HostBench(runtime);
    await bench.launch(1, 2);
    for (const id of [1, 2]) {
      const [outside, ...inside] = numbersInside(pidOf(id));
      expect(outside).toBe(pidOf(id));
      expect(inside).toHaveLength(1);
      expect(inside[0]).not.toBe(1);
    }
    expect(numbersInside(firstOf(zygote().pid) as number)[1]).toBe(1);
    expect(numbersInside(zygote().pid as number)).toHaveLength(1);
  });

  it("ends with its last streamlet where its maker was killed, though its first process was stopped", async () => {
    bench = new HostBench(runtime);
    await bench.launch(1);
    const [maker, first, streamlet] = [zygote().pid as number, firstOf(zygote().pid) as number, pidOf(1)];
    process.kill(first, "SIGSTOP");
    process.kill(maker, "SIGKILL");
    await until("the end of the maker", () => !alive(maker));
    expect([alive(first), alive(streamlet)]).toEqual([true, true]);
    process.kill(streamlet, "SIGKILL");
    await until("the end of the namespace", () => !alive(first));
  });

  it("ends its streamlets when its first process is killed; the next ones come from another maker", async () => {
    bench = new HostBench(runtime);
    await bench.launch(1, 2);
    process.kill(firstOf(zygote().pid) as number, "SIGKILL");
    for (const id of [1, 2]) expect(await bench.end(id)).toMatchObject({ reason: "crashed", detail: "SIGKILL" });
    await until("the next maker", () => zygote().restarts === 1 && zygote().state === "up");
    expect(zygote().reason).toMatch(/the first process of its PID namespace has ended/);
    await bench.launch(3);
    expect(numbersInside(pidOf(3))).toHaveLength(2);
  });
});
