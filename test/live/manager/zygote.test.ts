import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isolationArgument, openIsolation } from "../../../src/live/machine/isolation.js";
import { compiledEntry, scrubbedEnvironment, streamletCommand } from "../../../src/live/machine/launch-command.js";
import { Zygote, type ZygoteView } from "../../../src/live/manager/zygote.js";
import { HostBench, runtimes, spareCount, until } from "../live-bench.js";
import { alive, childrenOf, parentOf, sparesOf } from "../process-tree.js";

const there = runtimes().includes("zygote");
let bench: HostBench | undefined;

const zygote = (): ZygoteView => bench?.host.zygoteOf(0) as ZygoteView;
const pidOf = (id: number): number => bench?.host.pidOf(id) as number;
const folders = (pid: number | undefined): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`headrace-zygote-${pid}-`));

/** Until the end of the test, a timer of `fromMs` fires after `toMs`. */
function shortenTimers(fromMs: number, toMs: number): void {
  const start = globalThis.setTimeout;
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((run: () => void, delayMs?: number) =>
    start(run, delayMs === fromMs ? toMs : delayMs)) as typeof setTimeout);
}

afterEach(async () => {
  vi.restoreAllMocks();
  await bench?.close();
  bench = undefined;
});

describe.runIf(there).each([
  { runtime: "zygote", kind: "zygote" },
  { runtime: "native", kind: "launcher" },
] as const)("the $kind", ({ runtime, kind }) => {
  it("makes streamlets, and reports how each of them ended", async () => {
    bench = new HostBench(runtime, { memoryBytes: 32 * 1024 * 1024 });
    await bench.launch(1, 2, 3);
    expect(zygote()).toMatchObject({ kind, state: "up", forked: 3, restarts: 0 });
    expect([1, 2, 3].map((id) => parentOf(pidOf(id)))).toEqual([zygote().pid, zygote().pid, zygote().pid]);
    bench.host.stop(1, "retired");
    expect(await bench.end(1)).toMatchObject({ reason: "retired", detail: "exit code 0" });
    process.kill(pidOf(2), "SIGKILL");
    expect(await bench.end(2)).toMatchObject({ reason: "crashed", detail: "SIGKILL" });
    if (bench.limiter.enforced.memory === "none") {
      console.log("not checked: out of memory apart from a crash, since this machine limits no memory");
      return;
    }
    bench.host.hog(3, "memory");
    expect(await bench.end(3)).toMatchObject({ reason: "out-of-memory" });
  });

  it("reports the end of a streamlet that was killed when it became ready", async () => {
    bench = new HostBench(runtime);
    await bench.prepare();
    bench.whenReady = (id) => process.kill(pidOf(id), "SIGKILL");
    const ids = Array.from({ length: 40 }, (_, i) => i + 1);
    for (const id of ids) {
      bench.host.launch(id, 0);
      expect(await bench.end(id)).toMatchObject({ reason: "crashed", detail: "SIGKILL" });
    }
    expect(zygote()).toMatchObject({ state: "up", forked: ids.length, restarts: 0 });
  });

  it("never holds a client's socket, nor another streamlet's channel", async () => {
    bench = new HostBench(runtime);
    await bench.launch(1);
    const descriptors = (pid: number | undefined): number => readdirSync(`/proc/${pid}/fd`).length;
    const before = descriptors(zygote().pid);
    const own = descriptors(pidOf(1));
    const clients = await Promise.all([1, 2, 3].map((stream) => bench?.open(1, { stream }, new Uint8Array(188))));
    await until("three streams", () => descriptors(pidOf(1)) === own + 3);
    await bench.launch(2, 3);
    expect(descriptors(zygote().pid)).toBe(before);
    expect(descriptors(pidOf(3))).toBe(own);
    for (const client of clients) client?.destroy();
  });

  it("may be killed: its streamlets go on, the next are spawned directly until it is back", async () => {
    bench = new HostBench(runtime);
    await bench.launch(1);
    const client = await bench.open(1, { stream: 1 });
    const first = zygote().pid as number;
    process.kill(first, "SIGKILL");
    await until("the notice", () => zygote().state !== "up");
    expect(zygote()).toMatchObject({ reason: "SIGKILL", restarts: 1 });
    bench.host.launch(2, 0);
    await until("another streamlet", () => bench?.ready.includes(2) === true);
    expect(parentOf(pidOf(2))).toBe(process.pid);
    const answer = new Promise((resolve) => client.once("data", resolve));
    client.write("still there");
    expect(String(await answer)).toBe("still there");
    client.destroy();
    await bench.launch(3);
    expect(zygote()).toMatchObject({ state: "up", restarts: 1, reason: "SIGKILL" });
    expect(parentOf(pidOf(3))).toBe(zygote().pid);
    // If the zygote has ended, its status is unknown.
    process.kill(pidOf(1), "SIGKILL");
    expect(await bench.end(1)).toMatchObject({ reason: "crashed", detail: "its channel closed" });
    expect(bench.notices).toHaveLength(2);
  });

  it("reports how a streamlet ended although its manager did not run in the meantime", async () => {
    const command = streamletCommand(runtime, 1000, ["mpegts"], 0, isolationArgument(openIsolation));
    const maker = new Zygote(kind, command, scrubbedEnvironment(process.env), () => undefined);
    await maker.begun;
    const child = maker.fork() as ChildProcess;
    const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
    await until("its number", () => child.pid !== undefined);
    // Longer than the manager waits for the report, which comes just after the channel closes.
    child.once("disconnect", () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300));
    process.kill(child.pid as number, "SIGKILL");
    expect(await ended).toEqual({ code: null, signal: "SIGKILL" });
    await maker.close();
  });

  it("cancels a streamlet that is on its way", async () => {
    bench = new HostBench(runtime);
    await bench.prepare();
    bench.host.launch(1, 0);
    bench.host.kill(1, "spawn-cancelled");
    expect(await bench.end(1)).toMatchObject({ reason: "spawn-cancelled" });
    await bench.launch(2);
  });

  it("leaves nothing behind after its own or its manager's end, be a streamlet stopped or not", async () => {
    bench = new HostBench(runtime);
    await bench.launch(1, 2);
    const pids = [zygote().pid as number, ...childrenOf(zygote().pid)];
    expect(pids).toEqual(expect.arrayContaining([pidOf(1), pidOf(2)]));
    await bench.close();
    expect(pids.some((pid) => existsSync(`/proc/${pid}`))).toBe(false);
    expect(folders(process.pid)).toEqual([]);
    const manager = spawn(process.execPath, ["--input-type=module", "-e", managerScript(runtime)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [maker, ...made] = await numbersOf(manager);
    expect(made).toHaveLength(3);
    process.kill(made[1], "SIGSTOP");
    const orphans = [maker, ...new Set([...made, ...childrenOf(maker)])];
    expect(orphans.every(alive)).toBe(true);
    expect(folders(manager.pid)).toHaveLength(1);
    manager.kill("SIGKILL");
    await until("the orphans to end", () => !orphans.some(alive));
    expect(folders(manager.pid)).toEqual([]);
  });
});

describe.runIf(there)("a zygote", () => {
  it("that dies while it makes a streamlet loses no streamlet", { timeout: 120_000 }, async () => {
    bench = new HostBench("zygote");
    await bench.prepare();
    process.kill(zygote().pid as number, "SIGSTOP");
    // The spares serve as long as there are any.
    const last = spareCount + 1;
    for (let id = 1; id <= last; id++) bench.host.launch(id, 0);
    await until("the spares", () => bench?.ready.length === spareCount);
    expect(bench.host.views().at(-1)?.state).toBe("starting");
    process.kill(zygote().pid as number, "SIGKILL");
    await until("another one, spawned directly", () => bench?.ready.length === last);
    expect(bench.ready.at(-1)).toBe(last);
    expect(parentOf(pidOf(last))).toBe(process.pid);
    expect(bench.stopped).toEqual([]);
  });

  it("that hangs is found out, and killed", { timeout: 120_000 }, async () => {
    bench = new HostBench("zygote");
    await bench.prepare();
    process.kill(zygote().pid as number, "SIGSTOP");
    shortenTimers(5000, 500);
    for (let id = 1; id <= spareCount + 1; id++) bench.host.launch(id, 0);
    await until("a streamlet, spawned directly", () => bench?.ready.length === spareCount + 1);
    expect(zygote().reason).toContain("it forked nothing within 5000 ms");
  });

  it("is done without where this Node does not allow it", async () => {
    bench = new HostBench("zygote");
    await bench.prepare();
    vi.spyOn(process as unknown as { binding(name: string): unknown }, "binding").mockImplementation(() => {
      throw new Error("No such binding: pipe_wrap");
    });
    bench.host.launch(1, 0);
    await until("a streamlet, spawned directly", () => bench?.ready.length === 1);
    expect(parentOf(pidOf(1))).toBe(process.pid);
    expect(zygote()).toMatchObject({ state: "given-up", forked: 0 });
    expect(zygote().reason).toContain("No such binding");
  });

  it("comes up again where its folder has gone, and says so", async () => {
    bench = new HostBench("zygote");
    await bench.launch(1);
    for (const name of folders(process.pid)) rmSync(join(tmpdir(), name), { recursive: true });
    bench.host.launch(2, 0);
    await until("readiness", () => bench?.ready.includes(2) === true);
    await until("a word about it", () => bench?.notices.some((line) => line.includes("has gone")) === true);
    await until("the next zygote", () => zygote().state === "up");
    expect(bench.stopped).toEqual([]);
  });

  it("replaces a spare process that dies before it is a streamlet", async () => {
    bench = new HostBench("zygote");
    await bench.prepare();
    const before = sparesOf(zygote().pid);
    expect(before).toHaveLength(spareCount);
    process.kill(before[0], "SIGKILL");
    await until("another spare", () => {
      const now = sparesOf(zygote().pid);
      return now.length === spareCount && !now.includes(before[0]);
    });
    await bench.launch(1);
    expect(bench.stopped).toEqual([]);
    expect(zygote()).toMatchObject({ state: "up", forked: 1, restarts: 0 });
  });

  it("gives up on spares that die one after the other, and says so", async () => {
    bench = new HostBench("zygote");
    await bench.prepare();
    const first = zygote().pid;
    await until("the zygote's end", () => {
      try {
        for (const pid of sparesOf(first)) process.kill(pid, "SIGKILL");
      } catch {
        // It, or the whole zygote, is gone already.
      }
      return zygote().restarts > 0;
    });
    expect(zygote().reason).toMatch(/spares in a row died before they served/);
  });
});

/**
 * A manager with a zygote and three streamlets, one of which is busy; prints their process ids,
 * the zygote's first.
 */
const managerScript = (runtime: string): string => `
  const { ProcessHost } = await import(${JSON.stringify(compiledEntry("./manager/process-host.js"))});
  const { defaultTimes } = await import(${JSON.stringify(compiledEntry("./wire/process-class.js"))});
  const { Limiter } = await import(${JSON.stringify(compiledEntry("./limits/limiter.js"))});
  const { noLimits } = await import(${JSON.stringify(compiledEntry("./limits/limits.js"))});
  const pool = { name: "x", runtime: ${JSON.stringify(runtime)}, formats: ["mpegts"], limits: noLimits };
  let ready = 0;
  const host = new ProcessHost([pool], new Limiter([]), defaultTimes, {
    onReady: () => {
      if (++ready < 3) return;
      host.hog(3, "cpu");
      console.log([host.zygoteOf(0).pid, ...[1, 2, 3].map((id) => host.pidOf(id))].join(" "));
    },
    onEnded() {}, onBeat() {}, onStopped() {},
  });
  const begin = () => {
    if (host.zygoteOf(0).state !== "up") return setTimeout(begin, 3);
    for (const id of [1, 2, 3]) host.launch(id, 0);
  };
  begin();
`;

async function numbersOf(manager: ChildProcess): Promise<number[]> {
  let text = "";
  manager.stdout?.on("data", (chunk) => {
    text += chunk;
  });
  await until("the manager's streamlets", () => text.includes("\n"));
  return text.trim().split(" ").map(Number);
}
