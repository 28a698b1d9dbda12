// The load generator, a process of its own. It draws the scenario's traffic from the same random
// streams as a simulation, and opens real connections that send real streams of its formats. Its
// first message reports that it is loaded. Its IPC channel uses structured clone, since scenarios
// contain infinities and arrays of floats.
import { RandomStreams } from "../../base/random.js";
import { Kernel } from "../../kernel/kernel.js";
import { ReconnectingClients } from "../../model/clients.js";
import { RequestStock, type SimRequest } from "../../model/request.js";
import { buildTraffic } from "../../world/build-traffic.js";
import { type CreateWriter, loadFormat } from "../formats/format.js";
import { MonotonicClock } from "../machine/host-clock.js";
import { LoadClient, type LoadEnd } from "./load-client.js";
import type { LoadOrders, LoadReport } from "./load-orders.js";

/** The rate of a stream if the scenario gives none. */
const DEFAULT_BITS_PER_SECOND = 500_000;
const MAX_CLIENTS = 20_000;
const LATENCIES_KEPT = 100_000;

class Load {
  private readonly clients = new Set<LoadClient>();
  private readonly counts: Record<LoadEnd, number> = { served: 0, refused: 0, interrupted: 0 };
  private readonly firstByteMs: number[] = [];
  private wrong = 0;
  private bytes = 0;
  private readonly kernel = new Kernel();
  private reconnecting: ReconnectingClients | undefined;

  constructor(
    private readonly orders: LoadOrders,
    /** By format, in the order of the scenario. */
    private readonly writers: readonly CreateWriter[],
  ) {}

  start(): void {
    const { scenario, speed } = this.orders;
    const streams = new RandomStreams(scenario.seed, 0);
    // Request objects are not reused: there are as many as connections, which cost more.
    const stock = new RequestStock();
    const send = (request: SimRequest): void => this.send(request);
    const { kernel } = this;
    if (scenario.reconnect !== undefined)
      this.reconnecting = new ReconnectingClients(scenario.reconnect, streams.named("reconnect"), {
        scheduler: kernel,
        stock,
        send,
      });
    const readsDemands = true; // Each stream is sent at its own bits/s.
    buildTraffic(scenario, streams, kernel, stock, send, readsDemands).start();
    const clock = new MonotonicClock(speed);
    kernel.runPaced(clock, clock.nowMs(), scenario.durationMs, () => undefined);
  }

  report(): LoadReport {
    for (const client of this.clients) {
      this.bytes += client.bytes;
      this.wrong += client.wrongBytes;
      client.destroy();
    }
    const open = this.clients.size;
    return { ...this.counts, open, wrong: this.wrong, bytes: this.bytes, firstByteMs: this.firstByteMs };
  }

  private send(request: SimRequest): void {
    if (this.clients.size >= MAX_CLIENTS) {
      this.counts.refused++;
      return;
    }
    const { scenario, port, speed, token } = this.orders;
    const { regions, formats, series } = scenario.traffic;
    const { region, format, segment } = series[request.series];
    const words = [
      `region=${regions[region]}`,
      `format=${formats[format]}`,
      `segment=${segment}`,
      `attempt=${request.attempt}`,
      `stream=${request.source}`,
      ...(request.patienceMs === Number.POSITIVE_INFINITY ? [] : [`patience=${request.patienceMs}`]),
      ...(token === undefined ? [] : [`token=${token}`]),
    ];
    const bits = request.bitsPerSecond > 0 ? request.bitsPerSecond : DEFAULT_BITS_PER_SECOND;
    const makeWriter = (): ReturnType<CreateWriter> => this.writers[format](bits);
    const order = { port, header: `HEADRACE/1 ${words.join(" ")}\n`, bitsPerSecond: bits, makeWriter };
    request.startedAtMs = this.kernel.nowMs();
    this.clients.add(
      new LoadClient({ ...order, holdingMs: request.holdingMs / speed }, (client, end, heldMs) => {
        this.clients.delete(client);
        this.counts[end]++;
        this.bytes += client.bytes;
        this.wrong += client.wrongBytes;
        if (!Number.isNaN(client.firstByteMs) && this.firstByteMs.length < LATENCIES_KEPT)
          this.firstByteMs.push(client.firstByteMs);
        if (end === "interrupted") this.again(request, heldMs * speed);
        else if (end === "refused") this.reconnecting?.onUnserved(request);
      }),
    );
  }

  /**
   * The kernel's clock stands at the last event, so the client's own clock gives the time served.
   */
  private again(request: SimRequest, servedMs: number): void {
    request.startedAtMs = this.kernel.nowMs() - servedMs;
    this.reconnecting?.onInterrupted(request);
  }
}

async function begin(orders: LoadOrders): Promise<Load> {
  const modules = await Promise.all(orders.scenario.traffic.formats.map(loadFormat));
  const load = new Load(orders, await Promise.all(modules.map((one) => one.loadWriter())));
  load.start();
  return load;
}

process.once("message", (orders) => {
  const load = begin(orders as LoadOrders);
  process.on("message", () => {
    void load.then((one) => process.send?.(one.report(), undefined, undefined, () => process.exit(0)));
  });
});
process.send?.("loaded");
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => undefined);
