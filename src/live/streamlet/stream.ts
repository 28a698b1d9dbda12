import type { StreamEnd } from "../../ports/fleet.js";
import type { Decoder } from "../formats/format.js";
import type { RawSocket } from "../wire/raw-pipe.js";
import { failureText } from "../wire/refusal-text.js";
import type { StreamOrder } from "../wire/stream-order.js";
import type { EndDetail, StreamReport } from "../wire/stream-report.js";
import { type AnsweringChannel, type Channel, type ChannelListener, UpstreamChannel } from "./channel.js";
import { ClientChannel } from "./client-channel.js";

/**
 * After the last byte was sent, the other side has this long to close: a client that never closes
 * must not keep a slot.
 */
const LINGER_MS = 250;
/** After everything was received, the rest must be sent within this time. */
const FLUSH_MS = 10_000;

/** What a stream needs of the streamlet that carries it. */
export interface StreamOwner {
  nowMs(): number;
  count(bytesIn: number, bytesOut: number): void;
  /** Reports bytes that are about to be sent; returns the ms to wait before more may be sent. */
  pauseAfter(bytes: number): number;
  onEnded(report: StreamReport): void;
}

/** The objects that a streamlet has for a new stream. */
export interface TakenStream {
  readonly order: StreamOrder;
  readonly handle: RawSocket;
  /** From the stream's assignment until the streamlet had it. */
  readonly handOverMs: number;
}

export type OpenWebSocket = (handle: RawSocket, order: StreamOrder, listener: ChannelListener) => AnsweringChannel;

/**
 * "sending": the source has ended, and the rest is being sent. "lingering": all is sent, and the
 * other side may close.
 */
type Phase = "receiving" | "sending" | "lingering" | "over";

/**
 * One stream: bytes come in from one channel, are checked, and go out by another (or the same). It
 * ends exactly once.
 */
export class Stream {
  private readonly client: AnsweringChannel;
  private readonly upstream: Channel | undefined;
  private readonly source: Channel;
  private readonly sink: Channel | undefined;
  private bytesIn = 0;
  private bytesOut = 0;
  private phase: Phase = "receiving";
  /** The sink's buffer is full. */
  private isFull = false;
  /** Runs while the streamlet's network cap is reached. */
  private capped: NodeJS.Timeout | undefined;
  /** Bounds the phases that follow the source's last byte. */
  private overdue: NodeJS.Timeout | undefined;

  constructor(
    private readonly taken: TakenStream,
    private readonly decoder: Decoder,
    private readonly owner: StreamOwner,
    openWebSocket: OpenWebSocket | undefined,
  ) {
    const { order, handle } = taken;
    const { forward } = order;
    const fromClient = forward.to !== "client-from";
    const clientListener = this.listener(fromClient, forward.to === "client" || !fromClient, true);
    this.client =
      openWebSocket === undefined
        ? new ClientChannel(handle, order, clientListener)
        : openWebSocket(handle, order, clientListener);
    if (forward.to === "upstream" || forward.to === "client-from") {
      this.upstream = new UpstreamChannel(forward.host, forward.port, this.listener(!fromClient, fromClient, false));
    }
    this.source = fromClient ? this.client : (this.upstream as Channel);
    this.sink = forward.to === "nowhere" ? undefined : forward.to === "upstream" ? this.upstream : this.client;
  }

  /** Ends it now, in any state. */
  close(end: StreamEnd, detail: EndDetail): void {
    if (this.phase === "over") return;
    if (this.phase === "receiving") this.decoder.end();
    this.phase = "over";
    clearTimeout(this.overdue);
    clearTimeout(this.capped);
    const { units, unrecognised, errors, errorCount, jitterMs } = this.decoder.quality();
    const broken = detail !== "client-done" && detail !== "upstream-done";
    if (!broken || !this.refuseClient(detail)) this.client.destroy(broken);
    this.upstream?.destroy(broken);
    const { bytesIn, bytesOut } = this;
    const { order, handOverMs } = this.taken;
    this.owner.onEnded({
      stream: order.stream,
      end,
      detail: unrecognised && !broken ? "unrecognised" : detail,
      units,
      bytesIn,
      bytesOut,
      errorCount,
      errors,
      jitterMs,
      handOverMs,
    });
  }

