import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Folder, run, start } from "../../cli/real-command.js";

const scenario = `name: small
seed: 5
duration: 30min
traffic: {source: poisson, rate: 10/s}
streams: {holding: {kind: exponential, mean: 30s}}
fleet: {streamlet: {slots: 50, spawn: {kind: constant, value: 0s}}, max: 50}
policies: [{kind: static, count: 14}]
cost: {streamletHour: 1}
`;
const sweep =
  "scenario: small.yaml\ndesign: grid\naxes: {policies.static.count: {from: 10, to: 19, step: 1}}\nseeds: 4\n";

const hasRedis = ((): boolean => {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("skipped: sweeps over a queue need redis-server (Debian: redis-server)");
    return false;
  }
})();

/** A Redis of its own on a free port, without files. */
class Server {
  port = 0;
  private child: ChildProcess | undefined;

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(options: readonly string[] = []): Promise<void> {
    if (this.port === 0) this.port = await freePort();
    const child = spawn("redis-server", ["--port", String(this.port), "--save", "", ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.child = child;
    for await (const chunk of child.stdout) if (String(chunk).includes("Ready to accept connections")) break;
  }

  async stop(): Promise<void> {
    if (this.child === undefined || this.child.exitCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }

  command(...args: readonly string[]): string {
    return execFileSync("redis-cli", ["-p", String(this.port), ...args], { encoding: "utf8" });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

let folder: Folder;
beforeEach(() => {
  folder = new Folder({ "small.yaml": scenario, "sweep.yaml": sweep });
});
afterEach(() => folder.dispose());

const records = (out: string): string[] => {
  const names = readdirSync(join(folder.path, out, "runs"))
    .filter((name) => name.endsWith(".json"))
    .sort();
  return names.map((name) => name + readFileSync(join(folder.path, out, "runs", name), "utf8"));
};

describe.runIf(hasRedis)("a sweep over a queue", () => {
  const redis = new Server();
  beforeAll(() => redis.start());
  afterAll(() => redis.stop());

  it("loses and doubles nothing when a worker is killed, Redis is flushed and restarted; same bytes as on threads", async () => {
    const worker = () => start(["worker", "--redis", redis.url, "--threads", "1"], folder.path);
    const workers = [worker(), worker()];
    const sweeping = start(
      ["sweep", "sweep.yaml", "--engine", "queue", "--redis", redis.url, "--out", "queue", "--json"],
      folder.path,
    );
    const doneAtLeast = async (count: number): Promise<void> => {
      const watched = join(folder.path, "queue", "runs");
      const there = (): number => {
        try {
          return readdirSync(watched).length;
        } catch {
          return 0;
        }
      };
      while (there() < count && sweeping.child.exitCode === null)
        await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await doneAtLeast(4);
    workers[0].child.kill("SIGKILL");
    await doneAtLeast(8);
    redis.command("flushall");
    await doneAtLeast(12);
    await redis.stop();
    await redis.start();
    const swept = await sweeping.ended;
    workers[1].child.kill("SIGTERM");
    await workers[1].ended;
    expect([swept.code, swept.signal]).toEqual([0, null]);
    const document = JSON.parse(swept.stdout);
    expect([document.runs, document.done, document.failed]).toEqual([40, 40, 0]);
    const local = await run(["sweep", "sweep.yaml", "--out", "local", "--json", "--quiet"], folder.path);
    expect(JSON.parse(local.stdout).hash).toBe(document.hash);
    expect(records("queue")).toEqual(records("local"));
    expect(redis.command("keys", "headrace:waiting:*").trim()).toBe("");
  }, 180_000);

  it.each([
    ["no server", "redis://127.0.0.1:1", /127.0.0.1:1: no Redis that answers .*redis-server/],
    ["another kind of address", "http://127.0.0.1", /"http:\/\/127.0.0.1"; expected redis:\/\//],
    ["TLS where there is none", "rediss://127.0.0.1:PORT", /no Redis that answers .*redis:\/\/ for one without/],
  ])("answers %s with one message, from coordinator and worker, and shows no password", async (_, url, message) => {
    const address = url.replace("PORT", String(redis.port)).replace("//127", "//user:secret@127");
    for (const args of [
      ["sweep", "sweep.yaml", "--engine", "queue", "--redis", address],
      ["worker", "--redis", address],
    ]) {
      const { code, stdout, stderr } = await run(args, folder.path);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr.replace("***@", "")).toMatch(message);
      expect(stderr).not.toContain("secret");
    }
  });

  it("refuses a wrong password, and a Redis that evicts", async () => {
    const locked = new Server();
    await locked.start(["--requirepass", "right"]);
    const open = await run(["worker", "--redis", locked.url], folder.path);
    expect([open.code, open.stderr]).toEqual([2, expect.stringMatching(/NOAUTH.*Give user and password/)]);
    const wrong = await run(["worker", "--redis", locked.url.replace("//", "//:wrong@")], folder.path);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/WRONGPASS.*Give user and password/)]);
    await locked.stop();
    redis.command("config", "set", "maxmemory-policy", "allkeys-lru");
    const evicting = await run(["worker", "--redis", redis.url], folder.path);
    redis.command("config", "set", "maxmemory-policy", "noeviction");
    expect([evicting.code, evicting.stderr]).toEqual([
      2,
      expect.stringMatching(/may evict keys \(maxmemory-policy allkeys-lru\)/),
    ]);
  });

  it("leaves sweeps of other code to workers of that code, and says so", async () => {
    redis.command("set", "headrace:waiting:0123456789abcdef", "waiting", "EX", "60");
    const { code, stderr } = await run(
      ["worker", "--redis", redis.url, "--threads", "1", "--idle-exit", "6"],
      folder.path,
    );
    redis.command("del", "headrace:waiting:0123456789abcdef");
    expect(code).toBe(0);
    expect(stderr).toMatch(/a sweep of other code \(0123456789abcdef\) waits for workers of its own/);
  });
});
