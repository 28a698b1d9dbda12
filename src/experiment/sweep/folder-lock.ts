import { mkdir, open, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { InputError } from "../../base/errors.js";

/** A holder touches its lock this often, and counts as ended after this long without a touch. */
const TOUCH_MS = 2000;
const STALE_MS = 30_000;
/** Attempts to replace a stale lock, since another process may do so at the same time. */
const MOST_TRIES = 3;

/**
 * Allows one coordinator per folder, on all machines that share it. The lock is a file that its
 * holder touches every 2 s: a process id has no meaning on another host or in another PID
 * namespace, and a killed holder stops touching. Ages are measured by the folder's own clock, so
 * the clocks of two machines may differ.
 */
export class FolderLock {
  private timer: NodeJS.Timeout | undefined;

  private constructor(private readonly file: string) {}

  /** Takes the lock. Throws an InputError if another process holds it. */
  static async take(folder: string, name: string): Promise<FolderLock> {
    await mkdir(folder, { recursive: true });
    const file = join(folder, `${name}.lock`);
    for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
      const lock = await FolderLock.create(file);
      if (lock !== undefined) return lock;
      if ((await ageMs(folder, file)) <= STALE_MS) break;
      await rm(file, { force: true });
    }
    const holder = await readFile(file, "utf8").catch(() => "");
    throw new InputError({
      code: "HR1108",
      where: folder,
      got: `a folder that another coordinator works on (${holder.trim().slice(0, 100)})`,
      expected: "one coordinator per folder",
      remedy: `Wait for it, choose another --out, or, if it is gone, try again in ${STALE_MS / 1000} s`,
    });
  }

  async release(): Promise<void> {
    clearInterval(this.timer);
    await rm(this.file, { force: true });
  }

  private static async create(file: string): Promise<FolderLock | undefined> {
    try {
      const handle = await open(file, "wx");
      await handle.writeFile(`${hostname()}, process ${process.pid}\n`);
      await handle.close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
      throw error;
    }
    const lock = new FolderLock(file);
    lock.timer = setInterval(() => {
      const now = new Date();
      utimes(file, now, now).catch(() => undefined);
    }, TOUCH_MS);
    lock.timer.unref();
    return lock;
  }
}

/** Age of the lock by the file system's own clock: the time stamp of a file that is written now. */
async function ageMs(folder: string, file: string): Promise<number> {
  const probe = join(folder, `.clock-${process.pid}.tmp`);
  try {
    await writeFile(probe, "");
    const [now, then] = [await stat(probe), await stat(file)];
    return now.mtimeMs - then.mtimeMs;
  } catch {
    return Number.POSITIVE_INFINITY;
  } finally {
    await rm(probe, { force: true });
  }
}
