// Unix sockets that carry sockets, without Node's child process around them. Node offers these
// only with the channel to a child that it spawned itself, which parses, wraps and acknowledges:
// 0.36 ms for a round trip, against 0.25 here. Only this file uses these internals of Node. If
// they are not as expected the functions throw, and the caller uses Node's own channel.

/** A socket as libuv has it: of TCP, or a pipe. */
export interface RawSocket {
  writeLatin1String(request: WriteRequest, text: string): number;
  close(): void;
}

interface WriteRequest {
  handle: object;
  oncomplete(status: number): void;
}

interface Pipe {
  readonly fd: number;
  pendingHandle: RawSocket | null;
  onread(bytes: ArrayBuffer | undefined): void;
  onconnection(status: number, accepted: Pipe): void;
  open(fd: number): void;
  connect(request: { oncomplete(status: number): void }, path: string): number | undefined;
  bind(path: string): number;
  listen(backlog: number): number;
  readStart(): number;
  writeUtf8String(request: WriteRequest, text: string, socket: object): number;
  close(): void;
}

interface PipeBinding {
  readonly Pipe: new (kind: number) => Pipe;
  readonly PipeConnectWrap: new () => { oncomplete(status: number): void };
  readonly constants: { readonly SERVER: number; readonly IPC: number };
}

interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest;
  readonly streamBaseState: Int32Array;
  readonly kLastWriteWasAsync: number;
}

interface Bindings {
  readonly pipes: PipeBinding;
  readonly streams: StreamBinding;
}

/** Once per pipe: a look-up costs 15 µs. */
function lookInside(): Bindings {
  const inside = process as unknown as { binding(name: string): unknown };
  return { pipes: inside.binding("pipe_wrap") as PipeBinding, streams: inside.binding("stream_wrap") as StreamBinding };
}

/** The sending end of a pipe. */
export interface PipeSender {
  /**
   * Sends one line of text with a socket. `onSent` follows, at once if the kernel takes both:
   * true, or false if the connection broke.
   */
  send(text: string, socket: object, onSent: (sent: boolean) => void): boolean;
  close(): void;
}

/** Connects to a socket of `acceptPipe`. `onUp` gets whether that worked. */
export function connectPipe(path: string, onUp: (up: boolean) => void): PipeSender {
  const { pipes, streams } = lookInside();
  const { Pipe, PipeConnectWrap, constants } = pipes;
  const pipe = new Pipe(constants.IPC);
  const status = pipe.connect(
    Object.assign(new PipeConnectWrap(), { oncomplete: (at: number) => onUp(at === 0) }),
    path,
  );
  // Undefined in older versions of Node, which report by `oncomplete` alone.
  if (status !== undefined && status !== 0) queueMicrotask(() => onUp(false));
  return {
    send: (text, socket, onSent) => {
      const request = writeRequest(streams, socket, onSent);
      if (pipe.writeUtf8String(request, `${text}\n`, socket) !== 0) return false;
      // `onSent` is called later only if the write is still under way.
      if (streams.streamBaseState[streams.kLastWriteWasAsync] === 0) onSent(true);
      return true;
    },
    close: () => pipe.close(),
  };
}

/** One record from a pipe. */
export interface Received {
  readonly text: string;
  /**
   * Undefined if this process could open no further descriptor: the kernel then drops the socket.
   */
  readonly socket: RawSocket | undefined;
  /**
   * Written before a net.Socket is made around it, which shortens the client's wait by 0.1 ms.
   * False if it could not be written.
   */
  writeFirst(text: string): boolean;
}

/**
 * Listens for one connection; `receive` gets each of its lines with its socket. Throws an error
 * where it cannot listen.
 */
export function acceptPipe(path: string, receive: (received: Received) => void): void {
  const { pipes, streams } = lookInside();
  const { Pipe, constants } = pipes;
  const server = new Pipe(constants.SERVER);
  const status = server.bind(path) || server.listen(1);
  if (status !== 0) throw new Error(`cannot listen at ${path}: ${status}`);
  server.onconnection = (at, accepted) => {
    if (at !== 0) return;
    // An accepted pipe receives no sockets; a second pipe over the same descriptor does. Neither
    // is ever closed: both end with the process.
    const pipe = new Pipe(constants.IPC);
    pipe.open(accepted.fd);
    kept.push(accepted, pipe);
    server.close();
    readLines(pipe, (text, socket) =>
      receive({
        text,
        socket,
        writeFirst: (first) =>
          socket !== undefined &&
          socket.writeLatin1String(
            writeRequest(streams, socket, () => undefined),
            first,
          ) === 0,
      }),
    );
  };
}

/** Without a reference the object would be collected. */
const kept: Pipe[] = [];

function readLines(pipe: Pipe, receive: (text: string, socket: RawSocket | undefined) => void): void {
  const sockets: RawSocket[] = [];
  let rest = Buffer.alloc(0);
  pipe.pendingHandle = null;
  pipe.onread = (bytes) => {
    if (pipe.pendingHandle !== null) sockets.push(pipe.pendingHandle);
    pipe.pendingHandle = null;
    // The other end has closed. The caller decides what to do.
    if (bytes === undefined) return;
    rest = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, Buffer.from(bytes)]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const text = rest.toString("utf8", 0, end);
      rest = rest.subarray(end + 1);
      receive(text, sockets.shift());
    }
  };
  pipe.readStart();
}

/** Writes no byte; a result below 0 is the error that the next write would get. */
export function writesNothing(socket: RawSocket): number {
  const { streams } = lookInside();
  return socket.writeLatin1String(
    writeRequest(streams, socket, () => undefined),
    "",
  );
}

function writeRequest({ WriteWrap }: StreamBinding, handle: object, onSent: (sent: boolean) => void): WriteRequest {
  const request = new WriteWrap();
  request.handle = handle;
  request.oncomplete = (status) => onSent(status === 0);
  return request;
}
