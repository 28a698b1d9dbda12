import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Until `close`, the first `times` runs of the program `flock` do not end by themselves. */
export class SlowFlock {
  private readonly folder = mkdtempSync(join(tmpdir(), "flock-"));
  private readonly pathBefore = process.env.PATH;

  constructor(times: number) {
    const real = spawnSync("sh", ["-c", "command -v flock"], { encoding: "utf8" }).stdout.trim();
    const marks = join(this.folder, "runs");
    const isDone = Number.isFinite(times) ? `[ "$(wc -l < ${marks})" -gt ${times} ]` : "false";
    writeFileSync(marks, "");
    writeFileSync(
      join(this.folder, "flock"),
      `#!/bin/sh\necho run >> ${marks}\nif ${isDone}; then exec ${real} "$@"; fi\nexec sleep 60\n`,
    );
    chmodSync(join(this.folder, "flock"), 0o755);
    process.env.PATH = `${this.folder}:${this.pathBefore}`;
  }

  close(): void {
    process.env.PATH = this.pathBefore;
    rmSync(this.folder, { recursive: true });
  }
}
