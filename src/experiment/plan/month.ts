/** An average month: 365.25 days in twelve. */
export const HOURS_PER_MONTH = 730.5;

/** More months than this are no plan. */
export const MOST_MONTHS = 120;
