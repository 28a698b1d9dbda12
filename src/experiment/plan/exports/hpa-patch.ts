import { InputError } from "../../../base/errors.js";
import { readTextFile } from "../../../traffic/text-file.js";
import { parseDocument } from "../../../traffic/yaml.js";
import { parseYaml } from "../../../traffic/yaml-text.js";
import { hpaManifestKnobs } from "../../hpa-manifest.js";
import { MetricMeanings } from "../../metric-meanings.js";
import type { ExportSource } from "./export-file.js";
import { hpaSpec } from "./hpa-export.js";

/**
 * The differences between the user's own HPA and the plan's, as lines: "-" is removed, "+" is
 * added. Comments and order of the file are kept.
 */
export async function hpaPatch(file: string, source: ExportSource): Promise<string> {
  const [policy] = source.scenario.policies;
  const spec = hpaSpec(source);
  if (spec === undefined) {
    throw new InputError({
      code: "HR1713",
      where: "--patch",
      got: `a plan whose policy is ${policy.kind}`,
      expected: "hpa, which an HPA manifest stands for",
      remedy: "Leave --patch out, or plan with an hpa policy",
    });
  }
  const text = await readTextFile(file, "a HorizontalPodAutoscaler (YAML)");
  hpaManifestKnobs(file, parseYaml(file, text), new MetricMeanings(new Map()));
  const document = parseDocument(text);
  document.setIn(["apiVersion"], "autoscaling/v2");
  document.deleteIn(["spec", "targetCPUUtilizationPercentage"]);
  for (const [key, value] of Object.entries(spec)) document.setIn(["spec", key], document.createNode(value));
  return differentLines(parseDocument(text).toString(), document.toString());
}

/** A plain difference of two texts by their longest common lines. */
function differentLines(from: string, to: string): string {
  const [a, b] = [from.split("\n"), to.split("\n")];
  const common = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  const lines: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`  ${a[i++]}`);
      j++;
    } else if (j < b.length && (i === a.length || common[i][j + 1] >= common[i + 1][j])) lines.push(`+ ${b[j++]}`);
    else lines.push(`- ${a[i++]}`);
  }
  return lines.filter((line) => line.startsWith("+") || line.startsWith("-")).length === 0
    ? "The manifest is what the plan asks for.\n"
    : `${lines.join("\n").trimEnd()}\n`;
}
