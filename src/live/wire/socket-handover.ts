// When Node passes a net.Socket to another process, it keeps reading until the receiver
// acknowledges, and discards what it reads. So reading must stop first. The server must not count
// the socket either: it would send the receiver NODE_SOCKET_… messages, which a C streamlet does
// not know. Both need internals of the socket. Only this file uses them, and a test checks them.
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import type { RawSocket } from "./raw-pipe.js";

interface Inside {
  _read(): void;
  _handle: (RawSocket & { reading: boolean; readStop(): number }) | null;
  server: unknown;
}

/** Stops reading at once: unread bytes must stay in the kernel for the next owner. */
export function stopReading(socket: Socket): void {
  const { _handle: handle } = socket as unknown as Inside;
  if (handle === null || handle === undefined) return;
  handle.reading = false;
  handle.readStop();
}

/**
 * The socket below Node's wrappers; undefined if it was closed already. The wrappers cannot be
 * used afterwards.
 */
export function unwrap(socket: Socket): RawSocket | undefined {
  const inside = socket as unknown as Inside;
  const { _handle: handle } = inside;
  if (handle === null || handle === undefined) return undefined;
  stopReading(socket);
  inside._handle = null;
  return handle;
}

/** A socket whose handle can be sent: nothing here reads from it any more. */
export interface Released {
  readonly handle: object;
  /**
   * Closes our copy; repeated calls do no harm. The wrapper is destroyed, so that the server no
   * longer counts the connection.
   */
  close(): void;
}

/** Undefined if the socket was closed already. */
export function release(socket: Socket): Released | undefined {
  const inside = socket as unknown as Inside;
  const { _handle: handle } = inside;
  if (socket.destroyed || handle === null || handle === undefined) return undefined;
  stopReading(socket);
  // A pending resume() would start reading again, if the channel is busy and the socket must
  // queue.
  inside._read = () => undefined;
  inside.server = null;
  socket.removeAllListeners("data");
  return {
    handle,
    close: () => {
      socket.destroy();
      handle.close();
    },
  };
}

/**
 * Sends a record with a socket, which then belongs to the receiver. `onSent` follows when it is
 * sent, unless the channel breaks first: Node then drops queued sockets without closing them, and
 * the client would wait for ever. The returned function closes the socket (repeated calls do no
 * harm). Undefined if the socket was closed already; nothing was sent then.
 */
export function handOver(
  to: Pick<ChildProcess, "send">,
  message: object,
  socket: Socket,
  onSent: () => void,
): (() => void) | undefined {
  const released = release(socket);
  if (released === undefined) return undefined;
  to.send(message, socket, () => {
    // Once written, the kernel holds the socket for the receiver. Node would keep ours until the
    // receiver acknowledges, which a hung one that is killed never does.
    released.close();
    onSent();
  });
  return released.close;
}
