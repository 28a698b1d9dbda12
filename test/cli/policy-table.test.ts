import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withPolicyTable } from "../../src/cli/policy-table.js";
import { root } from "./real-command.js";

const page = readFileSync(join(root, "docs/policies.md"), "utf8");

describe("docs/policies.md", () => {
  it("has the table of kinds that the registry makes: if not, run npm run schema and commit what it wrote", () => {
    expect(page).toBe(withPolicyTable(page));
  });

  it("keeps what stands around the table, and is refused without the marks", () => {
    expect(withPolicyTable(page.replace("# Policies", "# Other"))).toBe(page.replace("# Policies", "# Other"));
    expect(() => withPolicyTable("# Policies\n")).toThrow("lost its marks");
  });
});