  /** Sends the reason to a client without an answer yet; false if there is none to send it to. */
  private refuseClient(detail: EndDetail): boolean {
    const text = failureText(this.taken.order.transport === "raw" ? "raw" : "http", detail);
    return text !== undefined && this.client.refuse(text);
  }

  private listener(isSource: boolean, isSink: boolean, isClient: boolean): ChannelListener {
    return {
      onConnected: () => {
        if (isSource && this.phase === "receiving") this.client.begin();
      },
      onPayload: (payload) => {
        if (isSource) this.take(payload);
      },
      onEnd: () => {
        if (isSource) this.finishSource();
      },
      onDrain: () => {
        if (!isSink || !this.isFull) return;
        this.isFull = false;
        this.goOn();
      },
      onFlushed: () => {
        if (isSink && this.phase === "sending") this.flushed();
      },
      onMalformed: () => this.close("completed", "malformed"),
      onIdle: () => this.close("completed", "idle"),
      onClosed: () => this.closed(isClient),
    };
  }

  /** It has had an error so far. */
  isDegraded(): boolean {
    return this.decoder.quality().errorCount > 0;
  }

  private take(payload: Uint8Array): void {
    if (this.phase !== "receiving") return;
    this.bytesIn += payload.length;
    if (this.taken.order.maxBytes > 0 && this.bytesIn > this.taken.order.maxBytes) {
      this.close("completed", "too-large");
      return;
    }
    this.decoder.push(payload, this.owner.nowMs());
    let sent = 0;
    if (this.sink !== undefined) {
      sent = payload.length;
      this.bytesOut += sent;
      this.isFull = !this.sink.write(payload);
      if (this.sink.holds) this.source.keep();
      const waitMs = this.owner.pauseAfter(sent);
      if (waitMs > 0) this.waitFor(waitMs);
      if (this.isFull || waitMs > 0) this.source.pause();
    }
    this.owner.count(payload.length, sent);
  }

  /** Reading stops meanwhile: the sender slows down, and no bytes accumulate here. */
  private waitFor(waitMs: number): void {
    clearTimeout(this.capped);
    this.capped = setTimeout(() => {
      this.capped = undefined;
      this.goOn();
    }, waitMs);
  }

  private goOn(): void {
    if (!this.isFull && this.capped === undefined && this.phase !== "over") this.source.resume();
  }

  /** Everything is received, and the rest is being sent. After that an upload is answered. */
  private finishSource(): void {
    if (this.phase !== "receiving") return;
    this.phase = "sending";
    this.decoder.end();
    this.overdue = setTimeout(() => this.endOverdue(), FLUSH_MS);
    if (this.sink === undefined) {
      this.client.end();
      this.flushed();
    } else this.sink.end();
  }

  private flushed(): void {
    if (this.phase !== "sending") return;
    this.phase = "lingering";
    clearTimeout(this.overdue);
    this.overdue = setTimeout(() => this.endOverdue(), LINGER_MS);
    if (this.sink === this.upstream && this.sink !== undefined) this.client.end();
  }

  private endOverdue(): void {
    if (this.phase === "sending" && this.sink !== this.client) this.close("interrupted", "upstream-failed");
    else this.close("completed", this.doneDetail());
  }

  private closed(isClient: boolean): void {
    if (this.phase === "over") return;
    const isUpload = this.sink !== undefined && this.sink === this.upstream;
    if (!isClient && (this.phase === "receiving" || (isUpload && this.phase === "sending")))
      this.close("interrupted", "upstream-failed");
    else if (this.phase === "receiving") this.close("completed", "client-gone");
    else {
      const isLast = this.upstream === undefined || isClient === (this.sink === this.client);
      if (isLast) this.close("completed", this.doneDetail());
    }
  }

  private doneDetail(): EndDetail {
    return this.source === this.client ? "client-done" : "upstream-done";
  }
}
