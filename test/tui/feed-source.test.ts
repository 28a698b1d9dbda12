import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { decodeReading, encodeReading, WatchFeed } from "../../src/live/watch/watch-feed.js";
import { httpSource } from "../../src/tui/source/http-feed.js";
import { SimulatedRun } from "../../src/world/simulate.js";
import { noUserModules } from "../../src/world/user-modules.js";
import { runFacts } from "../../src/world/watch/run-facts.js";
import { Figure } from "../../src/world/watch/sample.js";
import { smallWorld } from "./small-world.js";

const [policy] = smallWorld.policies;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A simulation that is watched as a live run is, and what it was asked for. */
function watchedSimulation(managerPort = 1) {
  const feed = new WatchFeed(runFacts(smallWorld, policy, Number.POSITIVE_INFINITY));
  const run = new SimulatedRun(smallWorld, policy, noUserModules, { watch: () => feed.telemetry });
  const nowMs = (): number => run.kernel.nowMs();
  const { control, recorder } = run;
  feed.connect({ control, slo: recorder.slo, managerPort, nowMs, eventMs: nowMs, ask: () => undefined });
  return { feed, run };
}

async function serve(
  answer: (path: string, method: string, token: string) => readonly [number, string],
): Promise<number> {
  const server = createServer((request, response) => {
    const [status, body] = answer(request.url ?? "", request.method ?? "", request.headers.authorization ?? "");
    response.writeHead(status).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

describe("a reading of a live run", () => {
  it("comes through JSON as it was, with its infinities and typed arrays", () => {
    const { feed, run } = watchedSimulation();
    run.advance(3_600_000);
    feed.telemetry.onPolicyFailure?.({ atMs: 3_600_000, message: "boom" });
    const reading = feed.read(false);
    expect(reading?.facts.durationMs).toBe(Number.POSITIVE_INFINITY);
    expect(reading?.sample.figures[0][Figure.served]).toBeGreaterThan(100);
    expect(decodeReading(encodeReading(reading as NonNullable<typeof reading>))).toEqual({ format: 1, ...reading });
  });

  it.each(["", "{}", '{"format":2}', '{"format":1,"facts":{"pools":[1]},"sample":{"figures":[]}}'])(
    "is refused where it is something else: %s",
    (text) => {
      expect(decodeReading(text)).toBeUndefined();
    },
  );
});

describe("watching over HTTP", () => {
  it("adds each decision once, asks the manager with the token, and says when the run is gone", async () => {
    const asked: string[] = [];
    const managerPort = await serve((path, method, token) => {
      asked.push(`${method} ${path} ${token}`);
      return [202, "{}"];
    });
    const { feed, run } = watchedSimulation(managerPort);
    run.advance(600_000);
    let isUp = true;
    const port = await serve((path) => {
      const reading = feed.read(false);
      return isUp && path === "/watch" && reading !== undefined ? [200, encodeReading(reading)] : [404, ""];
    });
    const source = await httpSource(`http://127.0.0.1:${port}/`, "a-token-of-16-letters");
    const read = async (what: () => boolean): Promise<void> => {
      while (!what()) {
        source.advance();
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const [side] = source.sides;
    expect(side.frontierMs).toBe(600_000);
    // What came before is not known, and not made up.
    expect(side.knownFrom).toBe(600);
    run.advance(7_200_000);
    await read(() => side.frontierMs === 7_200_000);
    const times = side.decisions.map(({ atMs, pool }) => `${atMs} ${pool}`);
    expect(times.length).toBeGreaterThan(10);
    expect(new Set(times).size).toBe(times.length);
    expect(await source.act("drain", 7)).toContain("the manager was asked");
    expect(await source.act("terminate", 8)).toContain("the manager was asked");
    expect(asked).toEqual([
      "POST /streamlets/7/drain Bearer a-token-of-16-letters",
      "DELETE /streamlets/8 Bearer a-token-of-16-letters",
    ]);
    isUp = false;
    await read(() => source.trouble !== "");
    expect(source.trouble).toMatch(/status 404: trying again$/);
  });

  it("names a policy that failed, as a simulation does", async () => {
    const { feed, run } = watchedSimulation();
    const port = await serve(() => [200, encodeReading(feed.read(false) as NonNullable<ReturnType<typeof feed.read>>)]);
    run.advance(60_000);
    feed.telemetry.onPolicyAsked?.();
    feed.telemetry.onPolicyFailure?.({ atMs: 60_000, message: "boom", at: "/mine.js:1:2" });
    const source = await httpSource(`http://127.0.0.1:${port}`, undefined);
    const [sentence, ...others] = source.failures;
    expect(others).toEqual([]);
    expect(sentence).toMatch(/ FAILED at 1 of \d+ decisions, .*First after 1 min: boom \(\/mine\.js:1:2\)$/);
  });

  it("takes no requests without a token", async () => {
    const { feed } = watchedSimulation();
    const port = await serve(() => [200, encodeReading(feed.read(false) as NonNullable<ReturnType<typeof feed.read>>)]);
    const source = await httpSource(`http://127.0.0.1:${port}`, undefined);
    expect(source.takesActions).toBe(false);
    expect(await source.act("drain", 1)).toBe("this run takes no requests");
  });

  it.each([
    [401, "refuses without its token"],
    [200, "answers with something else than a live run"],
  ])("is bad input where the address answers with %i", async (status, words) => {
    const port = await serve(() => [status, "nothing"]);
    await expect(httpSource(`http://127.0.0.1:${port}`, undefined)).rejects.toThrow(words);
  });
});
