import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const compiled = fileURLToPath(new URL("../../dist/cli/young-generation.js", import.meta.url));

/** Bytes of the young generation of a process that has kept half a million small lists. */
function youngBytes(before: string): { readonly bytes: number; readonly stderr: string } {
  const script = `import v8 from "node:v8";
    ${before}
    const kept = [];
    for (let i = 0; i < 500_000; i++) kept.push([i]);
    const young = v8.getHeapSpaceStatistics().find((space) => space.space_name === "new_space");
    console.log(young.space_size);`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  return { bytes: Number(stdout), stderr };
}

it("stays as small as it starts, on this Node, where it would have grown", () => {
  const call = `import { keepYoungGenerationSmall } from ${JSON.stringify(compiled)}; keepYoungGenerationSmall();`;
  const { bytes, stderr } = youngBytes(call);
  expect(stderr).toBe("");
  expect(bytes).toBeLessThan(3_000_000);
  expect(youngBytes("").bytes).toBeGreaterThan(2 * bytes);
});
