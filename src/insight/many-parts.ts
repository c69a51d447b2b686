/**
 * Whether a value shows more than so many objects, each as often as it is met: thirty that name the next twice are a
 * thousand million. What is inside itself is met once.
 */
export function showsMoreThan(value: unknown, most: number): boolean {
  let left = most;
  const visit = (part: unknown, above: ReadonlySet<object>): boolean => {
    if (typeof part !== 'object' || part === null || above.has(part)) return false;
    if (left-- <= 0) return true;
    if (ArrayBuffer.isView(part)) return false;
    const inside = new Set([...above, part]);
    return partsOf(part).some((one) => visit(one, inside));
  };
  return visit(value, new Set());
}

function partsOf(value: object): readonly unknown[] {
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (value instanceof Set) return [...value];
  const names = Object.getOwnPropertyNames(value);
  return names.map((name) => Object.getOwnPropertyDescriptor(value, name)?.value);
}
