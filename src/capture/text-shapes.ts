import { type Constant, constantText, foldedBinary } from './constants.ts';

/** An expression as identity counts it, and what is known of its value. */
export interface Shown {
  readonly text: string;
  readonly holds?: { readonly constant: Constant };
  /** Set where the value is a string for sure. */
  readonly string?: StringShape;
  /** Set for `head + tail`, the tail of which can grow. */
  readonly sum?: { readonly head: string; readonly tail: StringShape };
}

/** A string with values in it: one piece more than values. */
export interface StringShape {
  readonly pieces: readonly string[];
  readonly values: readonly string[];
}

export function constant(value: Constant): Shown {
  const string = typeof value === 'string' ? { pieces: [value], values: [] } : undefined;
  return { text: constantText(value), holds: { constant: value }, ...(string && { string }) };
}

/** A template literal: constants in it are part of its text. */
export function template(pieces: readonly string[], values: readonly Shown[]): Shown {
  let shape: StringShape = { pieces: pieces.slice(0, 1), values: [] };
  for (const [index, value] of values.entries()) {
    const piece = { pieces: [pieces[index + 1] ?? ''], values: [] };
    const held: StringShape =
      value.holds === undefined
        ? { pieces: ['', ''], values: [value.text] }
        : { pieces: [String(value.holds.constant)], values: [] };
    shape = joined(joined(shape, held), piece);
  }
  return ofString(shape);
}

/** `a + b`. What is added to a string is a string, so that pieces that follow each other can be one. */
export function sum(a: Shown, b: Shown): Shown {
  const folded = a.holds && b.holds && foldedBinary('+', a.holds.constant, b.holds.constant);
  if (folded !== undefined) return constant(folded.constant);
  const tail = b.string ?? (b.holds && { pieces: [String(b.holds.constant)], values: [] });
  if (a.string !== undefined && tail !== undefined) return ofString(joined(a.string, tail));
  if (a.sum !== undefined && tail !== undefined) return ofSum(a.sum.head, joined(a.sum.tail, tail));
  return b.string === undefined ? { text: `+(${a.text},${b.text})` } : ofSum(a.text, b.string);
}

function ofSum(head: string, tail: StringShape): Shown {
  return { text: `+(${head},${ofString(tail).text})`, sum: { head, tail } };
}

function ofString(shape: StringShape): Shown {
  const [piece = ''] = shape.pieces;
  if (shape.values.length === 0) return constant(piece);
  return { text: `template(${JSON.stringify(shape.pieces)},${shape.values.join()})`, string: shape };
}

function joined(a: StringShape, b: StringShape): StringShape {
  const middle = `${a.pieces.at(-1) ?? ''}${b.pieces[0] ?? ''}`;
  return {
    pieces: [...a.pieces.slice(0, -1), middle, ...b.pieces.slice(1)],
    values: [...a.values, ...b.values],
  };
}
