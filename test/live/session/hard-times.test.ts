// The cases 11, 12, 14 and 18 of shared/cases/live: what a gateway meets in service.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { runtimes, until } from "../live-bench.js";
import { LiveCommand } from "../live-command.js";
import { liveScenario } from "../live-scenario.js";
import { childrenOf } from "../process-tree.js";

const scenario = liveScenario({
  name: "hard-times",
  rate: "3/s",
  holding: "2s",
  patience: "20s",
  max: 4,
  more: ["faults: {streamletMtbf: 1ms}"],
  policies: "[{kind: static, count: 1, tick: 100ms}]",
});

/** A stream of a few packets, echoed to its end. */
function stream(port: number, host = "127.0.0.1"): Promise<string> {
  return new Promise((resolve) => {
    const client = connect({ port, host, allowHalfOpen: true });
    let answer = "";
    client.on("error", () => resolve("error"));
    client.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    client.on("end", () => {
      client.destroy();
      resolve(answer);
    });
    client.end(`HEADRACE/1 format=mpegts\n${"x".repeat(300)}`);
  });
}

async function page(port: number, path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  return { status: response.status, text: await response.text() };
}

/**
 * Mounts a file system of this size in the command's folder, until it is disposed of; undefined
 * if that is impossible.
 */
function tinyDisk(live: LiveCommand, size: string): string | undefined {
  const disk = join(live.folder, "tiny");
  mkdirSync(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk]);
  if (mounted.status === 0) return disk;
  console.log("skipped: no file system of a bounded size can be mounted here");
  return undefined;
}

/** The command on a scenario; the test's end ends it. */
function liveFor({ onTestFinished }: Pick<TestContext, "onTestFinished">, yaml = scenario): LiveCommand {
  const live = new LiveCommand(yaml);
  onTestFinished(async () => {
    spawnSync("umount", [join(live.folder, "tiny")], { stdio: "ignore" });
    await live.dispose();
  });
  return live;
}

