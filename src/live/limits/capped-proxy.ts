// Used if the kernel does not limit what a streamlet sends. A stream then gets one end of a Unix
// socket instead of the client's socket. The bytes between the two pass through the streamlet's
// token bucket here. Costs 1.7 ms of CPU per MB; a hand-over costs nothing.
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { makeRuntimeFolder } from "../machine/runtime-folder.js";
import { TokenBucket } from "./token-bucket.js";

/** Makes pairs of connected sockets; Node has no other way to them. */
export class CappedProxy {
  private server: Server | undefined;
  private readonly folder = makeRuntimeFolder("headrace-proxy-");
  private readonly path = join(this.folder.path, "s");
  private readonly expected: ((inner: Socket) => void)[] = [];
  private readonly buckets = new Map<number, TokenBucket>();
  private listening: Promise<void> | undefined;

  /**
   * The socket that a streamlet gets instead of the client's; undefined if the client has
   * disconnected meanwhile.
   */
  async inner(client: Socket, streamlet: number, bitsPerSecond: number): Promise<Socket | undefined> {
    client.pause();
    await this.listen();
    // Connections are accepted in the order in which they were made: the kernel has one queue.
    const accepted = new Promise<Socket>((resolve) => this.expected.push(resolve));
    const outer = connect({ path: this.path, allowHalfOpen: true });
    outer.on("error", () => undefined);
    const inner = await accepted;
    if (client.destroyed) {
      inner.destroy();
      outer.destroy();
      return undefined;
    }
    client.allowHalfOpen = true;
    client.on("error", () => undefined);
    client.on("close", () => outer.destroy());
    outer.on("close", () => client.destroy());
    client.pipe(outer);
    this.limit(outer, client, this.bucket(streamlet, bitsPerSecond));
    return inner;
  }

  /** A streamlet has ended: its bucket is removed. */
  forget(streamlet: number): void {
    this.buckets.delete(streamlet);
  }

  close(): void {
    this.server?.close();
    this.folder.close();
  }

  private bucket(streamlet: number, bitsPerSecond: number): TokenBucket {
    const known = this.buckets.get(streamlet);
    if (known !== undefined) return known;
    const bucket = new TokenBucket(bitsPerSecond);
    this.buckets.set(streamlet, bucket);
    return bucket;
  }

  private limit(from: Socket, to: Socket, bucket: TokenBucket): void {
    let draining = false;
    let waiting = false;
    const goOn = (): void => {
      if (!draining && !waiting) from.resume();
    };
    from.on("data", (chunk: Buffer) => {
      draining = !to.write(chunk);
      const waitMs = bucket.take(chunk.length, performance.now());
      if (waitMs > 0) {
        waiting = true;
        setTimeout(() => {
          waiting = false;
          goOn();
        }, waitMs);
      }
      if (draining || waiting) from.pause();
    });
    to.on("drain", () => {
      draining = false;
      goOn();
    });
    from.on("end", () => to.end());
  }

  private listen(): Promise<void> {
    this.listening ??= new Promise((resolve) => {
      this.server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (inner) => {
        inner.on("error", () => undefined);
        this.expected.shift()?.(inner);
      });
      this.server.listen(this.path, resolve);
    });
    return this.listening;
  }
}
