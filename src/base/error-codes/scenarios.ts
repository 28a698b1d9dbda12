/** HR12xx: scenarios and other documents that Headrace reads by a schema. */
export const scenarioErrors = {
  HR1201: {
    cause: "A document has a key that is not known at that place.",
    cure: "Correct the spelling as the message proposes, or remove the key.",
  },
  HR1202: { cause: "A document lacks a key that is needed.", cure: "Add the key that the message names." },
  HR1203: {
    cause: "A value in a document has the wrong type, unit or range.",
    cure: "Write a value as the message expects, with its unit.",
  },
  HR1204: {
    cause: "Values of a document are valid one by one, but not together.",
    cure: "Change one of them as the message proposes.",
  },
  HR1205: {
    cause: "A document has more faults than are listed.",
    cure: "Correct those that are listed and run the command again.",
  },
  HR1206: { cause: "A file holds no scenario.", cure: "Begin with a copy of a file in scenarios/." },
  HR1207: {
    cause: "A path such as fleet.regions.eu.hosts leads to nothing in the scenario.",
    cure: "Use the names and indexes that the message lists.",
  },
  HR1208: {
    cause: "A policy is named that the scenario does not have.",
    cure: "Name one of its policies, a built-in kind, or a module by a path.",
  },
  HR1209: { cause: "The command needs an SLO, and the scenario has no section slo.", cure: "Add a section slo." },
  HR1210: {
    cause: "Two scenarios of one command have the same name and would write the same report.",
    cure: "Rename one, or run them one by one with --out.",
  },
  HR1211: {
    cause: "A file of measured values has none, or too many.",
    cure: "Give one quantity with its unit on each line, up to the bound in the message.",
  },
  HR1212: {
    cause: "A Kubernetes manifest does not hold the object that is needed.",
    cure: "Name the object, or render the Helm template first.",
  },
  HR1213: {
    cause: "A calibration lacks the spawn times of the class that is needed.",
    cure: "Run `headrace calibrate --class CLASS` on the machine.",
  },
  HR1214: {
    cause: "The command needs prices, and those of the scenario are missing or do not fit.",
    cure: "Give cost.streamletHour, cost.hostHour, or prices below them, as the message says.",
  },
  HR1215: {
    cause: "A key of a scenario has no effect, because of its other keys.",
    cure: "Remove the key, or add what the message names.",
  },
} as const;
