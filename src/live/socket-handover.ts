// Node passes a net.Socket to another process, but goes on reading from it until the receiver has acknowledged, and throws away what it
// reads. So reading must stop first, and the server must not keep count (it would speak to the receiver about it: NODE_SOCKET_…, which a
// C streamlet does not know). Both need the socket's inside, which is touched here and nowhere else; a test pins what is relied on.
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";

interface Inside {
  _handle: { reading: boolean; readStop(): number } | null;
  server: unknown;
}

/** Stops reading at once, so that no byte is taken from the kernel that the next owner should see. */
export function stopReading(socket: Socket): void {
  const { _handle: handle } = socket as unknown as Inside;
  if (handle === null || handle === undefined) return;
  handle.reading = false;
  handle.readStop();
}

/** Sends a record with a socket; afterwards the socket is the receiver's. `false` if it was closed already, and nothing was sent. */
export function handOver(to: Pick<ChildProcess, "send">, message: object, socket: Socket, onSent: () => void): boolean {
  if (socket.destroyed || (socket as unknown as Inside)._handle === null) return false;
  stopReading(socket);
  (socket as unknown as Inside).server = null;
  socket.removeAllListeners("data");
  to.send(message, socket, () => {
    // Its handle is gone; destroying the shell takes it off the server's count of connections.
    socket.destroy();
    onSent();
  });
  return true;
}
