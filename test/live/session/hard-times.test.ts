// The cases 11, 12, 14 and 18 of shared/cases/live: what a gateway meets in service.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runtimes, until } from "../live-bench.js";

const scenario = `
name: hard-times
duration: 1h
traffic: {source: poisson, rate: 3/s, mix: [{region: default, format: mpegts, share: 1}]}
streams: {holding: {kind: exponential, mean: 2s}, patience: {kind: constant, value: 20s}}
fleet:
  streamlet: {slots: 4, formats: [mpegts], spawn: {kind: constant, value: 50ms}}
  max: 4
faults: {streamletMtbf: 1ms}
policies: [{kind: static, count: 1, tick: 100ms}]
`;

let folder = "";
let child: ChildProcess | undefined;
let said = "";
let ended: Promise<number | null> = Promise.resolve(0);

/** A served gateway; `stderr` is where its messages go, collected if left out. */
async function serve(args: readonly string[] = [], text = scenario): Promise<number> {
  writeFileSync(join(folder, "live.yaml"), text);
  const command = [
    "bin/headrace.js",
    "live",
    join(folder, "live.yaml"),
    "--serve",
    "--out",
    join(folder, "out"),
    ...args,
  ];
  const running = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"] });
  child = running;
  said = "";
  running.stdout.resume();
  running.stderr.on("data", (chunk) => {
    said += chunk;
  });
  ended = new Promise((resolve) => running.once("exit", resolve));
  await until("the first lines", () => said.includes("need the token in") || running.exitCode !== null);
  return Number(/gateway on .*:(\d+)\/stream/.exec(said)?.[1]);
}

async function stop(): Promise<number | null> {
  child?.kill("SIGTERM");
  return ended;
}

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

