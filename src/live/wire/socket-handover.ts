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

/**
 * Stops reading at once, so that no byte is taken from the kernel that the next owner should see.
 */
export function stopReading(socket: Socket): void {
  const { _handle: handle } = socket as unknown as Inside;
  if (handle === null || handle === undefined) return;
  handle.reading = false;
  handle.readStop();
}

/**
 * What Node has put itself around, as it came; undefined if it was closed already. What is taken
 * apart is of no further use.
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
   * Closes our copy; again and again does no harm. The shell is destroyed to take it off the
   * server's count of connections.
   */
  close(): void;
}

/** Undefined if the socket was closed already. */
export function release(socket: Socket): Released | undefined {
  const inside = socket as unknown as Inside;
  const { _handle: handle } = inside;
  if (socket.destroyed || handle === null || handle === undefined) return undefined;
  stopReading(socket);
  // A resume() that is still to take effect would start it again, if the channel is busy and the
  // socket must queue.
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
 * Sends a record with a socket; afterwards the socket is the receiver's. `onSent` follows when it
 * is on its way, unless the channel breaks first: then Node drops what still queues without closing
 * it, so that the client would wait for ever. The function that is returned closes it (again and
 * again does no harm). Undefined if the socket was closed already, and nothing was sent.
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
    // Once it is written the kernel holds it for the receiver. Node would keep ours until the
    // receiver acknowledges, which one that hangs and is killed never does.
    released.close();
    onSent();
  });
  return released.close;
}
