import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { compiledEntry } from "../../../src/live/machine/launch-command.js";
import { HostBench, until } from "../live-bench.js";

let bench: HostBench | undefined;

function alive(pid: number): boolean {
  // A zombie that its parent has not waited for is dead, too.
  return existsSync(`/proc/${pid}`) && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

describe("supervision", () => {
  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  it("reports a crash, with its signal and the streams that it ended", async () => {
    bench = new HostBench();
    await bench.launch(1, 2);
    const hurt = await bench.open(1, { stream: 1 });
    const spared = await bench.open(2, { stream: 2 });
    hurt.resume();
    spared.resume();
    await until("both streams to be carried", () => [1, 2].every((id) => bench?.beats.get(id)?.open === 1));
    process.kill(bench.host.pidOf(1) as number, "SIGKILL");
    expect(await bench.end(1)).toEqual({ id: 1, reason: "crashed", detail: "SIGKILL", lost: [1] });
    expect(bench.stopped).toHaveLength(1);
    const answer = new Promise((resolve) => spared.once("data", resolve));
    spared.write("still there");
    expect(String(await answer)).toBe("still there");
    spared.destroy();
  });

  it("finds a process that hangs by its silence, and ends it", async () => {
    bench = new HostBench("node", {}, { beatMs: 50, hungAfterMs: 1500 });
    await bench.launch(1, 2);
    process.kill(bench.host.pidOf(1) as number, "SIGSTOP");
    expect(await bench.end(1)).toMatchObject({ reason: "hung", detail: "SIGKILL" });
    expect(bench.host.views().map((view) => view.id)).toEqual([2]);
  });

  it("closes the sockets that were on their way to a process that hangs: no client waits for ever", async () => {
    bench = new HostBench("node", {}, { beatMs: 50, hungAfterMs: 1500 });
    await bench.launch(1);
    process.kill(bench.host.pidOf(1) as number, "SIGSTOP");
    const clients = await Promise.all(
      [1, 2, 3, 4, 5].map((stream) => bench?.open(1, { stream }, new Uint8Array(3000))),
    );
    const closed = clients.map(
      (client) =>
        new Promise((resolve) =>
          client
            ?.on("close", resolve)
            .resume()
            .on("end", () => client.end()),
        ),
    );
    expect(await bench.end(1)).toMatchObject({ reason: "hung", lost: [1, 2, 3, 4, 5] });
    await Promise.all(closed);
  });

  it("reports a failed spawn: a process that cannot start, and one that ends before it is ready", async () => {
    bench = new HostBench("node", {}, { readyWithinMs: 400 });
    const { streamletClass } = bench;
    bench.host.launch(1, 0);
    await until("its start", () => bench?.host.pidOf(1) !== undefined);
    process.kill(bench.host.pidOf(1) as number, "SIGSTOP");
    expect(await bench.end(1)).toMatchObject({ reason: "spawn-failed" });
    await bench.close();
    bench = new HostBench("node", {}, {}, undefined, { ...streamletClass, formats: ["no-such-format"] });
    bench.host.launch(2, 0);
    const failed = await bench.end(2);
    expect(failed).toMatchObject({ reason: "spawn-failed", lost: [] });
    expect(failed.detail).toContain("exit code 1");
  });

  it("cancels a launch that still waits for its turn, and ends an empty streamlet gently", async () => {
    bench = new HostBench();
    for (let id = 1; id <= 12; id++) bench.host.launch(id, 0);
    bench.host.stop(12, "spawn-cancelled");
    expect(await bench.end(12)).toMatchObject({ reason: "spawn-cancelled", detail: "never started" });
    await until("the others to be ready", () => bench?.ready.length === 11);
    bench.host.stop(3, "retired");
    expect(await bench.end(3)).toMatchObject({ reason: "retired", detail: "exit code 0" });
  });

  it("leaves no orphan when the manager is killed: neither idle streamlets nor busy ones", async () => {
    const manager = spawn(process.execPath, ["--input-type=module", "-e", managerScript], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pids = await pidsOf(manager);
    expect(pids).toHaveLength(3);
    expect(pids.every(alive)).toBe(true);
    manager.kill("SIGKILL");
    await until("the orphans to end", () => !pids.some(alive));
  });

  it("shuts down without leaving anything", async () => {
    bench = new HostBench();
    await bench.launch(1, 2, 3);
    const pids = [1, 2, 3].map((id) => bench?.host.pidOf(id) as number);
    await bench.close();
    expect(pids.some(alive)).toBe(false);
    expect(bench.stopped.map((stopped) => stopped.reason)).toEqual(["retired", "retired", "retired"]);
  });
});

/** A manager with three streamlets, one of which is busy and never looks at its channel. */
const managerScript = `
  const { ProcessHost } = await import(${JSON.stringify(compiledEntry("./manager/process-host.js"))});
  const { defaultTimes } = await import(${JSON.stringify(compiledEntry("./wire/process-class.js"))});
  const { Limiter } = await import(${JSON.stringify(compiledEntry("./limits/limiter.js"))});
  const { noLimits } = await import(${JSON.stringify(compiledEntry("./limits/limits.js"))});
  const pool = { name: "x", runtime: "node", formats: ["mpegts"], limits: noLimits };
  let ready = 0;
  const host = new ProcessHost([pool], new Limiter(), defaultTimes, {
    onReady: () => {
      if (++ready !== 3) return;
      host.hog(2, "cpu");
      console.log([1, 2, 3].map((id) => host.pidOf(id)).join(" "));
    },
    onEnded() {}, onBeat() {}, onStopped() {},
  });
  for (const id of [1, 2, 3]) host.launch(id, 0);
`;

async function pidsOf(manager: ChildProcess): Promise<number[]> {
  let text = "";
  manager.stdout?.on("data", (chunk) => {
    text += chunk;
  });
  await until("the manager's streamlets", () => text.includes("\n"));
  return text.trim().split(" ").map(Number);
}
