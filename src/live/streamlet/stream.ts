import type { StreamEnd } from "../../ports/fleet.js";
import type { Decoder } from "../formats/format.js";
import type { EndDetail, StreamOrder, StreamReport } from "../wire/messages.js";
import type { RawSocket } from "../wire/raw-pipe.js";
import { type Channel, type ChannelListener, UpstreamChannel } from "./channel.js";
import { ClientChannel } from "./client-channel.js";

/**
 * After the last byte was sent, the other side gets this long to close: a client that never does
 * holds no slot.
 */
const LINGER_MS = 250;
/** What is still to be sent when all was received must be taken within this. */
const FLUSH_MS = 10_000;

/** What a stream needs of the streamlet that carries it. */
export interface StreamOwner {
  nowMs(): number;
  count(bytesIn: number, bytesOut: number): void;
  /** So many bytes are being sent; how long to wait before anything more is, in ms. */
  pauseAfter(bytes: number): number;
  onEnded(report: StreamReport): void;
}

/** What a streamlet has in hand when it begins a stream. */
export interface TakenStream {
  readonly order: StreamOrder;
  readonly handle: RawSocket;
  /** From the stream's assignment until it was in hand. */
  readonly handOverMs: number;
}

export type OpenWebSocket = (handle: RawSocket, order: StreamOrder, listener: ChannelListener) => Channel;

/**
 * One stream: bytes come in from one channel, are checked, and go out by another (or the same). It
 * ends exactly once.
 */
export class Stream {
  private readonly client: Channel;
  private readonly upstream: Channel | undefined;
  private readonly source: Channel;
  private readonly sink: Channel | undefined;
  private bytesIn = 0;
  private bytesOut = 0;
  private sourceDone = false;
  private over = false;
  /** The sink's buffer is full; the streamlet's network cap is reached. */
  private full = false;
  private capped: NodeJS.Timeout | undefined;
  private linger: NodeJS.Timeout | undefined;

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

  /** Ends it now, whatever is under way. */
  close(end: StreamEnd, detail: EndDetail): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.linger);
    clearTimeout(this.capped);
    if (!this.sourceDone) this.decoder.end();
    const { units, unrecognised, errors, errorCount, jitterMs } = this.decoder.quality();
    const broken = detail !== "client-done" && detail !== "upstream-done";
    this.client.destroy(broken);
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

  private listener(isSource: boolean, isSink: boolean, isClient: boolean): ChannelListener {
    return {
      onPayload: (payload) => {
        if (isSource) this.take(payload);
      },
      onEnd: () => {
        if (isSource) this.finishSource();
      },
      onDrain: () => {
        if (!isSink || !this.full) return;
        this.full = false;
        this.goOn();
      },
      onFlushed: () => {
        if (isSink && this.sourceDone) this.flushed();
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
    if (this.over || this.sourceDone) return;
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
      this.full = !this.sink.write(payload);
      if (this.sink.holds) this.source.keep();
      const waitMs = this.owner.pauseAfter(sent);
      if (waitMs > 0) this.waitFor(waitMs);
      if (this.full || waitMs > 0) this.source.pause();
    }
    this.owner.count(payload.length, sent);
  }

  /** Nothing more is read meanwhile: the sender is slowed, and nothing piles up here. */
  private waitFor(waitMs: number): void {
    clearTimeout(this.capped);
    this.capped = setTimeout(() => {
      this.capped = undefined;
      this.goOn();
    }, waitMs);
  }

  private goOn(): void {
    if (!this.full && this.capped === undefined && !this.over) this.source.resume();
  }

  /** All has been received; what is still to be sent is sent. */
  private finishSource(): void {
    if (this.over || this.sourceDone) return;
    this.sourceDone = true;
    this.decoder.end();
    if (this.sink !== undefined) this.sink.end();
    if (this.sink !== this.client) this.client.end();
    if (this.sink === undefined) this.flushed();
    else this.linger = setTimeout(() => this.close("completed", this.doneDetail()), FLUSH_MS);
  }

  private flushed(): void {
    if (this.over) return;
    clearTimeout(this.linger);
    this.linger = setTimeout(() => this.close("completed", this.doneDetail()), LINGER_MS);
  }

  private closed(isClient: boolean): void {
    if (this.over) return;
    if (this.sourceDone) {
      const last = this.upstream === undefined || isClient === (this.sink === this.client);
      if (last) this.close("completed", this.doneDetail());
    } else if (isClient) this.close("completed", "client-gone");
    else this.close("interrupted", "upstream-failed");
  }

  private doneDetail(): EndDetail {
    return this.source === this.client ? "client-done" : "upstream-done";
  }
}
