import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { InputError } from "../base/errors.js";

/** Lines are gathered for this long, or up to so many characters: one write per line cost the gateway 0.5 ms of each request. */
const GATHER_MS = 100;
const GATHER_CHARACTERS = 65_536;

/** A file of lines that is written behind: what was written up to 100 ms before this process is killed is there. */
export class LineFile {
  private gathered: string[] = [];
  private characters = 0;
  private timer: NodeJS.Timeout | undefined;
  private fault: Error | undefined;

  private constructor(private readonly stream: WriteStream) {
    stream.on("error", (error) => {
      this.fault ??= error;
    });
  }

  /** Creates the file and its folder; one that is there is emptied or gone on with. Throws an InputError where that cannot be done. */
  static async open(file: string, flags: "w" | "a"): Promise<LineFile> {
    const fail = (error: NodeJS.ErrnoException): never => {
      throw new InputError({ where: file, got: `a place that cannot be written to (${error.code})` });
    };
    await mkdir(dirname(file), { recursive: true }).catch(fail);
    const stream = createWriteStream(file, { flags });
    await new Promise<void>((resolve, reject) => {
      stream.once("open", () => resolve());
      stream.once("error", reject);
    }).catch(fail);
    return new LineFile(stream);
  }

  write(line: string): void {
    this.gathered.push(line);
    this.characters += line.length;
    if (this.characters >= GATHER_CHARACTERS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  /** Writes the rest; throws an InputError if something was not written (a full disk). */
  async close(): Promise<void> {
    this.flush();
    await new Promise<void>((resolve) => this.stream.end(() => resolve()));
    if (this.fault !== undefined)
      throw new InputError({
        where: String(this.stream.path),
        got: `a file that could not be written (${this.fault.message})`,
      });
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.gathered.length === 0) return;
    this.stream.write(`${this.gathered.join("\n")}\n`);
    this.gathered = [];
    this.characters = 0;
  }
}
