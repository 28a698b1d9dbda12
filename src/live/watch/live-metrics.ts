import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { type StreamletId, type StreamRequest, waitMsOf } from "../../ports/fleet.js";
import type { DecisionRecord, RejectReason, StreamletChange, Telemetry } from "../../ports/telemetry.js";
import type { Scenario } from "../../world/scenario/scenario.js";
import { WRITTEN, type Written } from "../log/write-faults.js";
import type { LiveListener } from "../run/live-run.js";
import type { Beat } from "../wire/messages.js";
import type { StreamReport } from "../wire/stream-report.js";

/**
 * Bounds in seconds: a warm assignment takes less than a millisecond, a cold start tens of ms, a
 * queue minutes.
 */
const WAIT_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/**
 * A direct hand-over takes 0.1 to 0.3 ms, one through the manager 0.8 ms; a busy streamlet takes
 * it later.
 */
const HAND_OVER_BUCKETS = [0.0001, 0.00015, 0.0002, 0.0003, 0.0005, 0.00075, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1];

/**
 * Prometheus metrics of a live run: names and units as the Prometheus conventions have them. Labels
 * come from the scenario, never from clients.
 */
export class LiveMetrics implements Telemetry, LiveListener {
  readonly registry = new Registry();
  private readonly requests = this.counter("requests_total", "Requests that arrived", ["region", "format", "segment"]);
  private readonly refused = this.counter("refused_total", "Refused before the control plane heard of them", [
    "reason",
  ]);
  private readonly rejected = this.counter("rejected_total", "Rejected by the control plane", ["reason"]);
  private readonly abandoned = this.counter("abandoned_total", "Left the waiting room without a slot", []);
  private readonly ended = this.counter("streams_ended_total", "Streams that ended", ["end"]);
  private readonly endDetails = this.counter("stream_ends_total", "How streams ended, in detail", ["detail"]);
  private readonly bytes = this.counter("stream_bytes_total", "Bytes of ended streams", ["direction"]);
  private readonly units = this.counter("stream_units_total", "Packets or frames of ended streams", []);
  private readonly errors = this.counter("stream_errors_total", "Faults in ended streams", ["kind"]);
  private readonly stops = this.counter("streamlet_stops_total", "Streamlets that stopped", ["reason"]);
  private readonly managerRestarts = this.counter("manager_restarts_total", "Managers that took over", ["reason"]);
  private readonly spawns = this.counter("streamlet_spawns_total", "Streamlets launched", ["pool"]);
  private readonly decisions = this.counter("decisions_total", "Decisions of the policy", ["pool", "reason"]);
  private readonly open = this.gauge("open_streams", "Open streams", []);
  private readonly waiting = this.gauge("waiting_requests", "Requests in the waiting room", []);
  private readonly streamlets = this.gauge("streamlets", "Streamlets by state", ["pool", "state"]);
  private readonly desired = this.gauge("streamlets_desired", "Streamlets that the policy wants", ["pool"]);
  private readonly cpu = this.gauge(
    "streamlets_cpu_seconds",
    "CPU time of living streamlets, as of their last beat",
    [],
  );
  private readonly memory = this.gauge("streamlets_resident_bytes", "Resident memory of living streamlets", []);
  private readonly failing = this.gauge("write_failing", "1: cannot be written now; streams go on", ["what"]);
  private readonly wait = new Histogram({
    name: "headrace_start_latency_seconds",
    help: "Arrival to assignment",
    buckets: WAIT_BUCKETS,
    registers: [this.registry],
  });
  private readonly handOver = new Histogram({
    name: "headrace_hand_over_seconds",
    help: "Assignment until the streamlet has the stream; observed when the stream ends",
    buckets: HAND_OVER_BUCKETS,
    registers: [this.registry],
  });
  private readonly beats = new Map<StreamletId, Beat>();

  constructor(
    private readonly scenario: Scenario,
    private readonly poolNames: readonly string[],
  ) {
    for (const what of WRITTEN) this.failing.set({ what }, 0);
  }

  /** The page of /metrics. */
  async page(): Promise<{ type: string; body: string }> {
    let [cpuMs, rssBytes] = [0, 0];
    for (const beat of this.beats.values()) {
      cpuMs += beat.cpuMs;
      rssBytes += beat.rssBytes;
    }
    this.cpu.set(cpuMs / 1000);
    this.memory.set(rssBytes);
    return { type: this.registry.contentType, body: await this.registry.metrics() };
  }

  onRefused(reason: string): void {
    this.refused.inc({ reason });
  }

  onManagerRestart(reason: string): void {
    this.managerRestarts.inc({ reason });
  }

  onWriteFault(what: Written, fails: boolean): void {
    this.failing.set({ what }, fails ? 1 : 0);
  }

  onArrival({ series }: StreamRequest): void {
    const { regions, formats, series: all } = this.scenario.traffic;
    const { region, format, segment } = all[series];
    this.requests.inc({ region: regions[region], format: formats[format], segment });
  }

  onRejected(_request: StreamRequest, reason: RejectReason): void {
    this.rejected.inc({ reason });
  }

  onAbandoned(): void {
    this.abandoned.inc();
    this.waiting.dec();
  }

  onWaiting(): void {
    this.waiting.inc();
  }

  onAssigned(request: StreamRequest, _id: StreamletId, waited: boolean): void {
    if (waited) this.waiting.dec();
    this.open.inc();
    this.wait.observe(waitMsOf(request) / 1000);
  }

  onStreamEnded(_request: StreamRequest, end: string): void {
    this.open.dec();
    this.ended.inc({ end });
  }

  onStreamletState({ id, pool, from, to, reason }: StreamletChange): void {
    const name = this.poolNames[pool];
    if (from === "none") this.spawns.inc({ pool: name });
    else this.streamlets.dec({ pool: name, state: from });
    if (to !== "stopped") {
      this.streamlets.inc({ pool: name, state: to });
      return;
    }
    this.beats.delete(id);
    this.stops.inc({ reason });
  }

  onDecision({ pool, desired, reason }: DecisionRecord): void {
    this.decisions.inc({ pool: this.poolNames[pool], reason });
    this.desired.set({ pool: this.poolNames[pool] }, desired);
  }

  onReport(_id: StreamletId, report: StreamReport): void {
    this.endDetails.inc({ detail: report.detail });
    this.bytes.inc({ direction: "in" }, report.bytesIn);
    this.bytes.inc({ direction: "out" }, report.bytesOut);
    this.units.inc(report.units);
    if (report.handOverMs !== null) this.handOver.observe(report.handOverMs / 1000);
    for (const [kind, count] of Object.entries(report.errors)) if (count > 0) this.errors.inc({ kind }, count);
  }

  onBeat(id: StreamletId, beat: Beat): void {
    this.beats.set(id, beat);
  }

  onStopped(id: StreamletId): void {
    this.beats.delete(id);
  }

  private counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name: `headrace_${name}`, help, labelNames, registers: [this.registry] });
  }

  private gauge(name: string, help: string, labelNames: string[]): Gauge {
    return new Gauge({ name: `headrace_${name}`, help, labelNames, registers: [this.registry] });
  }
}
