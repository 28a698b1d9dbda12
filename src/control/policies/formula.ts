/**
 * A formula over named values. Undefined = a value that it needs is unknown, or the result is no
 * finite number.
 */
type Formula = (lookUp: (name: string) => number | undefined) => number | undefined;

/** A formula that could be read, with the names that it uses. */
export interface ParsedFormula {
  readonly evaluate: Formula;
  readonly names: ReadonlySet<string>;
}

/** Longest formula, and deepest nesting: what a person writes is far below. */
const MAX_LENGTH = 2000;
const MAX_DEPTH = 50;

/** NaN stands for unknown while a formula is evaluated; a comparison gives 1 or 0. */
type Node = (lookUp: (name: string) => number) => number;

const FUNCTIONS = new Map<string, (values: readonly number[]) => number>([
  ["min", (values) => Math.min(...values)],
  ["max", (values) => Math.max(...values)],
  ["sum", (values) => values.reduce((sum, value) => sum + value, 0)],
  ["mean", (values) => values.reduce((sum, value) => sum + value, 0) / values.length],
  ["abs", ([value]) => Math.abs(value)],
  ["ceil", ([value]) => Math.ceil(value)],
  ["floor", ([value]) => Math.floor(value)],
  ["round", ([value]) => Math.round(value)],
  ["float", ([value]) => value],
  ["int", ([value]) => Math.trunc(value)],
]);
/** These take one value; the others take one or more, or one list. */
const UNARY = new Set(["abs", "ceil", "floor", "round", "float", "int"]);

const flag = (value: boolean): number => (value ? 1 : 0);
const either = (a: number, b: number, value: boolean): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : flag(value);

/** By precedence, lowest first. */
const BINARY: readonly ReadonlyMap<string, (a: number, b: number) => number>[] = [
  new Map([
    ["||", (a: number, b: number) => either(a, b, a !== 0 || b !== 0)],
    ["or", (a: number, b: number) => either(a, b, a !== 0 || b !== 0)],
  ]),
  new Map([
    ["&&", (a: number, b: number) => either(a, b, a !== 0 && b !== 0)],
    ["and", (a: number, b: number) => either(a, b, a !== 0 && b !== 0)],
  ]),
  new Map([
    ["==", (a: number, b: number) => either(a, b, a === b)],
    ["!=", (a: number, b: number) => either(a, b, a !== b)],
    ["<", (a: number, b: number) => either(a, b, a < b)],
    ["<=", (a: number, b: number) => either(a, b, a <= b)],
    [">", (a: number, b: number) => either(a, b, a > b)],
    [">=", (a: number, b: number) => either(a, b, a >= b)],
  ]),
  new Map([
    ["+", (a: number, b: number) => a + b],
    ["-", (a: number, b: number) => a - b],
  ]),
  new Map([
    ["*", (a: number, b: number) => a * b],
    ["/", (a: number, b: number) => a / b],
  ]),
];

/**
 * Reads a formula of KEDA's scalingModifiers (expr-lang/expr): numbers, names, + - * /,
 * comparisons, && || !, a ? b : c, and the functions min, max, sum, mean, abs, ceil, floor, round,
 * float, int. For anything else it returns a text about the fault.
 */
export function parseFormula(text: string): ParsedFormula | string {
  if (text.length > MAX_LENGTH) return `more than ${MAX_LENGTH} characters`;
  const tokens = tokensOf(text);
  if (typeof tokens === "string") return tokens;
  const parser = new FormulaParser(tokens);
  const root = parser.whole();
  if (typeof root === "string") return root;
  return {
    names: parser.names,
    evaluate: (lookUp) => {
      const value = root((name) => lookUp(name) ?? Number.NaN);
      return Number.isFinite(value) ? value : undefined;
    },
  };
}

function tokensOf(text: string): readonly string[] | string {
  const tokens: string[] = [];
  const token = /\s*(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|[A-Za-z_]\w*|&&|\|\||[=!<>]=|[-+*/<>!?:(),[\]{}#%^.])/y;
  while (text.slice(token.lastIndex).trim() !== "") {
    const from = token.lastIndex;
    const match = token.exec(text);
    if (match === null) return `"${text.slice(from).trim().slice(0, 20)}"`;
    tokens.push(match[1]);
  }
  return tokens;
}

/** The fault in a formula; caught in `whole`. */
class NotUnderstood extends Error {}

class FormulaParser {
  readonly names = new Set<string>();
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly string[]) {}

  whole(): Node | string {
    try {
      const root = this.choice();
      if (this.at < this.tokens.length) throw new NotUnderstood(`"${this.tokens[this.at]}"`);
      return root;
    } catch (error) {
      if (error instanceof NotUnderstood) return error.message;
      throw error;
    }
  }

  /** a ? b : c has the lowest precedence and groups to the right. */
  private choice(): Node {
    if (++this.depth > MAX_DEPTH) throw new NotUnderstood(`nesting of more than ${MAX_DEPTH} levels`);
    const condition = this.binary(0);
    let node = condition;
    if (this.take("?")) {
      const yes = this.choice();
      this.expect(":");
      const no = this.choice();
      node = (lookUp) => {
        const value = condition(lookUp);
        return Number.isNaN(value) ? Number.NaN : value !== 0 ? yes(lookUp) : no(lookUp);
      };
    }
    this.depth--;
    return node;
  }

  private binary(level: number): Node {
    if (level === BINARY.length) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const operation = BINARY[level].get(this.tokens[this.at] ?? "");
      if (operation === undefined) return left;
      this.at++;
      const [before, after] = [left, this.binary(level + 1)];
      left = (lookUp) => operation(before(lookUp), after(lookUp));
    }
  }

  private unary(): Node {
    const sign = ["-", "+", "!", "not"].find((one) => this.take(one));
    if (sign === undefined) return this.primary();
    if (++this.depth > MAX_DEPTH) throw new NotUnderstood(`nesting of more than ${MAX_DEPTH} levels`);
    const operand = this.unary();
    this.depth--;
    if (sign === "-") return (lookUp) => -operand(lookUp);
    if (sign === "+") return operand;
    return (lookUp) => either(operand(lookUp), 0, operand(lookUp) === 0);
  }

  private primary(): Node {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new NotUnderstood("an end where a value should stand");
    if (token === "(") {
      const inner = this.choice();
      this.expect(")");
      return inner;
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (!/^[A-Za-z_]/.test(token)) throw new NotUnderstood(`"${token}"`);
    if (this.take("(")) return this.call(token);
    if (token === "true" || token === "false") return () => flag(token === "true");
    this.names.add(token);
    return (lookUp) => lookUp(token);
  }

  private call(name: string): Node {
    const work = FUNCTIONS.get(name);
    if (work === undefined) throw new NotUnderstood(`the function ${name}`);
    const isList = this.take("[");
    const values: Node[] = [this.choice()];
    while (this.take(",")) values.push(this.choice());
    if (isList) this.expect("]");
    this.expect(")");
    if (UNARY.has(name) && (isList || values.length !== 1))
      throw new NotUnderstood(`${name} of ${isList ? "a list" : `${values.length} values`}`);
    return (lookUp) => work(values.map((value) => value(lookUp)));
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token))
      throw new NotUnderstood(`"${this.tokens[this.at] ?? "the end"}" where "${token}" should stand`);
  }
}
