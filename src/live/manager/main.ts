// The Streamlet Manager: a lean process of its own, since each fork blocks the process that forks
// (46 ms with 1 GB of buffers). It is started by the gateway with an IPC channel; it starts,
// limits, watches and ends streamlets as it is told, and serves the HTTP API. It ends with the
// gateway, and its streamlets with it.
import type { AddressInfo, Socket } from "node:net";
import type { StreamletId } from "../../ports/fleet.js";
import { Limiter, outsideMethods } from "../limits/limiter.js";
import { describeProofs, enforcedBy, requireLimits, selfTest } from "../limits/self-test.js";
import {
  describeIsolation,
  type Isolation,
  type IsolationOrder,
  openIsolation,
  probeIsolation,
  requireIsolation,
} from "../machine/isolation.js";
import type { Beat, FromManager, ManagerOrders, ToManager } from "../wire/messages.js";
import { createManagerApi } from "./manager-api.js";
import { ProcessHost } from "./process-host.js";

/**
 * The gateway hears of heartbeats this often: each for itself cost it more than the streams did (25
 * streamlets: 100 messages a second).
 */
const BEATS_MS = 1000;

async function run(orders: ManagerOrders): Promise<void> {
  const classes = orders.classes.map((one) => ({ ...one, limits: unbounded(one.limits) }));
  // Where limits are required they must bind a streamlet that does not hold itself to them, too.
  const methods = orders.methods ?? (orders.requireLimits ? outsideMethods : undefined);
  const runtime = classes.some((one) => one.runtime === "node") ? "node" : "native";
  const limiter = new Limiter(methods, runtime, orders.requireLimits);
  limiter.onFault = (line) => send({ kind: "notice", line });
  const proofs = await selfTest(limiter);
  const enforced = enforcedBy(proofs);
  if (orders.requireLimits)
    requireLimits(
      proofs,
      classes.map((one) => one.limits),
    );
  const isolations = isolationsOf(classes);
  if (orders.requireIsolation) {
    for (const { isolation, order } of isolations) requireIsolation(isolation, order);
  }
  const beats = new Map<StreamletId, Beat>();
  const host = new ProcessHost(classes, limiter, orders.times, {
    onReady: (id) => send({ kind: "ready", id }),
    onEnded: (id, report) => send({ kind: "ended", id, report }),
    onLine: (id) => send({ kind: "line", id }),
    onBeat: (id, beat) => beats.set(id, beat),
    onStopped: (id, reason, detail, lost) => {
      // Its last sign of life says which of the streams that it carried had errors.
      const last = beats.get(id);
      if (last !== undefined) send({ kind: "beats", beats: [[id, last]] });
      beats.delete(id);
      send({ kind: "stopped", id, reason, detail, lost });
    },
    onNotice: (line) => send({ kind: "notice", line }),
  });
  await host.prepared();
  setInterval(() => {
    send({ kind: "beats", beats: Array.from(beats) });
    beats.clear();
  }, BEATS_MS);
  const { token, changeToken, address } = orders;
  let room: "unknown" | "some" | "none" = "unknown";
  const api = createManagerApi({
    host,
    classes,
    enforced,
    isolations: isolations.map(({ isolation }) => isolation),
    token,
    changeToken,
    address,
    room: () => room,
    ask: (wish) => send({ kind: "asked", ...wish }),
    restart: () => send({ kind: "restart-wanted" }),
  });
  const listen = (port: number, then: () => void): void => void api.listen(port, orders.address, then);
  let port = orders.port;
  let isUp = false;
  process.on("message", (message, socket) => {
    const told = message as ToManager;
    if (told.kind === "room") room = told.hasRoom ? "some" : "none";
    else if (told.kind !== "api") obey(host, told, socket as Socket | undefined);
    else if (told.listening) listen(port, () => send({ kind: "api-done" }));
    else {
      api.close(() => send({ kind: "api-done" }));
      api.closeAllConnections();
    }
  });
  // The channel is the gateway's life: without it nobody knows what these streamlets are for.
  process.on("disconnect", () => void host.shutDown().finally(() => process.exit(0)));
  listen(port, () => {
    ({ port } = api.address() as AddressInfo);
    isUp = true;
    send({
      kind: "up",
      pid: process.pid,
      port,
      enforced,
      told: [
        ...describeProofs(proofs),
        ...isolations.map(({ isolation }) => describeIsolation(isolation)),
        ...leftovers(limiter),
      ],
    });
  });
  api.on("error", (error) => {
    // Once it is up it goes on without its API (another has taken the port): streams matter more.
    if (isUp) send({ kind: "api-done" });
    else end(error);
  });
}

function obey(
  host: ProcessHost,
  message: Exclude<ToManager, { kind: "api" | "room" }>,
  socket: Socket | undefined,
): void {
  switch (message.kind) {
    case "launch":
      host.launch(message.id, message.pool);
      return;
    case "open":
      if (socket === undefined) host.refuse(message.id, message.order.stream);
      else host.open(message.id, message.order, socket);
      return;
    case "stop":
      host.stop(message.id, message.reason);
      return;
    case "kill":
      host.kill(message.id, message.reason);
      return;
    case "hang":
      host.hang(message.id);
      return;
    case "hog":
      host.hog(message.id, message.what);
      return;
    case "line":
      host.line(message.id, message.path);
      return;
    case "shut-down":
      void host.shutDown().finally(() => process.exit(0));
  }
}

function leftovers({ leftovers: { groups, processes } }: Limiter): string[] {
  return groups === 0 ? [] : [`cleaned up after a manager that is no more: ${processes} processes, ${groups} groups`];
}

/**
 * What holds for each kind of class; classes of one run are alike but for their formats and limits.
 */
function isolationsOf(classes: ManagerOrders["classes"]): { isolation: Isolation; order: IsolationOrder }[] {
  const kinds = new Map<string, { isolation: Isolation; order: IsolationOrder }>();
  for (const { runtime, isolation: order = openIsolation } of classes) {
    const key = `${runtime} ${JSON.stringify(order)}`;
    if (!kinds.has(key)) kinds.set(key, { isolation: probeIsolation(runtime, order), order });
  }
  return Array.from(kinds.values());
}

/** JSON has no infinity: null is none. */
function unbounded(limits: ManagerOrders["classes"][number]["limits"]): typeof limits {
  const open = (value: number | null): number => value ?? Number.POSITIVE_INFINITY;
  return {
    cpu: open(limits.cpu),
    memoryBytes: open(limits.memoryBytes),
    pids: open(limits.pids),
    bitsPerSecond: open(limits.bitsPerSecond),
  };
}

function send(message: FromManager): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

function end(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  send({ kind: "failed", message });
  process.exitCode = 1;
  process.disconnect?.();
}

// Ctrl-C reaches the whole group; the gateway says when it is time.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.once("message", (orders) => void run(orders as ManagerOrders).catch(end));
