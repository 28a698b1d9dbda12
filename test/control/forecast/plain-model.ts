/**
 * How far two rows of numbers are apart: the largest difference relative to 1 + the size. Infinity
 * where a number is missing or is none.
 */
export function distance(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    const off = Math.abs(found[i] - wanted[i]) / (1 + Math.abs(wanted[i]));
    worst = Math.max(worst, Number.isNaN(off) ? Number.POSITIVE_INFINITY : off);
  }
  return worst;
}

/** A scale of counts by its definition, fitted to the first `end` values. */
export function plainScale(space: "identity" | "sqrt" | "log", values: ArrayLike<number>, end: number) {
  const seen = Array.from({ length: end }, (_, t) => values[t]);
  const offset = 0.5 + 0.02 * (seen.reduce((sum, value) => sum + value, 0) / end);
  const ceiling = 4 * Math.max(...seen) + 10;
  const ways = {
    identity: { into: (y: number) => y, from: (z: number) => z },
    sqrt: { into: Math.sqrt, from: (z: number) => Math.max(0, z) * z },
    log: { into: (y: number) => Math.log(y + offset), from: (z: number) => Math.exp(z) - offset },
  };
  const { into, from } = ways[space];
  return { offset, ceiling, into, from: (z: number) => Math.min(ceiling, Math.max(0, from(z))) };
}

/** A row of a regression. */
export interface PlainRow {
  readonly x: ArrayLike<number>;
  readonly y: number;
  readonly weight: number;
}

/**
 * Ridge regression by the definition: (XᵀWX + ridge · its diagonal) b = XᵀWy, by elimination with
 * pivots. A column of zeros gets 0.
 */
export function plainRidge(rows: readonly PlainRow[], ridge: (column: number) => number, columns: number): number[] {
  const system = Array.from({ length: columns }, (_, i) => {
    const line = new Float64Array(columns + 1);
    for (const { x, y, weight } of rows) {
      for (let j = 0; j < columns; j++) line[j] += weight * x[i] * x[j];
      line[columns] += weight * x[i] * y;
    }
    line[i] = line[i] === 0 ? 1 : line[i] * (1 + ridge(i));
    return line;
  });
  for (let i = 0; i < columns; i++) {
    const best = system.reduce((at, line, k) => (k >= i && Math.abs(line[i]) > Math.abs(system[at][i]) ? k : at), i);
    [system[i], system[best]] = [system[best], system[i]];
    for (let k = 0; k < columns; k++) {
      if (k === i) continue;
      const factor = system[k][i] / system[i][i];
      for (let j = i; j <= columns; j++) system[k][j] -= factor * system[i][j];
    }
  }
  return system.map((line, i) => line[columns] / line[i]);
}
