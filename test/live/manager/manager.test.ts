import { existsSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { MpegTsWriter } from "../../../src/live/formats/mpegts/writer.js";
import { noLimits } from "../../../src/live/limits/limits.js";
import { openApi } from "../../../src/live/manager/openapi.js";
import { ManagerClient } from "../../../src/live/run/manager-client.js";
import type { Beat, ManagerOrders, OperatorRequest } from "../../../src/live/wire/messages.js";
import { defaultTimes } from "../../../src/live/wire/process-class.js";
import type { StreamReport } from "../../../src/live/wire/stream-report.js";
import { rawOrder, received, until } from "../live-bench.js";

const orders: ManagerOrders = {
  classes: [{ name: "eu", runtime: "node", formats: ["mpegts"], limits: { ...noLimits, pids: 64 } }],
  times: defaultTimes,
  requireLimits: false,
  requireIsolation: false,
  address: "127.0.0.1",
  port: 0,
  token: "open-sesame",
};

class Listener {
  readonly ready: number[] = [];
  readonly reports: StreamReport[] = [];
  readonly stopped: { id: number; reason: string; detail: string }[] = [];
  readonly requests: OperatorRequest[] = [];
  readonly beats: Beat[] = [];
  onReady = (id: number): void => void this.ready.push(id);
  onEnded = (_id: number, report: StreamReport): void => void this.reports.push(report);
  onBeat = (_id: number, beat: Beat): void => void this.beats.push(beat);
  onStopped = (id: number, reason: string, detail: string): void => void this.stopped.push({ id, reason, detail });
  restarts = 0;
  onRestartWanted = (): void => void this.restarts++;
  onAsked = (request: OperatorRequest): void => void this.requests.push(request);
}

let manager: ManagerClient | undefined;

async function start(more: Partial<ManagerOrders> = {}): Promise<Listener> {
  const listener = new Listener();
  manager = await ManagerClient.start({ ...orders, ...more }, listener);
  return listener;
}

async function call(
  method: string,
  path: string,
  body?: string,
  token = "open-sesame",
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`http://127.0.0.1:${manager?.up.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, body: await response.json() };
}

describe("the streamlet manager, in its own process", () => {
  afterEach(async () => {
    await manager?.shutDown();
    manager = undefined;
  });

  it("starts streamlets, hands sockets over, and reports their ends", async () => {
    const listener = await start();
    manager?.launch(7, 0);
    await until("readiness", () => listener.ready.includes(7));
    const bytes = new MpegTsWriter(1_000_000).take(500);
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    const client = connect({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", allowHalfOpen: true });
    const answer = received(client);
    client.end(bytes);
    manager?.open(7, { ...rawOrder, stream: 1 }, await accepted);
    expect((await answer).equals(bytes)).toBe(true);
    await until("the report", () => listener.reports.length === 1);
    expect(listener.reports[0]).toMatchObject({ stream: 1, end: "completed", units: 500, errorCount: 0 });
    manager?.stop(7, "retired");
    await until("its end", () => listener.stopped.length === 1);
    expect(listener.stopped[0]).toMatchObject({ id: 7, reason: "retired" });
    server.close();
  });

  it("serves its API as its OpenAPI document described, and passes requests on", async () => {
    const listener = await start();
    manager?.launch(3, 0);
    await until("readiness", () => listener.ready.includes(3));
    expect(await call("GET", "/health")).toMatchObject({ status: 200, body: { status: "up", streamlets: 1 } });
    expect(await call("GET", "/pools")).toMatchObject({
      status: 200,
      body: [{ pool: 0, name: "eu", runtime: "node", limits: { cpu: null, pids: 64 } }],
    });
    expect(await call("GET", "/streamlets")).toMatchObject({
      status: 200,
      body: [{ id: 3, pool: 0, state: "ready", streams: 0 }],
    });
    expect(await call("GET", "/streamlets/3")).toMatchObject({ status: 200, body: { id: 3 } });
    expect((await call("POST", "/streamlets/3/drain")).status).toBe(202);
    expect((await call("DELETE", "/streamlets/3")).status).toBe(202);
    expect((await call("POST", "/streamlets", '{"pool":0}')).status).toBe(202);
    await until("three requests", () => listener.requests.length === 3);
    expect(listener.requests).toEqual([
      { ask: "drain", id: 3 },
      { ask: "terminate", id: 3 },
      { ask: "launch", id: 0 },
    ]);
    expect((await call("POST", "/restart")).status).toBe(202);
    await until("the request for another manager", () => listener.restarts === 1);
    const document = await call("GET", "/openapi.json");
    expect(document.body).toEqual(JSON.parse(JSON.stringify(openApi)));
    for (const [path, operations] of Object.entries(openApi.paths)) {
      for (const method of ["get", "post", "put", "delete", "patch"]) {
        const { status } = await call(
          method.toUpperCase(),
          path.replace("{id}", "3"),
          method === "get" ? undefined : "{}",
        );
        if (method in operations)
          expect(Object.keys((operations as Record<string, { responses: object }>)[method].responses)).toContain(
            String(status),
          );
        else expect(status).toBe(405);
      }
    }
  });

  it("refuses those without the token, what is not there, and what makes no sense", async () => {
    await start();
    expect((await call("GET", "/streamlets", undefined, "guess")).status).toBe(401);
    expect((await call("GET", "/health", undefined, "guess")).status).toBe(200);
    expect((await call("GET", "/streamlets/99")).status).toBe(404);
    expect((await call("GET", "/streamlets/..%2f..%2fetc")).status).toBe(404);
    expect((await call("POST", "/streamlets", '{"pool":7}')).status).toBe(404);
    for (const body of ["", "{", "[]", '{"pool":-1}', '{"pool":"0"}', '{"pool":0.5}'])
      expect((await call("POST", "/streamlets", body)).status).toBe(400);
    expect((await call("POST", "/streamlets", "x".repeat(5000))).status).toBe(413);
  });

  it("reports every streamlet as gone when the manager is killed, and they are", async () => {
    const listener = await start();
    manager?.launch(1, 0);
    manager?.launch(2, 0);
    await until("readiness", () => listener.ready.length === 2);
    const { body } = await call("GET", "/streamlets");
    const pids = (body as { pid: number }[]).map((one) => one.pid);
    process.kill(manager?.up.pid as number, "SIGKILL");
    await until("both reports", () => listener.stopped.length === 2);
    expect(listener.stopped.map(({ id, reason }) => `${id} ${reason}`)).toEqual(["1 host-failed", "2 host-failed"]);
    expect(listener.stopped[0].detail).toBe("its manager ended: SIGKILL");
    await until("their ends", () => pids.every((pid) => !existsSync(`/proc/${pid}`)));
    manager?.launch(3, 0);
    await until("a launch without a manager to fail", () => listener.stopped.length === 3);
  });

  it("does not come up when a limit that is required is not enforced", async () => {
    const classes = [{ ...orders.classes[0], limits: { ...noLimits, cpu: 0.5 } }];
    await expect(start({ classes, methods: [], requireLimits: true })).rejects.toThrow(
      /--require-limits: .*cpu \(not enforced\)/,
    );
  });
});
