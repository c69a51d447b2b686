/** A value that stands in the text, or that a compiler could have put there. */
export type Constant = string | number | bigint | boolean | null | undefined;

/** A constant as text; different constants give different texts. */
export function constantText(value: Constant): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A text so long that a hash stands for it, wherever it is used. */
export function isLongText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 200;
}

type Holding = { readonly constant: Constant };

const UNARY: Readonly<Record<string, (value: never) => Constant>> = {
  '!': (value: Constant) => !value,
  '-': (value: number) => -value,
  '+': (value: number) => +value,
  '~': (value: number) => ~value,
  typeof: (value: Constant) => (value === null ? 'object' : typeof value),
  void: () => undefined,
};

/** The value of an operator on a constant, as every engine computes it; undefined where that is not plain. */
export function foldedUnary(operator: string, value: Constant): Holding | undefined {
  const fold = UNARY[operator];
  const isArithmetic = operator === '-' || operator === '+' || operator === '~';
  if (fold === undefined || (isArithmetic && typeof value !== 'number')) return undefined;
  return { constant: fold(value as never) };
}

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => Constant>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `**` is left out: its last digit may differ between engines. */
export function foldedBinary(operator: string, a: Constant, b: Constant): Holding | undefined {
  if (operator === '===') return { constant: a === b };
  if (operator === '!==') return { constant: a !== b };
  if (operator === '+' && (typeof a === 'string' || typeof b === 'string')) {
    return { constant: `${String(a)}${String(b)}` };
  }
  const fold = ARITHMETIC[operator];
  if (fold === undefined || typeof a !== 'number' || typeof b !== 'number') return undefined;
  return { constant: fold(a, b) };
}

/** Whether a logical operator gives its right side, when the left one is a constant. */
export function takesRight(operator: string, left: Constant): boolean {
  if (operator === '&&') return Boolean(left);
  return operator === '||' ? !left : left === null || left === undefined;
}
