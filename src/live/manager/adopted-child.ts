// A ChildProcess for a process that another one forked. Node makes a channel that carries sockets
// only for a process that it spawns itself. So it spawns one through a handle that forks nothing,
// but connects the channel to a socket where the process waits. Only this file uses these
// internals of Node. If they are not as expected it throws, and the caller spawns.
import { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { constants } from "node:os";

/** UV_ESRCH: libuv's code for a process that has ended. */
const NO_SUCH_PROCESS = -constants.errno.ESRCH;

interface Pipe {
  connect(request: object, path: string): number | undefined;
}

/** A descriptor for the process. */
interface StdioEntry {
  readonly ipc?: boolean;
  readonly handle?: Pipe;
}

/** What a ChildProcess expects of the handle that forks. */
interface ForkingHandle {
  pid: number | undefined;
  spawn(...args: readonly unknown[]): number;
  kill(signal: number): number;
  hasRef(): boolean;
  ref(): void;
  unref(): void;
  close(): void;
}

export interface AdoptedChild {
  readonly child: ChildProcess;
  /** It was killed before its process id was known. */
  readonly dismissed: boolean;
  /** Its process id is known now. */
  named(pid: number): void;
  /** It has ended; null if the status is unknown. The first call counts. */
  exited(code: number | null, signal: NodeJS.Signals | null): void;
}

interface PipeBinding {
  readonly PipeConnectWrap: new () => object;
}

/**
 * Looks up Node's binding once, since a look-up takes 15 µs. Throws Node's error if there is none.
 */
export function adopter(): (socketPath: string) => AdoptedChild {
  const inside = process as unknown as { binding(name: "pipe_wrap"): PipeBinding };
  const { PipeConnectWrap } = inside.binding("pipe_wrap");
  return (socketPath) => adopt(socketPath, PipeConnectWrap);
}

/**
 * Connects to a socket. The process that answers there is then treated as if spawned with `stdio:
 * "ipc"`.
 */
function adopt(socketPath: string, PipeConnectWrap: new () => object): AdoptedChild {
  const child = unspawned();
  const inside = child as unknown as { _handle: ForkingHandle | null; spawn(options: object): void };
  let dismissed = false;
  const refuse = (status: number): void => {
    if (status < 0 && child.connected) child.disconnect();
  };
  const handle: ForkingHandle = {
    pid: undefined,
    spawn: (...args) => {
      const request = Object.assign(new PipeConnectWrap(), { oncomplete: refuse });
      const pipe = channelAmong(args);
      // Undefined in older versions of Node, which report by `oncomplete` alone.
      return pipe.connect(request, socketPath) ?? 0;
    },
    kill: (signal) => {
      if (handle.pid !== undefined) return kill(handle.pid, signal);
      // Without a process id it cannot be signalled yet; it ends with its channel.
      dismissed = true;
      if (child.connected) child.disconnect();
      return 0;
    },
    hasRef: () => true,
    ref: () => undefined,
    unref: () => undefined,
    close: () => undefined,
  };
  inside._handle = handle;
  inside.spawn({ file: socketPath, args: [], stdio: ["ignore", "ignore", "ignore", "ipc"], envPairs: [] });
  let over = false;
  return {
    child,
    get dismissed() {
      return dismissed;
    },
    named: (pid) => {
      handle.pid = pid;
      Object.assign(child, { pid });
    },
    exited: (code, signal) => {
      if (over) return;
      over = true;
      inside._handle = null;
      Object.assign(child, { exitCode: code, signalCode: signal });
      child.emit("exit", code, signal);
    },
  };
}

/**
 * Node's end of the channel, among the arguments of `spawn`: an object with `stdio` and more, or
 * one argument each (since 24.21; not in 22.23). Throws an error if there is none.
 */
export function channelAmong(args: readonly unknown[]): Pipe {
  const [options] = args as readonly { readonly stdio?: unknown }[];
  for (const list of [options?.stdio, ...args]) {
    const entry = Array.isArray(list) ? (list as StdioEntry[]).find((one) => one?.ipc === true) : undefined;
    if (entry?.handle !== undefined) return entry.handle;
  }
  throw new Error(`no channel among the ${args.length} arguments`);
}

/**
 * The state that its constructor leaves, but without a process handle, which Node would free only
 * after a spawn.
 */
function unspawned(): ChildProcess {
  const child = Object.create(ChildProcess.prototype) as ChildProcess;
  EventEmitter.call(child as unknown as EventEmitter);
  const closes = { _closesNeeded: 1, _closesGot: 0 };
  return Object.assign(child, { ...closes, connected: false, killed: false, exitCode: null, signalCode: null });
}

function kill(pid: number, signal: number): number {
  try {
    process.kill(pid, signal);
    return 0;
  } catch {
    return NO_SUCH_PROCESS;
  }
}
