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
import type { StreamOrder } from "./messages.js";
import { connectLine, type LineSender } from "./raw-pipe.js";
import { release } from "./socket-handover.js";

/**
 * Most sockets that a streamlet has not taken yet. Further ones go through the manager, which
 * detects a hang.
 */
const MAX_QUEUED = 64;
const FOLDER = "headrace-lines-";

interface Line {
  /** Undefined until the streamlet listens. */
  sender: LineSender | undefined;
  up: boolean;
  /** Streams that went by it and have not ended. */
  readonly carried: Set<number>;
  /** Of sockets that are on their way. */
  readonly queued: Map<number, () => void>;
}

/** What the lines need of the owner of the manager. */
export interface LinesOwner {
  /** The streamlet is to listen there; `listens` follows, or nothing. */
  ask(id: StreamletId, path: string): void;
  /** It was handed over, but the line broke on the way. */
  onLost(id: StreamletId, stream: number): void;
  /** Something that people should know. */
  onNotice?(line: string): void;
}

/** All lines of one gateway to the streamlets of one manager. */
export class DirectLines {
  private readonly lines = new Map<StreamletId, Line>();
  /**
   * Undefined before the first connection; "none" if it cannot be made: the manager then carries
   * all orders.
   */
  private folder: RuntimeFolder | "none" | undefined;

  constructor(private readonly owner: LinesOwner) {}

  /**
   * Hands a stream and its socket over. False if that is impossible: the caller keeps the socket
   * and sends it through the manager.
   */
  open(id: StreamletId, order: StreamOrder, socket: Socket): boolean {
    const line = this.lines.get(id) ?? this.begin(id);
    const { sender, up, queued, carried } = line;
    if (sender === undefined || !up || queued.size >= MAX_QUEUED) return false;
    const released = release(socket);
    if (released === undefined) return false;
    const { stream } = order;
    queued.set(stream, released.close);
    const text = JSON.stringify({ kind: "open", ...order });
    const took = sender.send(text, released.handle, (sent) => {
      queued.delete(stream);
      released.close();
      if (!sent) this.lose(id, line, stream);
    });
    if (took) carried.add(stream);
    else {
      queued.delete(stream);
      this.drop(line);
    }
    return took;
  }

  /** The streamlet listens. */
  listens(id: StreamletId): void {
    const line = this.lines.get(id);
    if (line === undefined || line.sender !== undefined) return;
    const path = this.pathOf(id);
    try {
      line.sender = connectLine(path, (up) => {
        line.up = up && this.lines.get(id) === line;
        if (!line.up) this.drop(line);
        rmSync(path, { force: true });
      });
    } catch {
      // This Node does not let one in: all goes by the manager.
      rmSync(path, { force: true });
    }
  }

  onEnded(id: StreamletId, stream: number): void {
    this.lines.get(id)?.carried.delete(stream);
  }

  /**
   * The streamlet has ended. Returns its streams that came over this connection and had not
   * ended.
   */
  forget(id: StreamletId): number[] {
    const line = this.lines.get(id);
    if (line === undefined) return [];
    this.lines.delete(id);
    this.drop(line);
    return Array.from(line.carried);
  }

  close(): void {
    for (const id of Array.from(this.lines.keys())) this.forget(id);
    if (typeof this.folder === "object") this.folder.close();
    this.folder = "none";
  }

  private begin(id: StreamletId): Line {
    const line: Line = { sender: undefined, up: false, carried: new Set(), queued: new Map() };
    this.lines.set(id, line);
    if (typeof this.folder === "object" && !this.folder.isThere) {
      this.owner.onNotice?.(`${this.folder.path}: the folder of the direct lines has gone; another one is made`);
      this.folder = undefined;
    }
    this.folder ??= this.makeFolder();
    if (this.folder !== "none") this.owner.ask(id, this.pathOf(id));
    return line;
  }

  /** Private: only this user may connect to what listens there. */
  private makeFolder(): RuntimeFolder | "none" {
    try {
      return makeRuntimeFolder(FOLDER);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.owner.onNotice?.(`${reason}; streams go by the streamlet manager, which takes 0.5 ms longer`);
      return "none";
    }
  }

  private pathOf(id: StreamletId): string {
    return typeof this.folder === "object" ? join(this.folder.path, String(id)) : "";
  }

  private lose(id: StreamletId, line: Line, stream: number): void {
    this.drop(line);
    // A streamlet that has ended is not in the list: `forget` returned its streams.
    if (this.lines.get(id) === line && line.carried.delete(stream)) this.owner.onLost(id, stream);
  }

  private drop(line: Line): void {
    line.sender?.close();
    line.sender = undefined;
    line.up = false;
    for (const close of line.queued.values()) close();
    line.queued.clear();
  }
}
