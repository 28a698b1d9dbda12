/** HR10xx: what is wrong with the words of the command line. */
export const commandLineErrors = {
  HR1001: {
    cause: "The command line names a command, an argument or an option that does not exist, or lacks one.",
    cure: "Compare it with `headrace COMMAND --help`. The message proposes the nearest name.",
  },
  HR1002: {
    cause: "An option that takes one value is given more than once.",
    cure: "Give it once. Help marks the options that take a list with [array].",
  },
  HR1003: {
    cause: "The value of an option is not one of its choices.",
    cure: "Take one of the values that the message lists.",
  },
  HR1004: {
    cause: "The value of an option is not a number, or lies outside its range.",
    cure: "Give a number within the range that the message names.",
  },
  HR1005: {
    cause: "The value of an option is not written in the form that it needs, such as a duration or an instant.",
    cure: "Write it like the example in the message.",
  },
  HR1006: {
    cause: "Two options or arguments exclude each other.",
    cure: "Leave one of them out.",
  },
  HR1007: {
    cause: "An option or argument needs another one that is missing.",
    cure: "Add what the message names.",
  },
  HR1008: {
    cause: "An instant or a length lies outside the data or the run that it refers to.",
    cure: "Choose one within the bounds that the message names.",
  },
} as const;
