import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const compiled = fileURLToPath(new URL("../../../dist/live/machine/steady-heap.js", import.meta.url));

it("names a setting that this Node's V8 knows: it would complain of another on stderr, and go on as before", () => {
  const script = `import { keepHeapSteady } from ${JSON.stringify(compiled)}; keepHeapSteady(); console.log("on");`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  expect([status, stdout, stderr]).toEqual([0, "on\n", ""]);
  const wrong = spawnSync(process.execPath, ["-e", "v8.setFlagsFromString('--no-such-setting')"], { encoding: "utf8" });
  expect(wrong.stderr).toContain("no-such-setting");
});
