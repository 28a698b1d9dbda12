// Warm assignment, measured from inside: this process is the gateway (control plane, run log,
// real manager process), and the client as well.
import { connect, createServer } from "node:net";
import { readScenario } from "../../dist/experiment/scenario-file.js";
import { noLimits } from "../../dist/live/limits/limits.js";
import { monotonicMs } from "../../dist/live/machine/host-clock.js";
import { LiveRun } from "../../dist/live/run/live-run.js";
import { ManagerClient } from "../../dist/live/run/manager-client.js";
import { PendingClient } from "../../dist/live/run/pending-client.js";
import { defaultTimes } from "../../dist/live/wire/process-class.js";
import { poolsOf } from "../../dist/world/pools.js";
import { noUserModules } from "../../dist/world/user-modules.js";
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

/**
 * From the request's arrival in the control plane, ms each: until its (warm) streamlet has the
 * stream, order and socket (`assignMs`), and until the client has the first byte (`answerMs`). A
 * gateway that has served a thousand streams is half as fast again as a fresh one.
 */
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
    const handOverMs = new Map();
    const run = new LiveRun({ ...parts, sink: (line) => lines.push(line) });
    const classes = poolsOf(scenario).map(({ name }) => ({ name, runtime, formats: ["mpegts"], limits: noLimits }));
    const manager = await ManagerClient.start(
      {
        classes,
        times: defaultTimes,
        methods: [],
        requireLimits: false,
        requireIsolation: false,
        address: HOST,
        port: 0,
      },
      {
        onReady: (id) => {
          ready = true;
          run.onReady(id);
        },
        onEnded: (id, report) => {
          handOverMs.set(report.stream, report.handOverMs);
          run.onEnded(id, report);
        },
        onBeat: (id, beat) => run.onBeat(id, beat),
        onStopped: (id, reason, detail, lost) => run.onStopped(id, reason, detail, lost),
        onAsked: () => undefined,
      },
    );
    let askedMs = 0;
    const assigned = [];
    const plane = {
      launch: (id, pool) => manager.launch(id, pool),
      stop: (id, reason) => manager.stop(id, reason),
      kill: (id, reason) => manager.kill(id, reason),
      open: (id, order, socket) => {
        assigned.push({ stream: order.stream, decidedMs: order.givenAtMs - askedMs });
        manager.open(id, order, socket);
      },
    };
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) => {
      socket.on("error", () => undefined);
      askedMs = monotonicMs();
      const admission = { series: 0, region: 0, format: 0, attempt: 0, patienceMs: 30_000 };
      run.request(
        admission,
        (onGone) => new PendingClient(socket, outline, new Uint8Array(0), { refusal: () => "", onGone }),
      );
    });
    try {
      await new Promise((resolve) => server.listen(0, HOST, resolve));
      const ended = new Promise((resolve) => run.start(plane, 3_600_000, resolve));
      await until("a ready streamlet", () => ready);
      const answerMs = [];
      for (let round = 0; round < rounds + warmups; round++) {
        const client = connect({ port: server.address().port, host: HOST, noDelay: true });
        await new Promise((resolve, reject) => client.once("data", resolve).once("error", reject));
        answerMs.push(monotonicMs() - askedMs);
        client.destroy();
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      await until("the last stream's end", () => handOverMs.size === assigned.length);
      run.driver.stop();
      await ended;
      const assignMs = assigned.map(({ stream, decidedMs }) => decidedMs + handOverMs.get(stream));
      return { assignMs: assignMs.slice(warmups), answerMs: answerMs.slice(warmups) };
    } finally {
      server.close();
      await manager.shutDown();
    }
  });
}
