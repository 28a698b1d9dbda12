import { builtInPolicies } from "../control/policies/registry.js";

const BEGIN = "<!-- The built-in kinds; `npm run schema` writes this table. -->\n";
const END = "<!-- End of the built-in kinds. -->\n";

/**
 * docs/policies.md with its table of kinds made from the registry; the text around the table is
 * kept.
 */
export function withPolicyTable(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/policies.md has lost its marks ${BEGIN.trim()} … ${END.trim()}`);
  return `${page.slice(0, begin)}${BEGIN}\n${policyTable()}\n${page.slice(end)}`;
}

function policyTable(): string {
  const rows = [...builtInPolicies.values()].map(
    ({ kind, docs: { imitates, source, constants, decides, metricsAge } }) =>
      `| \`${kind}\` | ${imitates} | ${source} | ${constants} | ${decides} | ${metricsAge} |\n`,
  );
  return [
    "| kind | imitates | source | default constants | decides | age of its metrics |\n",
    "|---|---|---|---|---|---|\n",
    ...rows,
  ].join("");
}
