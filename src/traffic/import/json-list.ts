/** A key that stands in a jq path as it is. */
const PLAIN_KEY = /^[A-Za-z_]\w*$/;

/** The key of an object whose value is a list of objects, as in answers of CloudWatch. */
export function listKeyOf(record: object): string | undefined {
  const found = Object.entries(record).find(
    ([key, value]) => PLAIN_KEY.test(key) && Array.isArray(value) && typeof value[0] === "object",
  );
  return found?.[0];
}

/** The remedy: each element on a line of its own. */
export function linesOf(key: string): string {
  return `Write each element on a line of its own: jq -c '.${key}[]' FILE > lines.json`;
}
