// Part of `npm run build`, and `npm run schema`: writes the JSON Schemas that ship with the
// package, docs/errors.md, the reference pages, and the table of kinds in docs/policies.md. A
// test fails if they are stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { allCommands } from "../dist/cli/commands.js";
import { errorsPage } from "../dist/cli/errors-page.js";
import { jsonSchemas } from "../dist/cli/json-schemas.js";
import { withPolicyTable } from "../dist/cli/policy-table.js";
import { commandsPage, scenarioPage, termsPage } from "../dist/cli/reference-pages.js";

const commands = await allCommands();

const folder = fileURLToPath(new URL("../schema/", import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(jsonSchemas())) {
  update(folder + name, `${JSON.stringify(schema, null, 2)}\n`);
}
const page = (name) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));
update(page("errors.md"), errorsPage());
update(page("reference-commands.md"), commandsPage(commands));
update(page("reference-scenario.md"), scenarioPage());
update(page("reference-terms.md"), termsPage());
const policies = fileURLToPath(new URL("../docs/policies.md", import.meta.url));
update(policies, withPolicyTable(readFileSync(policies, "utf8")));

/** Leaves a current file untouched, so that its time does not change. */
function update(path, text) {
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
}
