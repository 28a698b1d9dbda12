/** A longer table scrolls sideways: stacked, it would be many windows high. */
const MOST_STACKED_ROWS = 60;

/**
 * Tables that are too wide for a narrow page: each row becomes a block of lines, and each line
 * begins with the name of its column. The style sheet holds the width from which this applies.
 */
export class StackedTables {
  private readonly tables = [...document.querySelectorAll<HTMLTableElement>(".scroll > table:not(.stacked)")].filter(
    isStackable,
  );

  constructor() {
    for (const table of this.tables) nameCells(table);
  }

  /** Stacks the tables that do not fit the window as it is now. */
  settle(): void {
    for (const table of this.tables) {
      table.classList.remove("stacked");
      const box = table.parentElement as HTMLElement;
      table.classList.toggle("stacked", box.scrollWidth > box.clientWidth);
    }
  }
}

/** Whether the table has one header row above all columns, and few enough rows. */
function isStackable({ tHead, tBodies }: HTMLTableElement): boolean {
  if (tHead?.rows.length !== 1 || tBodies.length !== 1) return false;
  const isSpanned = [...tHead.rows[0].cells].some((cell) => cell.colSpan > 1);
  return !isSpanned && tBodies[0].rows.length <= MOST_STACKED_ROWS;
}

function nameCells(table: HTMLTableElement): void {
  const names = [...(table.tHead?.rows[0].cells ?? [])].map((head) => head.textContent ?? "");
  for (const row of table.tBodies[0].rows) {
    if (row.classList.contains("group")) continue;
    [...row.cells].forEach((cell, column) => {
      if (column > 0) cell.dataset.column = names[column];
    });
  }
}
