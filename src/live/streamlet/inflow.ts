import { type ConnectOpts, connect, Socket, type SocketConstructorOpts } from "node:net";
import type { RawSocket } from "../wire/raw-pipe.js";

/** A piece is at most this long, as long as libuv's own reads. */
const READ_BYTES = 65_536;

/**
 * Reads a socket into one reused block of memory. Node allocates 64 KB for each piece, even a
 * small one: echoing 64 KB takes 95 µs of CPU that way, and 40 µs with one block. A piece is
 * valid until the next one arrives, or for as long as it is `kept`.
 */
export class Inflow {
  readonly socket: Socket;
  private bytes = Buffer.allocUnsafeSlow(READ_BYTES);

  private constructor(
    makeSocket: (onread: NonNullable<ConnectOpts["onread"]>) => Socket,
    private readonly receive: (piece: Uint8Array) => void,
  ) {
    this.socket = makeSocket({
      buffer: () => this.bytes,
      // The block that the piece was read into: older than `this.bytes` if `keep` came between
      // two pieces.
      callback: (length, bytes) => {
        this.receive(bytes.subarray(0, length));
        return true;
      },
    });
  }

  /** For a socket that arrived without a net.Socket around it. */
  static around(handle: RawSocket, receive: (piece: Uint8Array) => void): Inflow {
    return new Inflow((onread) => new Socket(optionsOf(handle, onread)), receive);
  }

  static connect(host: string, port: number, receive: (piece: Uint8Array) => void): Inflow {
    return new Inflow((onread) => connect({ host, port, allowHalfOpen: true, onread }), receive);
  }

  /** The last piece is still needed in its place: the next one goes to another block. */
  keep(): void {
    this.bytes = Buffer.allocUnsafeSlow(READ_BYTES);
  }
}

/** For a net.Socket that Node made of a received one. */
export function socketAround(handle: RawSocket): Socket {
  return new Socket(optionsOf(handle));
}

/** The types do not know `handle`. */
function optionsOf(handle: RawSocket, onread?: ConnectOpts["onread"]): SocketConstructorOpts {
  return {
    handle,
    readable: true,
    writable: true,
    ...(onread === undefined ? {} : { onread }),
  } as SocketConstructorOpts;
}
