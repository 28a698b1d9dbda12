/**
 * Types whose functions and prototypes are frozen. All simulated results come through them: a
 * module that replaced `Map.prototype.get` would change a run, or hang it.
 */
const FROZEN_TYPES = [
  "Array",
  "ArrayBuffer",
  "BigInt",
  "Boolean",
  "DataView",
  "Date",
  "Map",
  "Number",
  "Set",
  "SharedArrayBuffer",
  "String",
  "WeakMap",
  "WeakSet",
] as const;

/**
 * With a frozen prototype their elements are read slowly: a simulation took three to six times as
 * long on Node 20.20. They are made non-extensible instead, and shared-functions.ts compares the
 * methods, which are in the prototype above.
 */
const TYPED_ARRAYS = [
  "BigInt64Array",
  "BigUint64Array",
  "Float32Array",
  "Float64Array",
  "Int16Array",
  "Int32Array",
  "Int8Array",
  "Uint16Array",
  "Uint32Array",
  "Uint8Array",
  "Uint8ClampedArray",
] as const;

/** Frozen unchanged. Of `Object` and the like only the functions: see INHERITED_TYPES. */
const FROZEN_OBJECTS = ["Atomics", "Function", "Intl", "JSON", "Math", "Object", "Promise", "Reflect", "RegExp"];

/**
 * Libraries assign `toString`, `call` or `then` to their own objects, functions and errors, which
 * a frozen prototype would refuse. Here only an assignment to the prototype itself throws.
 */
const INHERITED_TYPES = ["Error", "Function", "Object", "Promise", "RegExp"] as const;

/** Vega-Lite adds `toJSON` to its prototype when it is loaded, and it is loaded after a run. */
const EXTENDED_TYPE = "Set";

type Realm = Readonly<Record<string, unknown>>;
type Key = string | symbol;

const locked = new WeakSet<object>();

/**
 * Locks the built-ins of JavaScript in this realm (a thread's `globalThis`): in strict code, an
 * attempt to replace one throws a TypeError at its line. User modules share the built-ins with
 * the simulator, so they are locked before a module is loaded, for the rest of the thread's life.
 */
export function lockBuiltIns(realm: object = globalThis): void {
  if (locked.has(realm)) return;
  locked.add(realm);
  const at = realm as Realm;
  for (const name of FROZEN_TYPES) freezeType(at, name);
  for (const name of TYPED_ARRAYS) {
    const type = at[name] as { readonly prototype: object };
    for (const one of [type, type.prototype]) Object.preventExtensions(one);
  }
  freezeIterators(at);
  for (const name of INHERITED_TYPES) lockInherited(name, (at[name] as { readonly prototype: object }).prototype);
  for (const name of FROZEN_OBJECTS) Object.freeze(at[name]);
  const error = at.Error as object;
  // Node writes the other properties of Error: stackTraceLimit, prepareStackTrace.
  if (Object.hasOwn(error, "captureStackTrace"))
    Object.defineProperty(error, "captureStackTrace", { writable: false, configurable: false });
  for (const name of [...FROZEN_TYPES, ...TYPED_ARRAYS, ...FROZEN_OBJECTS, "Error"]) fixGlobal(realm, name);
}

function freezeType(realm: Realm, name: string): void {
  const type = realm[name] as { readonly prototype: object };
  Object.freeze(type);
  if (name === EXTENDED_TYPE) lockMembers(type.prototype);
  else Object.freeze(type.prototype);
}

/** Its members stay as they are; others can be added. */
function lockMembers(object: object): void {
  for (const key of Reflect.ownKeys(object)) {
    const isData = Object.getOwnPropertyDescriptor(object, key)?.value !== undefined;
    Object.defineProperty(object, key, { configurable: false, ...(isData ? { writable: false } : {}) });
  }
}

/** What `for…of` and spreading call. */
function freezeIterators(realm: Realm): void {
  for (const name of ["Array", "Map", "Set", "String"]) {
    const iterable = new (realm[name] as new () => Iterable<unknown>)();
    Object.freeze(Object.getPrototypeOf(iterable[Symbol.iterator]()));
  }
}

/**
 * Makes the prototype's methods accessors, so that an assignment to an inheriting object still
 * creates an own property.
 */
function lockInherited(name: string, prototype: object): void {
  for (const key of Reflect.ownKeys(prototype)) {
    const own = Object.getOwnPropertyDescriptor(prototype, key);
    if (typeof own?.value !== "function" || own.configurable !== true) continue;
    Object.defineProperty(prototype, key, {
      ...accessor(`${name}.prototype`, prototype, key, own.value),
      enumerable: own.enumerable ?? false,
      configurable: false,
    });
  }
  Object.preventExtensions(prototype);
}

function accessor(holder: string, prototype: object, key: Key, method: unknown) {
  return {
    get: () => method,
    set(this: unknown, value: unknown): void {
      if (this === prototype) throw new TypeError(`Cannot assign to read only property '${String(key)}' of ${holder}`);
      Object.defineProperty(this as object, key, { value, writable: true, enumerable: true, configurable: true });
    },
  };
}

function fixGlobal(realm: object, name: string): void {
  const { value, configurable } = Object.getOwnPropertyDescriptor(realm, name) ?? {};
  if (configurable === true && value !== undefined)
    Object.defineProperty(realm, name, { value, writable: false, configurable: false });
}
