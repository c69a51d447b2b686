import * as v from 'valibot';
import { PipeError } from '../errors.ts';
import { unknownName } from './nearest-name.ts';
import { showValue } from './text.ts';

/** What is wrong with some options, and where: `path` leads to the value, or to the key that is unknown. */
export interface OptionProblem {
  readonly message: string;
  readonly path: readonly (string | number)[];
}

/** `OPTION_INVALID`, and where the option stands in what was given: `path` is for those who know the file it is from. */
export class OptionError extends PipeError {
  readonly #path: readonly (string | number)[];

  constructor(message: string, path: readonly (string | number)[] = []) {
    super('OPTION_INVALID', message);
    this.#path = path;
  }

  get path(): readonly (string | number)[] {
    return this.#path;
  }
}

/**
 * Checks options against a valibot schema (a `strictObject`) and returns them as the schema types them.
 * Throws `OPTION_INVALID`: an unknown name with the nearest valid one, a value with what it must be.
 * A message given to a schema is read as that: `v.string('a path')` gives `X.y must be a path, not 3.`
 *
 * @example
 * const schema = v.strictObject({ maxWorkers: v.optional(wholeNumber(1)) });
 * parseOptions(schema, { maxWorker: 4 }, 'TaskManager');
 * // TaskManager option "maxWorker" is unknown. Did you mean "maxWorkers"?
 */
export function parseOptions<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  where: string,
): v.InferOutput<Schema> {
  const checked = checkOptions(schema, value, where);
  if ('message' in checked) throw new OptionError(checked.message, checked.path);
  return checked.output;
}

/** As `parseOptions`, for those who raise an error of their own: the options, or the first problem. */
export function checkOptions<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  where: string,
): { readonly output: v.InferOutput<Schema> } | OptionProblem {
  if (!isPlainObject(value)) {
    return { message: `${where} must be an object of options, not ${showValue(value)}.`, path: [] };
  }
  const parsed = v.safeParse(schema, value, { message: expectation });
  if (parsed.success) return { output: parsed.output };
  const issue = parsed.issues.find(isUnknownKey) ?? parsed.issues[0];
  return { message: describe(issue, schema, where), path: keysOf(issue) };
}

/** A schema for whole numbers of at least `minimum`. */
export function wholeNumber(minimum: number) {
  const wanted = `a whole number of at least ${minimum}`;
  return v.pipe(v.number(wanted), v.safeInteger(wanted), v.minValue(minimum, wanted));
}

/** Whether a value is an object literal (or comes from one, say by JSON), not an instance of a class. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(issue: v.BaseIssue<unknown>, schema: v.GenericSchema, where: string): string {
  const path = keysOf(issue);
  const parent = [where, ...path.slice(0, -1)].join('.');
  const key = String(path.at(-1));
  if (isUnknownKey(issue)) return unknownName(`${parent} option`, key, namesAt(schema, path.slice(0, -1)));
  const name = [where, ...path].join('.');
  if (isMissingKey(issue)) return `${name} is missing.`;
  return `${name} must be ${issue.message}, not ${showValue(issue.input)}.`;
}

function isUnknownKey(issue: v.BaseIssue<unknown>): boolean {
  return issue.type === 'strict_object' && issue.expected === 'never';
}

function isMissingKey(issue: v.BaseIssue<unknown>): boolean {
  return issue.type === 'strict_object' && issue.received === 'undefined' && issue.path !== undefined;
}

function keysOf(issue: v.BaseIssue<unknown>): (string | number)[] {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
}

const EXPECTATIONS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  function: 'a function',
  integer: 'a whole number',
  safe_integer: 'a whole number',
  finite: 'a finite number',
  non_empty: 'something, not empty',
  strict_object: 'an object of options',
  object: 'an object',
  record: 'an object',
};

function expectation(issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'min_value') return `at least ${String(issue.requirement)}`;
  if (issue.type === 'max_value') return `at most ${String(issue.requirement)}`;
  if (issue.type === 'gt_value') return `more than ${String(issue.requirement)}`;
  if (issue.type === 'picklist')
    return `one of ${issue.expected?.replaceAll(/[()]/g, '').replaceAll(' |', ',')}`;
  return EXPECTATIONS[issue.type] ?? issue.expected ?? 'something else';
}

/** The parts of valibot's schemas that lead to the names an object may have. */
interface SchemaShape {
  readonly entries?: Readonly<Record<string, SchemaShape>>;
  readonly wrapped?: SchemaShape;
  readonly value?: SchemaShape;
  readonly item?: SchemaShape;
  readonly options?: readonly SchemaShape[];
}

function namesAt(schema: v.GenericSchema, path: readonly (string | number)[]): string[] {
  let shape: SchemaShape | undefined = unwrap(schema as SchemaShape);
  for (const key of path) shape = unwrap(shape?.entries?.[key] ?? shape?.value ?? shape?.item);
  return Object.keys(shape?.entries ?? {});
}

function unwrap(shape: SchemaShape | undefined): SchemaShape | undefined {
  if (shape?.wrapped) return unwrap(shape.wrapped);
  return shape?.options?.find?.((option) => unwrap(option)?.entries) ?? shape;
}
