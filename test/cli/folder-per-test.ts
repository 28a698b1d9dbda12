import { afterEach, beforeEach } from "vitest";
import { Folder } from "./real-command.js";

/** A folder that each test of the calling file finds with these files alone, at a new path. */
export function folderPerTest(files: Readonly<Record<string, string>> = {}): Folder {
  const folder = new Folder(files);
  folder.dispose();
  beforeEach(() => folder.renew());
  afterEach(() => folder.dispose());
  return folder;
}
