import type { Socket } from "node:net";
import { monotonicMs } from "../machine/host-clock.js";
import type { StreamOrder } from "../wire/messages.js";
import { stopReading } from "../wire/socket-handover.js";

/**
 * What a waiting client may have sent before it is served; then it is not read from, and the kernel
 * holds the rest.
 */
const MAX_HEAD_BYTES = 65_536;

/** What is known of a stream before the control plane has numbered it. */
export type OrderOutline = Omit<StreamOrder, "stream" | "head" | "givenAtMs">;

/**
 * A client between its header and its streamlet. While it waits it is read from, up to a bound:
 * only so is it noticed when it goes.
 */
export class PendingClient {
  private readonly head: Buffer[] = [];
  private headBytes = 0;
  private settled = false;

  constructor(
    readonly socket: Socket,
    private readonly outline: OrderOutline,
    head: Uint8Array,
    /** Writes the refusal that its transport knows; the socket is closed afterwards. */
    private readonly refusal: (reason: string, retryAfterSeconds: number) => string,
    private readonly onGone: () => void,
  ) {
    this.keep(head);
  }

  /** It was not answered at once. */
  wait(): void {
    this.socket.on("data", this.take);
    this.socket.on("close", this.leave);
    if (!this.holdBack()) this.socket.resume();
  }

  /** The order for its streamlet; from here on the socket is not read. */
  order(stream: number): StreamOrder {
    const givenAtMs = monotonicMs();
    this.settle();
    // What was read but not yet handed out lies in the stream's buffer; asking for it starts
    // reading again.
    const rest: Buffer | null = this.socket.read();
    if (rest !== null) this.keep(rest);
    stopReading(this.socket);
    return { ...this.outline, stream, head: Buffer.concat(this.head).toString("base64"), givenAtMs };
  }

  refuse(reason: string, retryAfterSeconds: number): void {
    this.settle();
    this.socket.resume();
    this.socket.end(this.refusal(reason, retryAfterSeconds));
    // One that does not read its refusal shall not keep the socket.
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
    if (!this.settled) this.onGone();
  };

  private keep(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.head.push(Buffer.from(chunk));
    this.headBytes += chunk.length;
  }
}
