// The Streamlet Manager: a small process of its own, since each fork blocks the process that
// forks (46 ms with 1 GB of buffers). The gateway starts it with an IPC channel, and sends it
// orders to start, limit, watch and end streamlets. It serves the HTTP API. It ends with the
// gateway, and its streamlets end with it.
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { StreamletId } from "../../ports/fleet.js";
import { Limiter, outsideMethods } from "../limits/limiter.js";
import { limitsFromJson } from "../limits/limits.js";
import { describeProofs, enforcedBy, type Proofs, requireLimits, selfTest } from "../limits/self-test.js";
import {
  describeIsolation,
  type Isolation,
  type IsolationOrder,
  openIsolation,
  probeIsolation,
  requireIsolation,
} from "../machine/isolation.js";
import { type Beat, CLEANED_UP, type FromManager, type ManagerOrders, type ToManager } from "../wire/messages.js";
import { createManagerApi } from "./manager-api.js";
import { ProcessHost } from "./process-host.js";
import type { StreamletListener } from "./streamlet-listener.js";

/**
 * Heartbeats are sent to the gateway in one message this often: one message each cost it more CPU
 * than the streams did (25 streamlets: 100 messages a second).
 */
const BEATS_MS = 1000;

type Room = "unknown" | "some" | "none";

async function run(orders: ManagerOrders): Promise<void> {
  const classes = orders.classes.map((one) => ({ ...one, limits: limitsFromJson(one.limits) }));
  const isolations = isolationsOf(classes);
  if (orders.requireIsolation) for (const { isolation, order } of isolations) requireIsolation(isolation, order);
  const { limiter, proofs } = await provenLimiter(orders, classes);
  const beats = new Map<StreamletId, Beat>();
  const host = new ProcessHost(classes, limiter, orders.times, reporting(beats));
  await host.prepared();
  setInterval(() => {
    send({ kind: "beats", beats: Array.from(beats) });
    beats.clear();
  }, BEATS_MS);
  const enforced = enforcedBy(proofs);
  const lines = [
    ...describeProofs(proofs),
    ...isolations.map(({ isolation }) => describeIsolation(isolation)),
    ...leftovers(limiter),
  ];
  const { token, changeToken, address } = orders;
  let room: Room = "unknown";
  const setRoom = (hasRoom: boolean): void => {
    room = hasRoom ? "some" : "none";
  };
  const api = createManagerApi({
    host,
    classes,
    enforced,
    isolations: isolations.map(({ isolation }) => isolation),
    token,
    changeToken,
    address,
    room: () => room,
    ask: (request) => send({ kind: "asked", ...request }),
    restart: () => send({ kind: "restart-wanted" }),
  });
  const port = await listenFirst(api, orders);
  process.on("message", (message, socket) => {
    const order = message as ToManager;
    if (order.kind === "room") setRoom(order.hasRoom);
    else if (order.kind === "api") setListening(api, order.listening, { port, address });
    else carryOut(host, order, socket as Socket | undefined);
  });
  endWithGateway(host);
  send({ kind: "up", pid: process.pid, port, enforced, lines });
}

/**
 * The limiter, tested with processes that break its limits. Throws if a required limit does not
 * hold.
 */
async function provenLimiter(
  { methods, requireLimits: isRequired }: ManagerOrders,
  classes: ManagerOrders["classes"],
): Promise<{ limiter: Limiter; proofs: Proofs }> {
  const runtime = classes.some((one) => one.runtime === "node") ? "node" : "native";
  // Required limits must also hold a streamlet that does not restrain itself.
  const limiter = new Limiter(methods ?? (isRequired ? outsideMethods : undefined), runtime, isRequired);
  limiter.onFault = (line) => send({ kind: "notice", line });
  const proofs = await selfTest(limiter);
  if (isRequired)
    requireLimits(
      proofs,
      classes.map((one) => one.limits),
    );
  return { limiter, proofs };
}

/** Sends the host's reports to the gateway; heartbeats are collected in `beats`. */
function reporting(beats: Map<StreamletId, Beat>): StreamletListener {
  return {
    onReady: (id) => send({ kind: "ready", id }),
    onEnded: (id, report) => send({ kind: "ended", id, report }),
    onPipe: (id) => send({ kind: "pipe", id }),
    onBeat: (id, beat) => beats.set(id, beat),
    onStopped: (id, reason, detail, lost) => {
      // Its last heartbeat lists which of its streams had errors.
      const last = beats.get(id);
      if (last !== undefined) send({ kind: "beats", beats: [[id, last]] });
      beats.delete(id);
      send({ kind: "stopped", id, reason, detail, lost });
    },
    onNotice: (line) => send({ kind: "notice", line }),
  };
}

/** Resolves with the port; rejects where it cannot be listened on. */
function listenFirst(api: Server, { port, address }: ManagerOrders): Promise<number> {
  return new Promise((resolve, reject) => {
    api.once("error", reject);
    api.listen(port, address, () => {
      api.off("error", reject);
      // After the start it continues even without its API (if another process took the port):
      // streams are more important.
      api.on("error", () => send({ kind: "api-done" }));
      resolve((api.address() as AddressInfo).port);
    });
  });
}

function setListening(
  api: Server,
  isListening: boolean,
  { port, address }: { readonly port: number; readonly address: string },
): void {
  const done = (): void => send({ kind: "api-done" });
  if (isListening) api.listen(port, address, done);
  else {
    api.close(done);
    api.closeAllConnections();
  }
}

/**
 * Ends when the channel to the gateway closes: without a gateway the streamlets get no streams. The
 * channel may have closed while the limits were tested.
 */
function endWithGateway(host: ProcessHost): void {
  const end = (): void => void host.shutDown().finally(() => process.exit(0));
  process.on("disconnect", end);
  if (!process.connected) end();
}

function carryOut(
  host: ProcessHost,
  order: Exclude<ToManager, { kind: "api" | "room" }>,
  socket: Socket | undefined,
): void {
  switch (order.kind) {
    case "launch":
      host.launch(order.id, order.pool);
      return;
    case "open":
      if (socket === undefined) host.refuse(order.id, order.order.stream);
      else host.open(order.id, order.order, socket);
      return;
    case "stop":
      host.stop(order.id, order.reason);
      return;
    case "kill":
      host.kill(order.id, order.reason);
      return;
    case "hang":
      host.hang(order.id);
      return;
    case "hog":
      host.hog(order.id, order.what);
      return;
    case "pipe":
      host.pipe(order.id, order.path);
      return;
    case "shut-down":
      void host.shutDown().finally(() => process.exit(0));
  }
}

function leftovers({ leftovers: { groups, processes } }: Limiter): string[] {
  return groups === 0 ? [] : [`${CLEANED_UP} after a manager that has ended: ${processes} processes, ${groups} groups`];
}

/** Settings of each kind of class; classes of one run differ in their formats and limits only. */
function isolationsOf(classes: ManagerOrders["classes"]): { isolation: Isolation; order: IsolationOrder }[] {
  const kinds = new Map<string, { isolation: Isolation; order: IsolationOrder }>();
  for (const { runtime, isolation: order = openIsolation } of classes) {
    const key = `${runtime} ${JSON.stringify(order)}`;
    if (!kinds.has(key)) kinds.set(key, { isolation: probeIsolation(runtime, order), order });
  }
  return Array.from(kinds.values());
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

// Ctrl-C reaches the whole group; the gateway orders the end.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.once("message", (orders) => void run(orders as ManagerOrders).catch(end));
