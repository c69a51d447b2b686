/** Constructors by name; only those that this Node has. */
const HERE = new Map<object, string>(
  [
    ...['Object', 'Array', 'Date', 'Map', 'Set', 'RegExp', 'URL', 'ArrayBuffer', 'DataView', 'Buffer'],
    ...[
      'Int8Array',
      'Uint8Array',
      'Uint8ClampedArray',
      'Int16Array',
      'Uint16Array',
      'Int32Array',
      'Uint32Array',
    ],
    ...['Float16Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array'],
    ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SuppressedError'],
    ...['SyntaxError', 'TypeError', 'URIError', 'DOMException'],
  ].flatMap((name) => {
    const prototype = builtinConstructor(name)?.prototype;
    return typeof prototype === 'object' && prototype !== null ? [[prototype, name]] : [];
  }),
);

/**
 * The name of the built-in class that a prototype belongs to, `undefined` for any other object. Prototypes of other
 * contexts (a REPL, a test runner's sandbox) count too: their values come back as this context's.
 */
export function builtinName(prototype: object): string | undefined {
  return HERE.get(prototype) ?? foreignName(prototype);
}

/** The global constructor of that name, where this Node has one. */
export function builtinConstructor(name: string): (new (...args: unknown[]) => object) | undefined {
  const found: unknown = Reflect.get(globalThis, name);
  return typeof found === 'function' ? (found as new (...args: unknown[]) => object) : undefined;
}

/** The name of the class of a value, as far as can be told without running any of its code. */
export function className(value: object): string {
  for (let at = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) {
    const maker: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    const name: unknown =
      typeof maker === 'function' ? Object.getOwnPropertyDescriptor(maker, 'name')?.value : undefined;
    if (typeof name === 'string' && name !== '') return name;
  }
  return 'an unnamed class';
}

// A function of the engine shows no source, and no script can make one with this text and this prototype.
function foreignName(prototype: object): string | undefined {
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  if (typeof maker !== 'function' || maker.prototype !== prototype) return undefined;
  const name = /^function (\w+)\(\) \{ \[native code\] \}$/.exec(
    Function.prototype.toString.call(maker),
  )?.[1];
  return [...HERE.values()].find((known) => known === name);
}
