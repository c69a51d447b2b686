const WATCHED: readonly (readonly [name: string, object: object])[] = [
  Object,
  Array,
  Function,
  String,
  Number,
  Boolean,
  Map,
  Set,
  Date,
  RegExp,
  Error,
  Promise,
  URL,
  Uint8Array,
].flatMap((one): [string, object][] => [
  [one.name, one],
  [`${one.name}.prototype`, one.prototype as object],
]);

type Shape = ReadonlyMap<PropertyKey, PropertyDescriptor>;

function shapeOf(object: object): Shape {
  return new Map(Reflect.ownKeys(object).map((key) => [key, descriptorOf(object, key)]));
}

function descriptorOf(object: object, key: PropertyKey): PropertyDescriptor {
  return Reflect.getOwnPropertyDescriptor(object, key) ?? {};
}

// `RegExp.input` and its kin change with every match.
const isStable = (name: string): boolean => name !== 'RegExp';

/** Watches the built-in classes: `changed` names one whose properties are not what they were at first. */
export class Prototypes {
  readonly #before = new Map(WATCHED.map(([name, object]) => [name, shapeOf(object)]));

  changed(): string | undefined {
    return WATCHED.find(
      ([name, object]) => isStable(name) && !isSame(this.#before.get(name) ?? new Map(), shapeOf(object)),
    )?.[0];
  }
}

function isSame(before: Shape, now: Shape): boolean {
  if (before.size !== now.size) return false;
  return [...now].every(([key, { value, get, set }]) => {
    const was = before.get(key);
    return was !== undefined && Object.is(was.value, value) && was.get === get && was.set === set;
  });
}
