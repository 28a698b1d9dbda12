// Warm assignment, seen from inside: this process is the gateway (control plane, run log, real manager process), and the client as well.
import { connect, createServer } from "node:net";
import { performance } from "node:perf_hooks";
import { readScenario } from "../../dist/experiment/scenario-file.js";
import { noLimits } from "../../dist/live/limits/limits.js";
import { LiveRun } from "../../dist/live/live-run.js";
import { ManagerClient } from "../../dist/live/manager-client.js";
import { PendingClient } from "../../dist/live/pending-client.js";
import { defaultTimes } from "../../dist/live/process-host.js";
import { noUserModules } from "../../dist/world/build-control.js";
import { poolsOf } from "../../dist/world/pools.js";
import { until, withScenario } from "./live-parts.mjs";

const HOST = "127.0.0.1";
/** What is asked of a streamlet: an echo, told by one line first. */
export const outline = {
  format: "mpegts",
  transport: "raw",
  forward: { to: "client" },
  reply: Buffer.from("ok\n").toString("base64"),
  bodyBytes: 0,
  maxBytes: 0,
  idleTimeoutMs: 0,
};

/** From the request's arrival in the control plane to the first byte of its (warm) streamlet at the client, ms each. */
export function warmAssigns(runtime, rounds, warmups) {
  return withScenario({ streamlets: 1, slots: 64 }, async (file) => {
    const scenario = await readScenario(file);
    const lines = [];
    const parts = {
      scenario,
      policy: scenario.policies[0],
      modules: noUserModules,
      room: 10,
      version: "bench",
      retryAfterSeconds: 1,
    };
    let ready = false;
    const run = new LiveRun({ ...parts, sink: (line) => lines.push(line) });
    const classes = poolsOf(scenario).map(({ name }) => ({ name, runtime, formats: ["mpegts"], limits: noLimits }));
    const manager = await ManagerClient.start(
      { classes, times: defaultTimes, methods: [], requireLimits: false, address: HOST, port: 0 },
      {
        onReady: (id) => {
          ready = true;
          run.onReady(id);
        },
        onEnded: (id, report) => run.onEnded(id, report),
        onBeat: (id, beat) => run.onBeat(id, beat),
        onStopped: (id, reason, detail, lost) => run.onStopped(id, reason, detail, lost),
        onAsked: () => undefined,
      },
    );
    let askedMs = 0;
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) => {
      socket.on("error", () => undefined);
      askedMs = performance.now();
      const admission = { series: 0, region: 0, format: 0, attempt: 0, patienceMs: 30_000 };
      run.request(admission, (onGone) => new PendingClient(socket, outline, new Uint8Array(0), () => "", onGone));
    });
    try {
      await new Promise((resolve) => server.listen(0, HOST, resolve));
      const ended = new Promise((resolve) => run.start(manager, 3_600_000, resolve));
      await until("a ready streamlet", () => ready);
      const tookMs = [];
      for (let round = 0; round < rounds + warmups; round++) {
        const client = connect({ port: server.address().port, host: HOST, noDelay: true });
        await new Promise((resolve, reject) => client.once("data", resolve).once("error", reject));
        if (round >= warmups) tookMs.push(performance.now() - askedMs);
        client.destroy();
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      run.driver.stop();
      await ended;
      return tookMs;
    } finally {
      server.close();
      await manager.shutDown();
    }
  });
}