// Side by side: most of the time a test waits for something to be noticed.
describe.concurrent("a gateway in service", () => {
  it.for([{ args: [] }, { args: ["--json-log", "-"] }])(
    "goes on when nobody reads its stderr any more ($args)",
    async ({ args }, context) => {
      const live = liveFor(context);
      await live.serve(args);
      const { port } = live;
      const open = connect(port, "127.0.0.1");
      let echoed = "";
      open.on("data", (chunk) => {
        echoed += chunk.toString("latin1");
      });
      open.write("HEADRACE/1 format=mpegts\nhello");
      await until("an echo", () => echoed.endsWith("hello"));
      live.process.stderr?.destroy();
      live.process.kill("SIGHUP");
      await until("a degraded gateway", async () => (await page(port, "/health")).text.includes("degraded"));
      open.write(" again");
      await until("the stream to go on", () => echoed.endsWith("hello again"));
      open.destroy();
      expect(live.process.exitCode).toBe(null);
      expect(await live.stop()).toBe(0);
    },
  );

  it("goes on when the disk is full, reports begin and end, and loses no record of a short time", async (context) => {
    const live = liveFor(context);
    const tiny = tinyDisk(live, "64k") ?? context.skip();
    const log = join(tiny, "run.jsonl");
    await live.serve(["--log", log, "--json-log", join(tiny, "json.jsonl"), "--log-level", "debug"]);
    const { port } = live;
    writeFileSync(join(tiny, "ballast"), Buffer.alloc(40_000));
    await until("the disk to be full", async () => {
      await stream(port);
      return live.messages.includes("the run log cannot be written");
    });
    expect(live.messages).toMatch(/the run log cannot be written \(.*run\.jsonl: ENOSPC\); streams go on/);
    expect(JSON.parse((await page(port, "/health")).text)).toMatchObject({ status: "degraded" });
    expect((await page(port, "/metrics")).text).toContain('headrace_write_failing{what="run-log"} 1');
    expect(await stream(port)).toContain("xxx");
    spawnSync("mount", ["-o", "remount,size=8m", tiny]);
    await until("the log to be written again", () => live.messages.includes("the run log is written again"));
    expect(live.messages).toMatch(/the run log is written again .*nothing was lost/);
    await until("a gateway that is up", async () => (await page(port, "/health")).text.includes('"up"'));
    expect((await page(port, "/metrics")).text).toContain('headrace_write_failing{what="run-log"} 0');
    expect(await live.stop()).toBe(0);
    expect(spawnSync(process.execPath, ["bin/headrace.js", "replay", log], { encoding: "utf8" }).status).toBe(0);
  });

  it("writes its report when the disk stays full, and counts what it could not write", async (context) => {
    const live = liveFor(context);
    const tiny = tinyDisk(live, "16k") ?? context.skip();
    await live.serve(["--log", join(tiny, "run.jsonl")]);
    const { port } = live;
    await until("the disk to be full", async () => {
      await stream(port);
      return live.messages.includes("cannot be written");
    });
    expect(await live.stop()).toBe(0);
    expect(live.messages).toMatch(/run\.jsonl: [\d,]+ records could not be written/);
    expect(existsSync(join(live.out, "index.html"))).toBe(true);
    expect(readFileSync(join(tiny, "run.jsonl"), "utf8").endsWith("\n")).toBe(true);
  });

  it("keeps logs and results to its user, and an earlier log where a run cannot start", async (context) => {
    const live = liveFor(context);
    await live.serve();
    const { port } = live;
    const taken = live.managerPort;
    await stream(port);
    const log = join(live.out, "run.jsonl");
    const command = ["bin/headrace.js", "live", live.scenarioFile, "--serve", "--out", live.out];
    await until("some of the log", () => statSync(log).size > 0);
    const before = readFileSync(log, "utf8").slice(0, 200);
    const second = spawnSync(process.execPath, [...command, "--manager-port", String(taken)], { encoding: "utf8" });
    expect(second.status).toBe(2);
    expect(readFileSync(log, "utf8").slice(0, 200)).toBe(before);
    expect(await live.stop()).toBe(0);
    const made = readdirSync(live.out, { recursive: true, withFileTypes: true });
    const open = made.filter((entry) => (statSync(join(entry.parentPath, entry.name)).mode & 0o077) !== 0);
    expect(open.map((entry) => entry.name)).toEqual([]);
    expect(made.map((entry) => entry.name)).toContain("index.html");
    expect(made.filter((entry) => entry.name.endsWith(".tmp"))).toEqual([]);
  });

  it("needs a token for calls that change something, and refuses calls from a web page", async (context) => {
    const live = liveFor(context);
    await live.serve(["--runtime", "node"]);
    const { port } = live;
    await until("the token's file", () => live.messages.includes("need the token in"));
    const file = /need the token in (\S+)/.exec(live.messages)?.[1] as string;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const token = readFileSync(file, "utf8").trim();
    const manager = live.managerPort;
    const authorization = `Bearer ${token}`;
    const change = (headers: Record<string, string>): RequestInit => ({ method: "POST", headers, body: '{"pool":0}' });
    expect((await page(manager, "/streamlets")).status).toBe(200);
    expect((await page(manager, "/streamlets", change({}))).status).toBe(401);
    expect((await page(manager, "/restart", change({ authorization: "Bearer guess" }))).status).toBe(401);
    expect((await page(manager, "/streamlets/1", { method: "DELETE" })).status).toBe(401);
    expect((await page(manager, "/streamlets", change({ authorization, origin: "http://evil.example" }))).status).toBe(
      403,
    );
    expect((await page(manager, "/streamlets", { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403);
    expect((await page(manager, "/streamlets", change({ authorization }))).status).toBe(202);
    for (const at of [port, manager]) {
      await until("free slots", async () => (await page(at, "/ready")).status === 200);
      expect((await page(at, "/health")).status).toBe(200);
      expect((await page(at, "/health", { method: "HEAD" })).text).toBe("");
      const wrong = await fetch(`http://127.0.0.1:${at}/health`, { method: "PUT" });
      expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
    }
    expect(await live.stop()).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it("answers /ready of both servers with 503 while its pools have no free slot", async (context) => {
    const live = liveFor(context, scenario.replace("max: 4", "max: 1"));
    await live.serve();
    const { port } = live;
    await until("free slots", async () => (await page(port, "/ready")).status === 200);
    const clients = Array.from({ length: 4 }, () => connect(port, "127.0.0.1"));
    for (const client of clients) client.write("HEADRACE/1 format=mpegts\n");
    await until("no free slot", async () => (await page(port, "/ready")).status === 503);
    expect((await page(port, "/health")).status).toBe(200);
    await until("the same of the manager", async () => (await page(live.managerPort, "/ready")).status === 503);
    for (const client of clients) client.destroy();
    await until("free slots again", async () => (await page(live.managerPort, "/ready")).status === 200);
    expect(await live.stop()).toBe(0);
  });

  it("injects the scenario's faults into real streams only with --with-faults, and says so", async (context) => {
    const live = liveFor(context);
    await live.serve();
    const { port } = live;
    await until("a message about faults", () => live.messages.includes("streamletMtbf"));
    expect(live.messages).toContain("the scenario's faults (streamletMtbf) are not injected into your streams");
    expect(await stream(port)).toContain("xxx");
    expect(await live.stop()).toBe(0);
    expect(live.messages).not.toContain("crashed");
    await live.serve(["--with-faults"]);
    await until("a message about faults", () => live.messages.includes("streamletMtbf"));
    expect(live.messages).toContain("*** FAULTS ARE INJECTED INTO REAL STREAMS (--with-faults): streamletMtbf ***");
    await until("a message about a crash", () => /streamlets ended: \d+ crashed/.test(live.messages));
    expect(await live.stop()).toBe(0);
  });

  it("puts an IPv6 address into brackets", async (context) => {
    const live = liveFor(context);
    await live.serve(["--address", "::1"]);
    const { port } = live;
    if (Number.isNaN(port)) {
      console.log("skipped: no IPv6 here");
      return context.skip();
    }
    expect(live.messages).toContain(`gateway on http://[::1]:${port}/stream`);
    expect(live.messages).toContain("streamlet manager on http://[::1]:");
    expect(await stream(port, "::1")).toContain("xxx");
  });

  it("refuses to start where it may open only 64 files, and says how many it needs", async (context) => {
    const live = liveFor(context);
    live.start(["--serve"], ["sh", "-c", 'ulimit -n 64; exec "$0" "$@"']);
    expect(await live.ended).toBe(2);
    expect(live.messages).toMatch(/^ulimit -n: .*; expected at least 256/);
  });

  it.for(runtimes())("finds a manager that hangs, replaces it, and serves on (%s)", async (runtime, context) => {
    const live = liveFor(context);
    await live.serve(["--runtime", runtime]);
    const { port } = live;
    expect(await stream(port)).toContain("xxx");
    const [manager] = childrenOf(live.process.pid).filter((pid) => commandOf(pid).includes("manager/main.js"));
    process.kill(manager, "SIGSTOP");
    await until("the manager to be found", () => live.messages.includes("no heartbeat for"));
    await until("another to take over", () => live.messages.includes("streamlet manager started again"));
    await until("a slot", async () => (await page(port, "/ready")).status === 200);
    expect(await stream(port)).toContain("xxx");
    expect((await page(port, "/metrics")).text).toContain('headrace_manager_restarts_total{reason="hung"} 1');
    expect(existsSync(`/proc/${manager}`)).toBe(false);
    expect(await live.stop()).toBe(0);
  });
});

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
}
