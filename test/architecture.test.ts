import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { additions, balancerCase, type Edit } from "./added-kinds.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");

/** The files of a list "To add a …"; NAME stands for the new one's. */
function listed(what: string): string[] {
  const [, text] = new RegExp(`^## To add a ${what}\n([^]*?)(?=^## |(?![^]))`, "m").exec(page) ?? [];
  return [...String(text).matchAll(/^- `([^`]+)`/gm)].map(([, file]) => file);
}

/** What other tests compare with the docs, the shipped schema and each other. */
interface Facts {
  readonly policies: readonly string[];
  readonly balancers: readonly string[];
  readonly formats: readonly string[];
  readonly scenarioSchema: string;
  readonly policyTable: string;
}

const facts = `
import { readFileSync } from "node:fs";
import { jsonSchemas } from "./src/cli/json-schemas.js";
import { withPolicyTable } from "./src/cli/policy-table.js";
import { balancerKinds } from "./src/control/balancers/built-in.js";
import { policyKinds } from "./src/control/policies/registry.js";
import { knownFormats } from "./src/live/formats/format.js";
console.log(JSON.stringify({
  policies: policyKinds,
  balancers: balancerKinds,
  formats: knownFormats(),
  scenarioSchema: JSON.stringify(jsonSchemas()["scenario.schema.json"]),
  policyTable: withPolicyTable(readFileSync("docs/policies.md", "utf8")),
}));
`;

const copy = mkdtempSync(join(tmpdir(), "headrace-architecture-"));
afterAll(() => rmSync(copy, { recursive: true }));

function apply(edits: readonly Edit[]): void {
  for (const { file, find, put } of edits) {
    const path = join(copy, file);
    if (find === undefined) {
      writeFileSync(path, put, { flag: "wx" });
      continue;
    }
    const text = readFileSync(path, "utf8");
    const changed = text.replace(find, () => put);
    if (changed === text) throw new Error(`${file} has no ${find}`);
    writeFileSync(path, changed);
  }
}

/** Type-checks the copy; what the compiler prints. */
function typeErrors(): string {
  const { stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-b"], { cwd: copy, encoding: "utf8" });
  return stdout;
}

describe("the lists of ARCHITECTURE.md", () => {
  it.each(Object.keys(additions))("to add a %s name files that are there", (what) => {
    const files = listed(what);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files.filter((name) => !name.includes("NAME")))
      expect(existsSync(join(root, file)), file).toBe(true);
  });

  it.each(Object.keys(additions))("to add a %s name each source that its addition changes", (what) => {
    const edits = [...additions[what], ...(what === "balancer" ? balancerCase : [])];
    const changed = edits.map(({ file, find }) => (find === undefined ? file.replace(/[a-z]+\.ts$/, "NAME.ts") : file));
    const sources = listed(what).filter((file) => file.startsWith("src/"));
    expect([...new Set(changed)].sort()).toEqual([...sources].sort());
  });

  describe("followed in a copy", () => {
    let before = "";
    let after = "";
    let seen: Facts;
    beforeAll(() => {
      for (const name of ["src", "docs", "package.json"])
        cpSync(join(root, name), join(copy, name), { recursive: true });
      for (const name of readdirSync(root).filter((one) => /^tsconfig\b.*\.json$/.test(one)))
        cpSync(join(root, name), join(copy, name));
      symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
      for (const edits of Object.values(additions)) apply(edits);
      before = typeErrors();
      apply(balancerCase);
      after = typeErrors();
      writeFileSync(join(copy, "facts.ts"), facts);
      const run = spawnSync(join(root, "node_modules/.bin/tsx"), ["facts.ts"], { cwd: copy, encoding: "utf8" });
      expect(run.stderr).toBe("");
      seen = JSON.parse(run.stdout);
    }, 120_000);

    it("let the compiler find a balancer that is listed but never created", () => {
      expect(before).toMatch(/balancers\/built-in\.ts.*TS2366/);
    });

    it("compile", () => {
      expect(after).toBe("");
    });

    it("register policy, balancer and format under their names", () => {
      expect(seen.policies).toContain("thirds");
      expect(seen.balancers).toContain("first");
      expect(seen.formats).toContain("plain");
    });

    it("make the tests of schema and docs ask for npm run schema", () => {
      expect(seen.scenarioSchema).toContain('"thirds"');
      expect(seen.scenarioSchema).toContain('"spawnStall"');
      expect(seen.policyTable).toContain("| `thirds` |");
      expect(seen.policyTable).not.toBe(readFileSync(join(root, "docs/policies.md"), "utf8"));
    });
  });
});