const managerPort = (): number => Number(/streamlet manager on .*:(\d+)\//.exec(said)?.[1]);

describe("a gateway in service", () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "headrace-hard-"));
  });
  afterEach(async () => {
    child?.kill("SIGKILL");
    await ended;
    child = undefined;
    spawnSync("umount", [join(folder, "tiny")], { stdio: "ignore" });
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([{ args: [] }, { args: ["--json-log", "-"] }])(
    "outlives whoever reads its stderr ($args)",
    async ({ args }) => {
      const port = await freePort();
      await serve([...args, "--port", String(port)]);
      const open = connect(port, "127.0.0.1");
      let echoed = "";
      open.on("data", (chunk) => {
        echoed += chunk.toString("latin1");
      });
      open.write("HEADRACE/1 format=mpegts\nhello");
      await until("an echo", () => echoed.endsWith("hello"));
      child?.stderr?.destroy();
      child?.kill("SIGHUP");
      await until("it to notice", async () => (await page(port, "/health")).text.includes("degraded"));
      open.write(" again");
      await until("the stream to go on", () => echoed.endsWith("hello again"));
      open.destroy();
      expect(child?.exitCode).toBe(null);
      expect(await stop()).toBe(0);
    },
  );

  it("goes on when the disk is full, says so at once and again when it is over, and loses nothing of a short spell", async (context) => {
    const tiny = join(folder, "tiny");
    mkdirSync(tiny);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", tiny]).status !== 0) {
      console.log("skipped: no file system of a bounded size can be mounted here");
      return context.skip();
    }
    const log = join(tiny, "run.jsonl");
    const port = await serve(["--log", log, "--json-log", join(tiny, "json.jsonl"), "--log-level", "debug"]);
    writeFileSync(join(tiny, "ballast"), Buffer.alloc(40_000));
    await until("the disk to be full", async () => {
      await stream(port);
      return said.includes("the run log cannot be written");
    });
    expect(said).toMatch(/the run log cannot be written \(.*run\.jsonl: ENOSPC\); streams go on/);
    expect(JSON.parse((await page(port, "/health")).text)).toMatchObject({ status: "degraded" });
    expect((await page(port, "/metrics")).text).toContain('headrace_write_failing{what="run-log"} 1');
    expect(await stream(port)).toContain("xxx");
    spawnSync("mount", ["-o", "remount,size=8m", tiny]);
    await until("it to be written again", () => said.includes("the run log is written again"));
    expect(said).toMatch(/the run log is written again .*nothing was lost/);
    await until("all to be well", async () => (await page(port, "/health")).text.includes('"up"'));
    expect((await page(port, "/metrics")).text).toContain('headrace_write_failing{what="run-log"} 0');
    expect(await stop()).toBe(0);
    expect(spawnSync(process.execPath, ["bin/headrace.js", "replay", log], { encoding: "utf8" }).status).toBe(0);
  });

  it("writes its report when the disk stays full, and counts what it could not write", async (context) => {
    const tiny = join(folder, "tiny");
    mkdirSync(tiny);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", tiny]).status !== 0) {
      console.log("skipped: no file system of a bounded size can be mounted here");
      return context.skip();
    }
    const port = await serve(["--log", join(tiny, "run.jsonl")]);
    await until("the disk to be full", async () => {
      await stream(port);
      return said.includes("cannot be written");
    });
    expect(await stop()).toBe(0);
    expect(said).toMatch(/run\.jsonl: [\d,]+ records could not be written/);
    expect(existsSync(join(folder, "out", "index.html"))).toBe(true);
    expect(readFileSync(join(tiny, "run.jsonl"), "utf8").endsWith("\n")).toBe(true);
  });

  it("keeps logs and results to its user, and an earlier log where a run cannot start", async () => {
    const port = await serve();
    const taken = managerPort();
    await stream(port);
    const log = join(folder, "out", "run.jsonl");
    const command = ["bin/headrace.js", "live", join(folder, "live.yaml"), "--serve", "--out", join(folder, "out")];
    await until("some of the log", () => statSync(log).size > 0);
    const before = readFileSync(log, "utf8").slice(0, 200);
    const second = spawnSync(process.execPath, [...command, "--manager-port", String(taken)], { encoding: "utf8" });
    expect(second.status).toBe(2);
    expect(readFileSync(log, "utf8").slice(0, 200)).toBe(before);
    expect(await stop()).toBe(0);
    const made = readdirSync(join(folder, "out"), { recursive: true, withFileTypes: true });
    const open = made.filter((entry) => (statSync(join(entry.parentPath, entry.name)).mode & 0o077) !== 0);
    expect(open.map((entry) => entry.name)).toEqual([]);
    expect(made.map((entry) => entry.name)).toContain("index.html");
    expect(made.filter((entry) => entry.name.endsWith(".tmp"))).toEqual([]);
  });

  it("wants a token of its own for calls that change something, and takes none from a web page", async () => {
    const port = await serve(["--runtime", "node"]);
    const file = /need the token in (\S+)/.exec(said)?.[1] as string;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const token = readFileSync(file, "utf8").trim();
    const manager = managerPort();
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
      await until("room", async () => (await page(at, "/ready")).status === 200);
      expect((await page(at, "/health")).status).toBe(200);
      expect((await page(at, "/health", { method: "HEAD" })).text).toBe("");
      const wrong = await fetch(`http://127.0.0.1:${at}/health`, { method: "PUT" });
      expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
    }
    expect(await stop()).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  it("says that its pools have no room, in /ready of both servers", async () => {
    const full = scenario.replace("max: 4", "max: 1");
    const port = await serve([], full);
    await until("room", async () => (await page(port, "/ready")).status === 200);
    const clients = Array.from({ length: 4 }, () => connect(port, "127.0.0.1"));
    for (const client of clients) client.write("HEADRACE/1 format=mpegts\n");
    await until("no room", async () => (await page(port, "/ready")).status === 503);
    expect((await page(port, "/health")).status).toBe(200);
    await until("the manager to say so", async () => (await page(managerPort(), "/ready")).status === 503);
    for (const client of clients) client.destroy();
    await until("room again", async () => (await page(managerPort(), "/ready")).status === 200);
    expect(await stop()).toBe(0);
  });

  it("makes the scenario's faults real on streams of the world only where it is asked to, and says so", async () => {
    const port = await serve();
    await until("a word on faults", () => said.includes("streamletMtbf"));
    expect(said).toContain("the scenario's faults (streamletMtbf) are not injected into your streams");
    expect(await stream(port)).toContain("xxx");
    expect(await stop()).toBe(0);
    expect(said).not.toContain("crashed");
    await serve(["--with-faults"]);
    await until("a word on faults", () => said.includes("streamletMtbf"));
    expect(said).toContain("*** FAULTS ARE INJECTED INTO REAL STREAMS (--with-faults): streamletMtbf ***");
    await until("a crash to be said", () => /streamlets ended: \d+ crashed/.test(said));
    expect(await stop()).toBe(0);
  });

  it("puts an IPv6 address into brackets", async (context) => {
    const port = await serve(["--address", "::1"]);
    if (Number.isNaN(port)) {
      console.log("skipped: no IPv6 here");
      return context.skip();
    }
    expect(said).toContain(`gateway on http://[::1]:${port}/stream`);
    expect(said).toContain("streamlet manager on http://[::1]:");
    expect(await stream(port, "::1")).toContain("xxx");
  });

  it("says what it lacks where it may open only 64 files", () => {
    writeFileSync(join(folder, "live.yaml"), scenario);
    const command = `ulimit -n 64; exec "${process.execPath}" bin/headrace.js live "${join(folder, "live.yaml")}" --serve --out "${folder}"`;
    const refused = spawnSync("sh", ["-c", command], { encoding: "utf8" });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/^ulimit -n: .*; expected at least 256/);
  });

  it.each(runtimes())("finds a manager that hangs, replaces it, and serves on (%s)", async (runtime) => {
    const port = await serve(["--runtime", runtime]);
    expect(await stream(port)).toContain("xxx");
    const [manager] = childrenOf(child?.pid as number).filter((pid) => commandOf(pid).includes("manager/main.js"));
    process.kill(manager, "SIGSTOP");
    await until("it to be found", () => said.includes("no sign of life"));
    await until("another to take over", () => said.includes("streamlet manager started again"));
    await until("a slot", async () => (await page(port, "/ready")).status === 200);
    expect(await stream(port)).toContain("xxx");
    expect((await page(port, "/metrics")).text).toContain('headrace_manager_restarts_total{reason="hung"} 1');
    expect(existsSync(`/proc/${manager}`)).toBe(false);
    expect(await stop()).toBe(0);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
  return stdout
    .split("\n")
    .map(Number)
    .filter((one) => one > 1);
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
}
