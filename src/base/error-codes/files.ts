/** HR11xx: files and folders that cannot be read or written. */
export const fileErrors = {
  HR1101: { cause: "A file does not exist or cannot be read.", cure: "Check the path and the permissions." },
  HR1102: {
    cause: "A path names a folder, a pipe or a device where an ordinary file is needed, or a file where a folder is.",
    cure: "Name a path of the kind that the message expects.",
  },
  HR1103: {
    cause: "A file is binary where text is needed.",
    cure: "Name the text file, or decompress this one first.",
  },
  HR1104: {
    cause: "A file, or a line of it, is larger than the bound.",
    cure: "Take a part of it, or widen its bins.",
  },
  HR1105: { cause: "A compressed file ends too early.", cure: "Copy it again: it was cut off." },
  HR1106: {
    cause: "A file or folder cannot be written.",
    cure: "Choose another place, free space on the disk, or change the permissions.",
  },
  HR1107: {
    cause: "A file that would be created exists already.",
    cure: "Choose another name, or remove the file yourself. It is never overwritten.",
  },
  HR1108: {
    cause: "Another process is writing to the same folder.",
    cure: "Wait until it ends, or choose another folder.",
  },
  HR1109: { cause: "A file is empty.", cure: "Check what should have written it." },
  HR1110: { cause: "A text is not valid JSON.", cure: "Correct it at the place that the message names." },
  HR1111: { cause: "A text is not valid YAML.", cure: "Correct it at the place that the message names." },
  HR1112: {
    cause: "A text is not valid CSV, or a row has more cells than the header.",
    cure: "Mend the quotes at the line that the message names.",
  },
  HR1113: { cause: "A file is not valid Parquet.", cure: "Write or copy it again." },
  HR1114: {
    cause: "A file was written in another format number, by an older or a newer version.",
    cure: "Use the version that wrote it, or write the file again with this one, as the message explains.",
  },
  HR1115: {
    cause: "A file is not of the kind that is needed here.",
    cure: "Name a file that the command in the message wrote.",
  },
} as const;
