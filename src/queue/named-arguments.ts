import { PipeError } from '../errors.ts';

/** Arguments by the names of their parameters. */
export function byName(args: readonly unknown[], parameters: readonly string[]): Record<string, unknown> {
  const entries = parameters.map((name, position): [string, unknown] =>
    name.startsWith('...') ? [name.slice(3), args.slice(position)] : [name, args[position]],
  );
  const named = entries.filter(([, value], position) => value !== undefined || position < args.length);
  return Object.fromEntries(named);
}

/** Arguments by position, some of them changed by name. Throws `ARGUMENT_INVALID` for an unknown name. */
export function changeArguments(
  args: readonly unknown[],
  parameters: readonly string[],
  kwargs: Readonly<Record<string, unknown>> = {},
): readonly unknown[] {
  const changed = [...args];
  for (const [name, value] of Object.entries(kwargs)) {
    const position = parameters.findIndex((parameter) => parameter === name || parameter === `...${name}`);
    if (position < 0) {
      throw new PipeError(
        'ARGUMENT_INVALID',
        `There is no parameter "${name}". The parameters are: ${parameters.join(', ') || 'none'}.`,
      );
    }
    if (parameters[position]?.startsWith('...') && Array.isArray(value))
      changed.splice(position, Infinity, ...value);
    else changed[position] = value;
  }
  return changed;
}
