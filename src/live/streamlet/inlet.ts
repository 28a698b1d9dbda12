/** Unwraps a client's bytes by its transport. */
export interface Inlet {
  /**
   * Passes the payload of the next bytes to `sink`; false if they break the transport's rules.
   */
  push(chunk: Uint8Array, sink: (payload: Uint8Array) => void): boolean;
  /** The transport has ended: nothing follows. */
  readonly done: boolean;
  /** Whether the connection may end here. */
  mayEnd(): boolean;
}

/** Everything is payload until the client closes its side. */
export class RawInlet implements Inlet {
  readonly done = false;

  push(chunk: Uint8Array, sink: (payload: Uint8Array) => void): boolean {
    sink(chunk);
    return true;
  }

  mayEnd(): boolean {
    return true;
  }
}

/** A body of a known length. */
export class LengthInlet implements Inlet {
  constructor(private left: number) {}

  get done(): boolean {
    return this.left === 0;
  }

  push(chunk: Uint8Array, sink: (payload: Uint8Array) => void): boolean {
    const taken = Math.min(this.left, chunk.length);
    this.left -= taken;
    if (taken > 0) sink(chunk.subarray(0, taken));
    return true;
  }

  mayEnd(): boolean {
    return this.left === 0;
  }
}

/**
 * A chunk's length is at most 2³² − 1: eight hexadecimal digits. Extensions and trailers are
 * skipped, up to a bound.
 */
const MAX_SIZE_DIGITS = 8;
const MAX_LINE_BYTES = 4096;
const MAX_TRAILER_BYTES = 8192;
const CR = 13;
const LF = 10;

type ChunkState = "size" | "extension" | "size-lf" | "data" | "data-cr" | "data-lf" | "trailer" | "trailer-lf" | "done";

/** HTTP/1.1 chunked transfer coding (RFC 9112, 7.1), strict: lines end with CR LF. */
export class ChunkedInlet implements Inlet {
  private state: ChunkState = "size";
  private left = 0;
  private digits = 0;
  private lineBytes = 0;
  private trailerBytes = 0;
  private trailerLine = 0;

  get done(): boolean {
    return this.state === "done";
  }

  mayEnd(): boolean {
    return this.done;
  }

  push(chunk: Uint8Array, sink: (payload: Uint8Array) => void): boolean {
    let at = 0;
    while (at < chunk.length && this.state !== "done") {
      if (this.state === "data") {
        const end = Math.min(chunk.length, at + this.left);
        sink(chunk.subarray(at, end));
        this.left -= end - at;
        at = end;
        if (this.left === 0) this.state = "data-cr";
      } else if (!this.step(chunk[at++])) return false;
    }
    return true;
  }

  private step(byte: number): boolean {
    switch (this.state) {
      case "size":
        return this.size(byte);
      case "extension":
        if (++this.lineBytes > MAX_LINE_BYTES || byte === LF) return false;
        if (byte === CR) this.state = "size-lf";
        return true;
      case "size-lf":
        this.state = this.left > 0 ? "data" : "trailer";
        return byte === LF;
      case "data-cr":
        this.state = "data-lf";
        return byte === CR;
      case "data-lf":
        this.begin();
        return byte === LF;
      case "trailer":
        if (++this.trailerBytes > MAX_TRAILER_BYTES || byte === LF) return false;
        if (byte === CR) this.state = "trailer-lf";
        else this.trailerLine++;
        return true;
      case "trailer-lf":
        this.state = this.trailerLine === 0 ? "done" : "trailer";
        this.trailerLine = 0;
        return byte === LF;
      default:
        return false;
    }
  }

  private size(byte: number): boolean {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      this.left = this.left * 16 + digit;
      return ++this.digits <= MAX_SIZE_DIGITS;
    }
    if (this.digits === 0) return false;
    if (byte === CR) this.state = "size-lf";
    else if (byte === 0x3b || byte === 0x20 || byte === 0x09) this.state = "extension";
    else return false;
    return true;
  }

  private begin(): void {
    this.state = "size";
    this.digits = 0;
    this.left = 0;
    this.lineBytes = 0;
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
