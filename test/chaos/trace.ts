import { readFileSync } from 'node:fs';

/** One thing that was done to a file, in the order in which the system did them. */
export type Operation =
  | { readonly kind: 'create' | 'truncate' | 'unlink' | 'mkdir' | 'sync'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'resize'; readonly path: string; readonly size: number }
  /** `at` is undefined where it went to the end, or to where the last one ended. */
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly at: number | undefined;
      readonly bytes: Buffer;
    };

/** What `strace` is to write down, in hex digits and with the paths of descriptors. */
export const STRACE = [
  '-f',
  '-y',
  '-xx',
  ...['-s', '100000000'],
  ...['-e', 'signal=none'],
  ...[
    '-e',
    `trace=${'openat write pwrite64 ftruncate fsync fdatasync rename renameat renameat2 unlink unlinkat mkdir mkdirat'.replaceAll(' ', ',')}`,
  ],
];

/** Reads what strace wrote; calls that several processes had under way count when they came back. */
export function readTrace(file: string, folder: string): Operation[] {
  const begun = new Map<string, string>();
  return readFileSync(file, 'latin1')
    .split('\n')
    .flatMap((line) => {
      const [, pid = '', text = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
      if (text.endsWith('<unfinished ...>')) {
        begun.set(pid, text.slice(0, -'<unfinished ...>'.length));
        return [];
      }
      const resumed = /^<\.\.\. \w+ resumed>(.*)$/s.exec(text);
      const whole = resumed === null ? text : (begun.get(pid) ?? '') + (resumed[1] ?? '');
      const operation = parse(whole);
      return operation?.path.startsWith(folder) === true ? [operation] : [];
    });
}

function parse(text: string): Operation | undefined {
  const call = /^\w+/.exec(text)?.[0];
  // What a call gave stands in a column of its own, behind spaces.
  const [, before = '', result] = /^(.*)\) += (\d+)/s.exec(text) ?? [];
  if (call === undefined || result === undefined) return undefined;
  const args = before.slice(call.length + 1);
  const strings = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => bytesOf(hex));
  const path = /^\d+<((?:\\x[0-9a-f]{2})+)>/.exec(args);
  const own = path === null ? (strings[0]?.toString() ?? '') : bytesOf(path[1] ?? '').toString();
  const numbers = args.split(', ').map(Number);
  switch (call) {
    case 'openat':
      if (args.includes('O_TRUNC')) return { kind: 'truncate', path: own };
      return args.includes('O_CREAT') ? { kind: 'create', path: own } : undefined;
    case 'write':
      return {
        kind: 'write',
        path: own,
        at: undefined,
        bytes: strings[0]?.subarray(0, Number(result)) ?? Buffer.alloc(0),
      };
    case 'pwrite64':
      return {
        kind: 'write',
        path: own,
        at: numbers.at(-1) ?? 0,
        bytes: strings[0]?.subarray(0, Number(result)) ?? Buffer.alloc(0),
      };
    case 'ftruncate':
      return { kind: 'resize', path: own, size: numbers.at(-1) ?? 0 };
    case 'fsync':
    case 'fdatasync':
      return { kind: 'sync', path: own };
    case 'mkdir':
    case 'mkdirat':
      return { kind: 'mkdir', path: own };
    case 'unlink':
    case 'unlinkat':
      return { kind: 'unlink', path: own };
    default:
      return { kind: 'rename', path: own, to: strings[1]?.toString() ?? '' };
  }
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex');
}
