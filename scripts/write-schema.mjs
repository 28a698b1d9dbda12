// Part of `npm run build`, and `npm run schema`: writes the JSON Schemas that ship with the package. A test says when they are stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { jsonSchemas } from "../dist/cli/json-schemas.js";

const folder = fileURLToPath(new URL("../schema/", import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries(jsonSchemas())) {
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (!existsSync(folder + name) || readFileSync(folder + name, "utf8") !== text) writeFileSync(folder + name, text);
}
