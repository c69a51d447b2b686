// A module of the user's own: what is used of it travels with the functions that use it.

/** How often `median` sorted in this task: a variable of a module, one copy for each task. */
export let sorted = 0;

export function median(values: readonly number[]): number {
  sorted++;
  const inOrder = values.toSorted((a, b) => a - b);
  const middle = inOrder.length >> 1;
  return inOrder.length % 2 === 1 ? at(inOrder, middle) : (at(inOrder, middle - 1) + at(inOrder, middle)) / 2;
}

/** The median of the distances to the median. */
export function spread(values: readonly number[]): number {
  const centre = median(values);
  return median(values.map((value) => Math.abs(value - centre)));
}

function at(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`there is no value ${index} of ${values.length}`);
  return value;
}
