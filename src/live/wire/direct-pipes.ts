// Direct connections from the gateway to the streamlets. An order and socket sent through the
// manager wake two processes, which takes 0.8 ms. So a streamlet starts to listen when it gets
// its first stream, and later orders go straight to it. The manager still starts, watches and
// ends it, and gets its reports of ended streams. Orders that cannot go directly go through the
// manager.
import { rmSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { StreamletId } from "../../ports/fleet.js";
import { makeRuntimeFolder, type RuntimeFolder } from "../machine/runtime-folder.js";
import { connectPipe, type PipeSender } from "./raw-pipe.js";
import { release } from "./socket-handover.js";
import type { StreamOrder } from "./stream-order.js";

/**
 * Most sockets that a streamlet has not taken yet. Further ones go through the manager, which
 * detects a hang.
 */
const MAX_QUEUED = 64;
const FOLDER = "headrace-pipes-";

interface Pipe {
  /** Undefined until the streamlet listens. */
  sender: PipeSender | undefined;
  up: boolean;
  /** Streams that it carried and that have not ended. */
  readonly carried: Set<number>;
  /** Closes the sockets that are not sent yet, by stream. */
  readonly queued: Map<number, () => void>;
}

/** The callbacks of the manager's owner. */
export interface PipesOwner {
  /** The streamlet should listen there; `listens` follows, or nothing. */
  ask(id: StreamletId, path: string): void;
  /** The stream was handed over, but the pipe broke. */
  onLost(id: StreamletId, stream: number): void;
  /** A line for people. */
  onNotice?(line: string): void;
}

/** All pipes of one gateway to the streamlets of one manager. */
export class DirectPipes {
  private readonly pipes = new Map<StreamletId, Pipe>();
  /**
   * Undefined before the first connection; "none" if it cannot be made: the manager then carries
   * all orders.
   */
  private folder: RuntimeFolder | "none" | undefined;

  constructor(private readonly owner: PipesOwner) {}

  /**
   * Hands a stream and its socket over. False if that is impossible: the caller keeps the socket
   * and sends it through the manager.
   */
  open(id: StreamletId, order: StreamOrder, socket: Socket): boolean {
    const pipe = this.pipes.get(id) ?? this.begin(id);
    const { sender, up, queued, carried } = pipe;
    if (sender === undefined || !up || queued.size >= MAX_QUEUED) return false;
    const released = release(socket);
    if (released === undefined) return false;
    const { stream } = order;
    queued.set(stream, released.close);
    const text = JSON.stringify({ kind: "open", ...order });
    const took = sender.send(text, released.handle, (sent) => {
      queued.delete(stream);
      released.close();
      if (!sent) this.lose(id, pipe, stream);
    });
    if (took) carried.add(stream);
    else {
      queued.delete(stream);
      this.drop(pipe);
    }
    return took;
  }

  /** The streamlet listens. */
  listens(id: StreamletId): void {
    const pipe = this.pipes.get(id);
    if (pipe === undefined || pipe.sender !== undefined) return;
    const path = this.pathOf(id);
    try {
      pipe.sender = connectPipe(path, (up) => {
        pipe.up = up && this.pipes.get(id) === pipe;
        if (!pipe.up) this.drop(pipe);
        rmSync(path, { force: true });
      });
    } catch {
      // This version of Node does not allow it: all orders go through the manager.
      rmSync(path, { force: true });
    }
  }

  onEnded(id: StreamletId, stream: number): void {
    this.pipes.get(id)?.carried.delete(stream);
  }

  /**
   * The streamlet has ended. Returns its streams that came over this connection and had not
   * ended.
   */
  forget(id: StreamletId): number[] {
    const pipe = this.pipes.get(id);
    if (pipe === undefined) return [];
    this.pipes.delete(id);
    this.drop(pipe);
    return Array.from(pipe.carried);
  }

  close(): void {
    for (const id of Array.from(this.pipes.keys())) this.forget(id);
    if (typeof this.folder === "object") this.folder.close();
    this.folder = "none";
  }

  private begin(id: StreamletId): Pipe {
    const pipe: Pipe = { sender: undefined, up: false, carried: new Set(), queued: new Map() };
    this.pipes.set(id, pipe);
    if (typeof this.folder === "object" && !this.folder.isThere) {
      this.owner.onNotice?.(`${this.folder.path}: the folder of the direct pipes is gone; a new one is made`);
      this.folder = undefined;
    }
    this.folder ??= this.makeFolder();
    if (this.folder !== "none") this.owner.ask(id, this.pathOf(id));
    return pipe;
  }

  /** Private: only this user may connect to the sockets in it. */
  private makeFolder(): RuntimeFolder | "none" {
    try {
      return makeRuntimeFolder(FOLDER);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.owner.onNotice?.(`${reason}; streams go through the streamlet manager, which takes 0.5 ms longer`);
      return "none";
    }
  }

  private pathOf(id: StreamletId): string {
    return typeof this.folder === "object" ? join(this.folder.path, String(id)) : "";
  }

  private lose(id: StreamletId, pipe: Pipe, stream: number): void {
    this.drop(pipe);
    // A streamlet that has ended is not in the list: `forget` returned its streams.
    if (this.pipes.get(id) === pipe && pipe.carried.delete(stream)) this.owner.onLost(id, stream);
  }

  private drop(pipe: Pipe): void {
    pipe.sender?.close();
    pipe.sender = undefined;
    pipe.up = false;
    for (const close of pipe.queued.values()) close();
    pipe.queued.clear();
  }
}
