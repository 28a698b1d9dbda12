/** A line in which nothing burdens a start. */
export const plainLine = {
  ...{ startsAtOnce: 2, serialMs: 0, sharing: 0, outsideMs: 0 },
  ...{ perStream: 0, crowding: 0, delayChance: 0, delayMs: 0 },
};
