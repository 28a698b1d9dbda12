import { scenarioJsonSchema } from "../../world/scenario/json-schema.js";

/** A key of a scenario with its sentence. `path` is where it stands: `gateway.waitingRoom`. */
export interface KeyMeaning {
  readonly path: string;
  readonly meaning: string;
}

interface Node {
  readonly description?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
  readonly additionalProperties?: Node | boolean;
}

/** Deeper than any key stands; a schema that refers to itself ends here. */
const MOST_DEPTH = 12;

/**
 * Every key of a scenario, read from its JSON Schema: the sentences are those that editors show.
 * A key without a sentence has the meaning "".
 */
export function scenarioKeys(): KeyMeaning[] {
  const schema = scenarioJsonSchema() as Node & { readonly $defs?: Readonly<Record<string, Node>> };
  const found = new Map<string, KeyMeaning>();
  const resolved = (node: Node): Node => {
    const name = node.$ref?.split("/").pop();
    const target = name === undefined ? undefined : schema.$defs?.[name];
    return target === undefined ? node : { ...resolved(target), ...definedOf(node) };
  };
  const visit = (node: Node, path: string, depth: number): void => {
    if (depth > MOST_DEPTH) return;
    const { properties = {}, items, anyOf = [], oneOf = [], allOf = [], additionalProperties } = resolved(node);
    const inner = [items, ...anyOf, ...oneOf, ...allOf, additionalProperties];
    for (const one of inner) if (typeof one === "object") visit(one, path, depth + 1);
    for (const [key, child] of Object.entries(properties)) {
      const at = path === "" ? key : `${path}.${key}`;
      const meaning = resolved(child).description ?? "";
      found.set(`${at} ${meaning}`, { path: at, meaning });
      visit(child, at, depth + 1);
    }
  };
  visit(schema, "", 0);
  return [...found.values()];
}

function definedOf({ $ref: _, ...node }: Node): Node {
  return node;
}
