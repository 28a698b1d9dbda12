/** HR13xx: policies and balancers in modules of the user. */
export const moduleErrors = {
  HR1301: { cause: "A module cannot be loaded.", cure: "Correct the fault that the message quotes." },
  HR1302: {
    cause: "A module lacks the function that it must export.",
    cure: "Export createPolicy or createBalancer, as docs/howto-policy.md shows.",
  },
  HR1303: {
    cause: "A module and the scenario do not agree on its knobs.",
    cure: "Declare every knob with its default in `export const knobs`.",
  },
  HR1304: {
    cause: "A module ends the thread or the process that it runs in.",
    cure: "Remove process.exit, signals, native calls and top-level awaits that never resolve; bound its memory.",
  },
  HR1305: { cause: "A decision of a module does not return in time.", cure: "Look for an endless loop in the module." },
  HR1306: {
    cause: "A module returns a value that is no decision.",
    cure: "Return what the message expects for every pool or request.",
  },
  HR1307: { cause: "A module throws an error.", cure: "Correct the module, or the knobs that it is given." },
  HR1308: {
    cause: "A module leaves an error behind that nothing catches: a rejected promise, or a throw in a timer.",
    cure: "Remove the promise or the timer: a decision is made at once. Else catch its errors.",
  },
} as const;
