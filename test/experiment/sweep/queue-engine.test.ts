import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, type TestContext } from "vitest";
import { Folder, run, start } from "../../cli/real-command.js";
import { WarmCommand } from "../../cli/warm-command.js";
import { hasRedis, RedisServer } from "../queue/redis-server.js";

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

/** A folder with the sweep, until the test ends. */
function sweepFolder({ onTestFinished }: TestContext): Folder {
  const folder = new Folder({ "small.yaml": scenario, "sweep.yaml": sweep });
  onTestFinished(() => folder.dispose());
  return folder;
}

/** A Redis that only this test uses. */
async function ownRedis({ onTestFinished }: TestContext, options: readonly string[] = []): Promise<RedisServer> {
  const redis = new RedisServer();
  onTestFinished(() => redis.stop());
  await redis.start(options);
  return redis;
}

function records(out: string): string[] {
  const runs = join(out, "runs");
  const names = readdirSync(runs).filter((name) => name.endsWith(".json"));
  return names.sort().map((name) => name + readFileSync(join(runs, name), "utf8"));
}

/** Refuses addresses and passwords; the other tests show that real processes work. */
const warm = new WarmCommand();
afterAll(() => warm.dispose());

// Side by side: a client of a Redis that does not answer waits for seconds.
describe.runIf(hasRedis)("a sweep over a queue", { concurrent: true }, () => {
  it("gives the bytes of threads though a worker is killed and Redis is flushed and restarted", async (context) => {
    const [folder, redis] = [sweepFolder(context), await ownRedis(context)];
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
    expect(records(join(folder.path, "queue"))).toEqual(records(join(folder.path, "local")));
    expect(redis.command("keys", "headrace:waiting:*").trim()).toBe("");
  }, 180_000);

  it("ends a decision that hangs, names its module, and does the other runs on another thread", async (context) => {
    const [folder, redis] = [sweepFolder(context), await ownRedis(context)];
    folder.write("hangs.mjs", "export const createPolicy = () => ({ decide: () => { for (;;); } });\n");
    folder.write(
      "small.yaml",
      scenario.replace("policies: [", "policies: [{kind: ./hangs.mjs, name: stuck, min: 1}, "),
    );
    folder.write("sweep.yaml", "scenario: small.yaml\ndesign: grid\naxes: {fleet.max: [50]}\nseeds: 1\n");
    const worker = start(["worker", "--redis", redis.url, "--threads", "1"], folder.path);
    const args = ["sweep", "sweep.yaml", "--redis", redis.url, "--out", "queue", "--keep-going", "--json"];
    const { code, stdout, stderr } = await run(args, folder.path);
    worker.child.kill("SIGTERM");
    expect((await worker.ended).code).toBe(0);
    const document = JSON.parse(stdout);
    expect([code, document.done, document.failed]).toEqual([1, 1, 1]);
    expect(stderr).toMatch(/hangs.mjs: a decision that does not return within 5 s/);
  }, 90_000);

  it.for<[string, string, RegExp]>([
    ["no server", "redis://127.0.0.1:1", /127.0.0.1:1: no Redis that answers .*redis-server/],
    ["another kind of address", "http://127.0.0.1", /"http:\/\/127.0.0.1"; expected redis:\/\//],
    ["TLS where there is none", "rediss://127.0.0.1:PORT", /no Redis that answers .*redis:\/\/ for one without/],
  ])(
    "answers %s with one message, from coordinator and worker, and shows no password",
    async ([, url, message], context) => {
      const folder = sweepFolder(context);
      // A server that does not answer takes seconds: in a process of its own, beside the others.
      const isSlow = url.includes("PORT");
      const port = isSlow ? (await ownRedis(context)).port : 0;
      const address = url.replace("PORT", String(port)).replace("//127", "//user:secret@127");
      for (const args of [
        ["sweep", "sweep.yaml", "--engine", "queue", "--redis", address],
        ["worker", "--redis", address],
      ]) {
        const { code, stdout, stderr } = await (isSlow ? run(args, folder.path) : warm.run(args, folder.path));
        expect([code, stdout]).toEqual([2, ""]);
        expect(stderr.replace("***@", "")).toMatch(message);
        expect(stderr).not.toContain("secret");
      }
    },
  );

  it("refuses a wrong password, and a Redis that evicts", async (context) => {
    const folder = sweepFolder(context);
    const locked = await ownRedis(context, ["--requirepass", "right"]);
    const open = await warm.run(["worker", "--redis", locked.url], folder.path);
    expect([open.code, open.stderr]).toEqual([2, expect.stringMatching(/NOAUTH.*Give user and password/)]);
    const wrong = await warm.run(["worker", "--redis", locked.url.replace("//", "//:wrong@")], folder.path);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/WRONGPASS.*Give user and password/)]);
    const small = await ownRedis(context, ["--maxmemory-policy", "allkeys-lru"]);
    const evicting = await warm.run(["worker", "--redis", small.url], folder.path);
    expect([evicting.code, evicting.stderr]).toEqual([
      2,
      expect.stringMatching(/may evict keys \(maxmemory-policy allkeys-lru\)/),
    ]);
  });

  it("leaves sweeps of other code to workers of that code, and reports it", async (context) => {
    const [folder, redis] = [sweepFolder(context), await ownRedis(context)];
    redis.command("set", "headrace:waiting:0123456789abcdef", "waiting", "EX", "60");
    const { code, stderr } = await run(
      ["worker", "--redis", redis.url, "--threads", "1", "--idle-exit", "6"],
      folder.path,
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/a sweep of other code \(0123456789abcdef\) waits for workers of its own/);
  });
});
