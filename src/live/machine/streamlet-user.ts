import { spawnSync } from "node:child_process";
import { InputError } from "../../base/errors.js";

const MAX_ID = 4_294_967_294;

/**
 * `--streamlet-user`: a user of this machine by its name, or UID:GID. Throws an InputError for
 * anything else, for root, and if this process does not run as root.
 */
export function streamletUser(text: string): { readonly uid: number; readonly gid: number } {
  const expected = "the name of a user of this machine, or UID:GID, and not root";
  const numbers = /^(\d{1,10}):(\d{1,10})$/.exec(text);
  const [uid, gid] = numbers === null ? idsOf(text) : [Number(numbers[1]), Number(numbers[2])];
  if (!(uid >= 1 && uid <= MAX_ID && gid >= 1 && gid <= MAX_ID)) {
    throw new InputError({
      code: "HR1507",
      where: "--streamlet-user",
      got: text,
      expected,
      remedy: "For example --streamlet-user nobody",
    });
  }
  if (process.geteuid?.() !== 0) {
    const remedy = "Start as root, or leave --streamlet-user out";
    throw new InputError({
      code: "HR1507",
      where: "--streamlet-user",
      got: "a start by a user who is not root",
      expected: "root",
      remedy,
    });
  }
  return { uid, gid };
}

/** NaN where there is no such user. */
function idsOf(name: string): [number, number] {
  if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) return [Number.NaN, Number.NaN];
  const id = (option: string): number => {
    const { status, stdout } = spawnSync("id", [option, name]);
    return status === 0 ? Number(stdout.toString()) : Number.NaN;
  };
  return [id("-u"), id("-g")];
}
