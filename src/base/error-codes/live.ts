/** HR15xx: live runs, the machine that they run on, and their logs. */
export const liveErrors = {
  HR1501: {
    cause: "This machine does not enforce the limits or the isolation that are required.",
    cure: "Start with the rights that the message names, or do not require it.",
  },
  HR1502: {
    cause: "The program of the ultra-light streamlets was not built.",
    cure: "Run `headrace doctor --build-native`.",
  },
  HR1503: {
    cause: "Live streamlets cannot decode a format of the traffic.",
    cure: "Use one of the formats that the message lists.",
  },
  HR1504: { cause: "Too few files may be open at once.", cure: "Raise the bound, for example `ulimit -n 4096`." },
  HR1505: { cause: "The program cannot listen on a port.", cure: "Choose another with --port." },
  HR1506: {
    cause: "Streamlet processes or their manager do not start or answer.",
    cure: "Check the memory and the number of processes of this machine.",
  },
  HR1507: {
    cause: "Streamlets cannot run as the user that is named.",
    cure: "Name an existing user other than root, and start as root.",
  },
  HR1508: {
    cause: "A gateway that others can reach has no usable token.",
    cure: "Write one word of 16 to 512 characters into a file, and name it with --token-file.",
  },
  HR1509: {
    cause: "A policy asks for more streamlets than this machine may hold.",
    cure: "Lower the policy's min, or raise --room.",
  },
  HR1510: { cause: "A live run would last too long.", cure: "Shorten it with --duration." },
  HR1511: { cause: "A streamlet may have too few threads to start.", cure: "Raise pids, or use --runtime native." },
  HR1512: { cause: "A run log contradicts itself.", cure: "Use the file as `headrace live` wrote it." },
  HR1513: { cause: "A run log ends before its run ended.", cure: "Add the last line that the message shows." },
  HR1514: { cause: "A run has no measured time, or no stream that ended in it.", cure: "Run it for longer." },
  HR1515: {
    cause: "The two inputs of a comparison are of different kinds.",
    cure: "Compare two results, or two run logs of one fleet.",
  },
  HR1516: {
    cause: "An address is not that of a live run's gateway, or the gateway does not answer.",
    cure: "Take the gateway's address from the first lines of `headrace live`, and its --token-file if it has one.",
  },
} as const;
