import { afterAll, describe, expect, it } from "vitest";
import { Folder, quickScenario, run, start } from "./real-command.js";

const policy = (decide: string): string =>
  `import { execFileSync } from "node:child_process";
export const createPolicy = () => ({ decide: ({ pools }) => {
  ${decide}
  return pools.map(() => ({ desired: 10, reason: "ten" }));
} });\n`;
const scenario = (module: string, duration: string): string =>
  quickScenario({ "count: 10}": `count: 10}\n  - {kind: ./${module}}`, "20min": duration });
const folder = new Folder({
  "package.json": '{"type": "module"}',
  // As the kernel does when memory runs out: nothing inside the process sees it.
  "killed.js": policy('execFileSync("kill", ["-9", String(process.pid)]);'),
  "fine.js": policy(""),
  "killed.yaml": scenario("killed.js", "2min"),
  "long.yaml": scenario("fine.js", "9000h"),
});
afterAll(() => folder.dispose());

describe("a command that runs a user's module", () => {
  it("names the module when its process is killed, with exit code 2 and nothing half-written", async () => {
    const { code, signal, stdout, stderr } = await run(["simulate", "killed.yaml", "--quiet"], folder.path);
    expect([code, signal, stdout]).toEqual([2, null, ""]);
    expect(stderr).toMatch(/^\.\/killed\.js: a module whose process ended by SIGKILL; .*\[HR1304\]$/m);
    expect(folder.list().filter((file) => file.startsWith("reports"))).toEqual([]);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends with 130 when its first process gets %s", async (signal) => {
    const { child, ended } = start(["simulate", "long.yaml"], folder.path);
    await new Promise<void>((resolve) => {
      child.stderr?.on("data", (text: string) => {
        if (text.includes("replication")) resolve();
      });
    });
    child.kill(signal);
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/interrupted: nothing was written\n$/);
  });
});
