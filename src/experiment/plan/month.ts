/** An average month: 365.25 days in twelve. */
export const HOURS_PER_MONTH = 730.5;
