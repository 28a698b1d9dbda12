import type { Socket } from "node:net";
import type { UnservedReason } from "../../ports/reasons.js";
import { monotonicMs } from "../machine/host-clock.js";
import { stopReading } from "../wire/socket-handover.js";
import type { StreamOrder } from "../wire/stream-order.js";

/** Most bytes of a waiting client that are kept here; the kernel holds further ones. */
const MAX_HEAD_BYTES = 65_536;

/** The order of a stream that has no number yet. */
export type OrderOutline = Omit<StreamOrder, "stream" | "head" | "givenAtMs">;

/** What a pending client needs of the gateway. */
export interface PendingClientOwner {
  /** The text of a refusal in its protocol; the socket is closed after it. */
  refusal(reason: UnservedReason, retryAfterSeconds: number): string;
  /** The client closed its connection while it waited. */
  onGone(): void;
}

/**
 * A client between its header and its streamlet. While it waits its socket is read, up to a
 * bound; otherwise a disconnect would not be noticed.
 */
export class PendingClient {
  private readonly head: Buffer[] = [];
  private headBytes = 0;
  private settled = false;

  constructor(
    readonly socket: Socket,
    private readonly outline: OrderOutline,
    head: Uint8Array,
    private readonly owner: PendingClientOwner,
  ) {
    this.keep(head);
  }

  /** Waits: it was not answered at once. */
  wait(): void {
    this.socket.on("data", this.take);
    this.socket.on("close", this.leave);
    if (!this.holdBack()) this.socket.resume();
  }

  /** The order for its streamlet; from here on the socket is not read. */
  order(stream: number): StreamOrder {
    const givenAtMs = monotonicMs();
    this.settle();
    // Bytes read but not handed out are in the stream's buffer; asking for them starts reading
    // again.
    const rest: Buffer | null = this.socket.read();
    if (rest !== null) this.keep(rest);
    stopReading(this.socket);
    return { ...this.outline, stream, head: Buffer.concat(this.head).toString("base64"), givenAtMs };
  }

  refuse(reason: UnservedReason, retryAfterSeconds: number): void {
    this.settle();
    this.socket.resume();
    this.socket.end(this.owner.refusal(reason, retryAfterSeconds));
    // A client that does not read its refusal must not keep the socket.
    this.socket.setTimeout(2000, () => this.socket.destroy());
  }

  private settle(): void {
    this.settled = true;
    this.socket.off("data", this.take);
    this.socket.off("close", this.leave);
  }

  private readonly take = (chunk: Buffer): void => {
    this.keep(chunk);
    this.holdBack();
  };

  private holdBack(): boolean {
    if (this.headBytes < MAX_HEAD_BYTES) return false;
    this.socket.pause();
    stopReading(this.socket);
    return true;
  }

  private readonly leave = (): void => {
    if (!this.settled) this.owner.onGone();
  };

  private keep(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.head.push(Buffer.from(chunk));
    this.headBytes += chunk.length;
  }
}
