import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./real-command.js";

interface Packed {
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** What may be installed beside Headrace, and never comes with it. */
const OPTIONAL = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-layers", "date-holidays", "bullmq", "ioredis"];

const listed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
  cwd: root,
  encoding: "utf8",
});
const [packed] = Object.values(JSON.parse(listed)) as [Packed];
const files = new Set(packed.files.map(({ path }) => path));

describe("the package", () => {
  it("is a tarball of at most 3 MB, with docs, licence, changelog and what it needs to build the C streamlet", () => {
    expect(packed.size).toBeLessThan(3_000_000);
    const needed = [
      "LICENSE",
      "CHANGELOG.md",
      "docs/README.md",
      "docs/tutorial.md",
      "scripts/build-native.mjs",
      "native/main.c",
    ];
    for (const name of [
      ...needed,
      "dist/index.js",
      "dist/index.d.ts",
      "bin/headrace.js",
      "schema/scenario.schema.json",
    ])
      expect(files, name).toContain(name);
  });

  it("leaves out tests, build notes and what was compiled for this machine", () => {
    for (const name of files)
      expect(name).not.toMatch(/^(?:test|src|reports)\/|tsbuildinfo|^dist\/live\/native\/|\.built$/);
  });

  it("has no dead link in its pages", () => {
    for (const name of [...files].filter((one) => one.endsWith(".md"))) {
      for (const [, target] of readFileSync(join(root, name), "utf8").matchAll(/\]\(([^)\s]+)\)/g)) {
        const [path] = target.split("#");
        if (target.includes("://") || path === "") continue;
        const at = normalize(join(dirname(name), path)).replace(/\/$/, "");
        const isThere = files.has(at) || [...files].some((one) => one.startsWith(`${at}/`));
        expect(isThere, `${name}: ${target}`).toBe(true);
      }
    }
  });

  it("asks for what few need instead of bringing it", () => {
    const { dependencies, peerDependencies, peerDependenciesMeta, devDependencies } = JSON.parse(
      readFileSync(join(root, "package.json"), "utf8"),
    );
    for (const name of OPTIONAL) {
      expect(dependencies).not.toHaveProperty([name]);
      expect(peerDependencies).toHaveProperty([name]);
      expect(peerDependenciesMeta[name]).toEqual({ optional: true });
      expect(devDependencies[name], "a checkout has it").toBe(peerDependencies[name]);
    }
  });
});
