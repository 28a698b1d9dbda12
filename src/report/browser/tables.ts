/** A table with fewer rows needs no filter. */
const LEAST_FILTERED_ROWS = 12;
const NUMBER = /[−-]?\d[\d,]*\.?\d*/;

/** Lets every table with a head be sorted by its columns, and a long one be filtered. */
export function enliveTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>("table")) {
    if (table.tHead === null || table.tBodies.length === 0) continue;
    letSort(table);
    if (table.tBodies[0].rows.length > LEAST_FILTERED_ROWS) letFilter(table);
  }
}

function letSort(table: HTMLTableElement): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  heads.forEach((head, column) => {
    if ((head.textContent ?? "") === "") return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () =>
      sortBy(table, column, head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending"),
    );
  });
  offerSortList(table, heads);
}

function sortBy(table: HTMLTableElement, column: number, direction: "ascending" | "descending"): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  for (const head of heads) head.removeAttribute("aria-sort");
  heads[column].setAttribute("aria-sort", direction);
  sortRows(table.tBodies[0], column, direction === "ascending" ? 1 : -1);
}

/**
 * A stacked table has no heads to press: a list above it sorts it. The style sheet hides the list
 * elsewhere.
 */
function offerSortList(table: HTMLTableElement, heads: readonly HTMLTableCellElement[]): void {
  const list = document.createElement("select");
  list.add(new Option("as listed", ""));
  heads.forEach((head, column) => {
    const name = head.textContent ?? "";
    if (name === "") return;
    list.add(new Option(`${name} ▲`, `${column} ascending`));
    list.add(new Option(`${name} ▼`, `${column} descending`));
  });
  const listed = [...table.tBodies[0].rows];
  list.addEventListener("change", () => {
    const [column, direction] = list.value.split(" ");
    if (list.value === "") table.tBodies[0].append(...listed);
    else sortBy(table, Number(column), direction === "ascending" ? "ascending" : "descending");
  });
  const label = document.createElement("label");
  label.className = "sort-by";
  label.append("Sort by ", list);
  table.before(label);
}

/** Sorts the rows; those of a group stay below its heading. */
function sortRows(body: HTMLTableSectionElement, column: number, sign: number): void {
  const groups: HTMLTableRowElement[][] = [[]];
  for (const row of body.rows) {
    if (row.classList.contains("group")) groups.push([row]);
    else groups[groups.length - 1].push(row);
  }
  for (const rows of groups) {
    const heading = rows.filter((row) => row.classList.contains("group"));
    const sorted = rows
      .filter((row) => !row.classList.contains("group"))
      .sort((a, b) => sign * compare(cellText(a, column), cellText(b, column)));
    body.append(...heading, ...sorted);
  }
}

function cellText(row: HTMLTableRowElement, column: number): string {
  return row.cells[column]?.textContent?.trim() ?? "";
}

/**
 * Orders numbers by size, whatever unit follows them, and texts by the alphabet; numbers first.
 */
function compare(a: string, b: string): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined && x !== y) return x - y;
  if (x !== undefined && y === undefined) return -1;
  if (x === undefined && y !== undefined) return 1;
  return a.localeCompare(b);
}

/** The number with which a cell begins, "≥" aside. */
function numberOf(text: string): number | undefined {
  const found = NUMBER.exec(text);
  if (found === null || !/^[≥≤+]?\s*$/.test(text.slice(0, found.index))) return undefined;
  return Number(found[0].replaceAll(",", "").replace("−", "-"));
}

function letFilter(table: HTMLTableElement): void {
  const input = document.createElement("input");
  input.type = "search";
  input.placeholder = "Filter rows";
  const about = table.closest("[aria-label]")?.getAttribute("aria-label") ?? "this table";
  input.setAttribute("aria-label", `Filter the rows of: ${about}`);
  input.className = "filter";
  (table.closest(".scroll") ?? table).before(input);
  input.addEventListener("input", () => filterRows(table.tBodies[0], input.value.trim().toLowerCase()));
}

function filterRows(body: HTMLTableSectionElement, wanted: string): void {
  let heading: HTMLTableRowElement | undefined;
  for (const row of body.rows) {
    if (row.classList.contains("group")) {
      heading = row;
      heading.hidden = wanted !== "";
      continue;
    }
    row.hidden = !(row.textContent ?? "").toLowerCase().includes(wanted);
    if (!row.hidden && heading !== undefined) heading.hidden = false;
  }
}
