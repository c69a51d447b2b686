import type { Command, Option } from 'commander';

/** The word that is being typed, and what the words before it say of it. */
export interface OpenWord {
  readonly command: Command;
  /** The option whose value is being typed. */
  readonly option: Option | undefined;
  /** `--queue=`, where the value stands in the word of its option. */
  readonly prefix: string;
  /** The value, or the word, so far. */
  readonly typed: string;
  /** The words before that belong to no option. */
  readonly operands: readonly string[];
  /** The queues that the words before name. */
  readonly queues: readonly string[];
}

/** Reads words as commander does, the last of which is still being typed. */
export function readWords(program: Command, words: readonly string[]): OpenWord {
  const { command, rest } = commandOf(program, words.slice(0, -1));
  const queues: string[] = [];
  const operands: string[] = [];
  let open: Option | undefined;
  const take = (taker: Option | undefined, value: string): void => {
    if (taker === undefined) operands.push(value);
    else if (taker.long === '--queue') queues.push(value);
  };
  for (const word of rest) {
    const { option, value } = optionOf(command, word);
    if (option !== undefined && value !== undefined) take(option, value);
    else if (option === undefined && !word.startsWith('-')) {
      take(open, word);
      if (open?.variadic === true) continue;
    }
    open = value === undefined ? option : undefined;
  }
  return { command, operands, queues, ...openValue(command, open, words.at(-1) ?? '') };
}

/** The command that words lead to, and the words after its name. */
function commandOf(
  command: Command,
  words: readonly string[],
): { command: Command; rest: readonly string[] } {
  const [first, ...rest] = words;
  const below = command.commands.find((one) => one.name() === first);
  return below === undefined ? { command, rest: words } : commandOf(below, rest);
}

/** The option that takes a value and that a word names or begins with; `-qpi` and `--queue=pi` hold the value too. */
function optionOf(command: Command, word: string): { option?: Option; prefix: string; value?: string } {
  const taking = command.options.filter(({ required, optional }) => required || optional);
  const named = taking.find(({ long, short }) => word === long || word === short);
  if (named !== undefined) return { option: named, prefix: word };
  for (const option of taking) {
    const prefix = word.startsWith('--') ? `${option.long}=` : option.short;
    if (prefix && word.startsWith(prefix)) return { option, prefix, value: word.slice(prefix.length) };
  }
  return { prefix: '' };
}

function openValue(
  command: Command,
  open: Option | undefined,
  word: string,
): { option: Option | undefined; prefix: string; typed: string } {
  const { option, prefix, value } = optionOf(command, word);
  if (value !== undefined) return { option, prefix, typed: value };
  // A word that begins with a dash ends a list of values.
  return { option: word.startsWith('-') ? undefined : open, prefix: '', typed: word };
}
