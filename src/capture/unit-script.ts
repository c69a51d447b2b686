/** How a text is turned into a value: a method has to stand in an object, a class runs code when it is made. */
export type UnitKind = 'function' | 'method' | 'class';

/** The script that makes a function. */
export interface UnitScript {
  readonly code: string;
  /** Number of characters before the text of the function, all on the first line. */
  readonly prefix: number;
}

/** What the script gives: `link` sets the variables that the text refers to, `make` gives a new function. */
export type UnitMaker = () => readonly [link: (values: object) => void, make: () => unknown];

export interface UnitText {
  readonly kind: UnitKind;
  readonly isStrict: boolean;
  readonly text: string;
  readonly names: readonly string[];
}

/** Puts the variables of a function around its text. Functions are made first and linked later, so cycles work. */
export function unitScript({ kind, isStrict, text, names }: UnitText): UnitScript {
  const declared = names.filter((name) => !UNDECLARABLE.has(name)).join(',');
  const variables = declared === '' ? '' : `let ${declared};`;
  const link = declared === '' ? '()=>{}' : `($tspipe)=>{({${declared}}=$tspipe)}`;
  const [before, after] = kind === 'method' ? METHOD : EXPRESSION;
  const prefix = `(()=>{${isStrict ? "'use strict';" : ''}${variables}return [${link},${before}`;
  return { code: `${prefix}${text}${after}]})`, prefix: prefix.length };
}

const UNDECLARABLE = new Set(['undefined', 'eval', 'arguments']);
const EXPRESSION = ['()=>(', ')'] as const;
const METHOD = ['()=>{const $tspipe={', '};for(const $key in $tspipe)return $tspipe[$key]}'] as const;
