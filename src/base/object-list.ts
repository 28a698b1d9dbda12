/**
 * An empty list of objects or texts. A literal `[]` is a list of small integers to V8 until the
 * first object comes. A function that was compiled for lists of objects then meets another kind of
 * list at the start of each later run, and is compiled anew.
 */
export function objectList<T extends object | string | undefined>(): T[] {
  const list: (T | undefined)[] = [undefined];
  list.pop();
  return list as T[];
}
