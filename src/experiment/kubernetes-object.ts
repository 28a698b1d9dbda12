import { InputError } from "../base/errors.js";
import { parseYamlStream, type SourceText } from "../traffic/yaml-text.js";

/**
 * The object of one kind in a manifest: alone, among other documents, or in a List (`kubectl get …
 * -o yaml`). `name` (metadata.name) selects one of several. Throws InputError.
 */
export function kubernetesObject(file: string, text: string, kind: string, name: string | undefined): SourceText {
  const objects = kubernetesObjects(file, text);
  const ofKind = objects.filter((object) => fieldOf(object, "kind") === kind);
  // A single object of another kind is left to the schema, whose message has its position.
  if (ofKind.length === 0 && objects.length === 1 && name === undefined) return objects[0];
  const found = name === undefined ? ofKind : ofKind.filter((object) => nameOf(object) === name);
  if (found.length === 1) return found[0];
  const names = ofKind.map((object) => nameOf(object) ?? "(without a name)");
  if (ofKind.length === 0) {
    const kinds = [...new Set(objects.map((object) => String(fieldOf(object, "kind"))))].join(", ");
    throw new InputError({
      code: "HR1212",
      where: file,
      got: kinds === "" ? "an empty file" : `${kinds}`,
      expected: `a ${kind}`,
    });
  }
  throw new InputError({
    code: "HR1212",
    where: file,
    got: name === undefined ? `${found.length} of kind ${kind}: ${names.join(", ")}` : `no ${kind} named "${name}"`,
    expected: name === undefined ? `one ${kind}` : `one of ${names.join(", ")}`,
    remedy: `Name one: manifest: ${file.split("/").at(-1)}#${names[0]}`,
  });
}

/** All objects of a manifest, including those in Lists. Throws InputError for a Helm template. */
export function kubernetesObjects(file: string, text: string): SourceText[] {
  checkRendered(file, text);
  return parseYamlStream(file, text).flatMap(itemsOf);
}

/** A template of Helm is no YAML yet. */
function checkRendered(file: string, text: string): void {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => /\{\{/.test(line.replace(/#.*$/, "")));
  if (at < 0) return;
  throw new InputError({
    code: "HR1212",
    where: { file, line: at + 1, column: lines[at].indexOf("{{") + 1 },
    got: "a Helm template ({{ … }})",
    expected: "a Kubernetes manifest",
    remedy: "Render it first: helm template CHART > manifest.yaml",
  });
}

function itemsOf(text: SourceText): SourceText[] {
  const items = fieldOf(text, "items");
  if (!/List$/.test(String(fieldOf(text, "kind"))) || !Array.isArray(items)) return [text];
  return items.map((value: unknown, i) => ({
    value,
    place: (path, atKey) => text.place(["items", i, ...path], atKey),
  }));
}

function fieldOf({ value }: SourceText, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

/** Its metadata.name. */
export function nameOf(object: SourceText): string | undefined {
  const { name } = (fieldOf(object, "metadata") ?? {}) as { readonly name?: unknown };
  return typeof name === "string" ? name : undefined;
}
