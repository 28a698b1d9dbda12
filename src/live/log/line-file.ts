import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { InputError } from "../../base/errors.js";

/**
 * Lines are collected for this long, or up to this many characters: one write per line cost the
 * gateway 0.5 ms per request.
 */
const GATHER_MS = 100;
const GATHER_CHARACTERS = 65_536;
/** While writes fail, this much is kept in memory; further lines are lost and counted. */
const HELD_BYTES = 16 * 1024 * 1024;
/** After a fault writing is tried again this often. */
const RETRY_MS = 1000;

/** Called when a file cannot be written, and when it can again. */
export interface WriteListener {
  onFault(reason: string): void;
  /** `unwritten`: lines that were lost meanwhile. */
  onRestored(unwritten: number): void;
}

/** How to treat an existing file. `started`: keep it until `commit`, then replace it. */
export type Opening = "append" | "replace-once-started";

interface Batch {
  readonly bytes: Buffer;
  readonly lines: number;
  /** Bytes of it that the kernel has. */
  written: number;
}

/**
 * A file of lines with delayed writes. If this process is killed, at most the lines of the last
 * 100 ms are lost. A full disk stops nothing: the listener is called at once, and the lines wait
 * until there is room.
 */
export class LineFile {
  private gathered: string[] = [];
  private characters = 0;
  private timer: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private readonly queue: Batch[] = [];
  private heldBytes = 0;
  private writing: Promise<void> | undefined;
  private lost = 0;
  private state: "writing" | "failing" = "writing";

  private constructor(
    readonly file: string,
    private readonly handle: FileHandle,
    private readonly temporary: string | undefined,
    private readonly listener: WriteListener,
  ) {}

  /**
   * Creates the file (only this user may read it) and its folder. Throws an InputError if it
   * cannot.
   */
  static async open(file: string, opening: Opening, listener: WriteListener = silent): Promise<LineFile> {
    const temporary = opening === "append" ? undefined : `${file}.${process.pid}.tmp`;
    try {
      await mkdir(dirname(file), { recursive: true });
      const handle = await open(temporary ?? file, opening === "append" ? "a" : "w", 0o600);
      return new LineFile(file, handle, temporary, listener);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new InputError({ code: "HR1106", where: file, got: `a place that cannot be written to (${code})` });
    }
  }

  /** Lines that were lost so far. */
  get unwritten(): number {
    return this.lost;
  }

  /** The run has started: its file replaces the old one. */
  async commit(): Promise<void> {
    if (this.temporary !== undefined) await rename(this.temporary, this.file);
  }

  /** The run did not start: its file is removed. */
  async discard(): Promise<void> {
    this.gathered = [];
    this.queue.length = 0;
    await this.close();
    if (this.temporary !== undefined) await rm(this.temporary, { force: true });
  }

  write(line: string): void {
    this.gathered.push(line);
    this.characters += line.length;
    if (this.characters >= GATHER_CHARACTERS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  /**
   * Writes the remaining lines, if possible, and removes a partly written one. Then `unwritten`
   * is final.
   */
  async close(): Promise<void> {
    this.flush();
    await this.writing;
    clearTimeout(this.retry);
    if (this.queue.length > 0) await this.pump();
    if (this.queue.length > 0) await this.takeBackHalf(this.queue[0]);
    for (const { lines } of this.queue) this.lost += lines;
    await this.handle.close().catch(() => undefined);
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.gathered.length === 0) return;
    const bytes = Buffer.from(`${this.gathered.join("\n")}\n`);
    const lines = this.gathered.length;
    this.gathered = [];
    this.characters = 0;
    if (this.heldBytes + bytes.length > HELD_BYTES) {
      this.lost += lines;
      return;
    }
    this.heldBytes += bytes.length;
    this.queue.push({ bytes, lines, written: 0 });
    if (this.state === "writing") this.begin();
  }

  private begin(): void {
    this.writing ??= this.pump().finally(() => {
      this.writing = undefined;
    });
  }

  /** Writes the waiting lines until there is none or a fault occurs. */
  private async pump(): Promise<void> {
    for (let [batch] = this.queue; batch !== undefined; [batch] = this.queue) {
      try {
        const { bytesWritten } = await this.handle.write(batch.bytes, batch.written);
        batch.written += bytesWritten;
      } catch (error) {
        this.fail(error as NodeJS.ErrnoException);
        return;
      }
      if (batch.written === batch.bytes.length) {
        this.queue.shift();
        this.heldBytes -= batch.bytes.length;
      }
      if (this.state === "failing") this.listener.onRestored(this.lost);
      this.state = "writing";
    }
  }

  private fail({ code, message }: NodeJS.ErrnoException): void {
    if (this.state === "writing") this.listener.onFault(code ?? message);
    this.state = "failing";
    this.retry = setTimeout(() => this.begin(), RETRY_MS);
    this.retry.unref();
  }

  private async takeBackHalf({ bytes, written }: Batch): Promise<void> {
    const half = written - (bytes.lastIndexOf(10, Math.max(0, written - 1)) + 1);
    if (written === 0 || half <= 0) return;
    const size = await this.handle
      .stat()
      .then(({ size }) => size)
      .catch(() => undefined);
    if (size !== undefined) await this.handle.truncate(size - half).catch(() => undefined);
  }
}

const silent: WriteListener = { onFault: () => undefined, onRestored: () => undefined };
