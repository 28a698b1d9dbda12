/** Lower-case letters, digits and hyphens, unique: "HPA 70 %" → "hpa-70". */
export function policyKeys(names: readonly string[]): string[] {
  const keys: string[] = [];
  for (const name of names) {
    const base =
      name
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-+|-+$/g, "")
        .slice(0, 40) || "policy";
    let key = base;
    for (let copy = 2; keys.includes(key); copy++) key = `${base}-${copy}`;
    keys.push(key);
  }
  return keys;
}
