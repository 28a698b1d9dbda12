import { InputError } from "../../../base/errors.js";
import type { LayoutReader } from "./layout.js";
import { layoutReaders } from "./layouts.js";

/**
 * Refuses options that the reader does not use: an ignored option is a wrong result without a
 * message. `given` are the options on the command line. Throws InputError.
 */
export function checkLayoutOptions(reader: LayoutReader, given: readonly string[]): void {
  const usersOf = (option: string): readonly LayoutReader[] =>
    layoutReaders.filter(({ options }) => options.some((one) => one === option));
  const refused = given.find((option) => {
    const users = usersOf(option);
    return users.length > 0 && !users.includes(reader);
  });
  if (refused === undefined) return;
  const remedy = new Map(Object.entries(reader.remedies ?? {})).get(refused);
  throw new InputError({
    code: "HR1006",
    where: `--${refused}`,
    got: `an option that the layout ${reader.name} has no use for`,
    expected: `one of ${reader.options.map((option) => `--${option}`).join(", ")}`,
    remedy:
      remedy ??
      `Leave it out; it is for ${usersOf(refused)
        .map(({ name }) => name)
        .join(", ")}`,
  });
}
