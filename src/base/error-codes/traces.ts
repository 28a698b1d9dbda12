/** HR14xx: traffic that is imported, made or inspected. */
export const traceErrors = {
  HR1401: { cause: "The layout of an input is not recognised.", cure: "Name it with --as." },
  HR1402: { cause: "Inputs of one import differ in layout.", cure: "Import them one by one." },
  HR1403: {
    cause: "The header or the columns of a table do not fit its layout.",
    cure: "Name the columns with --timestamp, --value, --region, --format and --segment.",
  },
  HR1404: {
    cause: "A cell of a table cannot be read.",
    cure: "Correct the cell at the place that the message names. Leave it empty where the count is unknown.",
  },
  HR1405: {
    cause: "A timestamp cannot be read.",
    cure: "Write ISO-8601, or give --unit, --dates and --timezone.",
  },
  HR1406: {
    cause: "Bins do not lie on one grid, are out of order, or come twice.",
    cure: "Sort the rows, sum the bins with --bin, or name the zone of the timestamps.",
  },
  HR1407: { cause: "A trace is too short for the request.", cure: "Use a longer trace or narrower bins." },
  HR1408: {
    cause: "A trace would have more series or bins than the bound.",
    cure: "Use fewer labels, wider bins or a shorter time.",
  },
  HR1409: { cause: "A trace or a query holds no data.", cure: "Check the query, the column and the time range." },
  HR1410: {
    cause: "A rule for region, format or segment, or the expression of --pattern, cannot be read or matches nothing.",
    cure: "Correct the field or the regular expression (RE2).",
  },
  HR1411: {
    cause: "The name of a file lacks its day or hour.",
    cure: "Rename it to the name under which it was published.",
  },
  HR1412: {
    cause: "Too many lines of a log cannot be read.",
    cure: "Name the layout with --as, or accept the loss with --lenient.",
  },
  HR1413: {
    cause: "A Prometheus server does not answer, or its answer is not usable.",
    cure: "Check the address and the query. Ask for less where the answer is too large.",
  },
  HR1414: { cause: "Two traces do not overlap in time.", cure: "Move one of them with --shift." },
} as const;
