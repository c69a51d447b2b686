import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import {
  type CaptureHooks,
  captureFunction,
  type Json,
  loadProgram,
  type Program,
  type ProgramPart,
  reroot,
} from '../../src/capture/index.ts';
import { decodeValue, encodeValue } from '../../src/serialization/index.ts';
import { capture, load, programOf } from './hooks.ts';

/** What an app is to the layers above: a value with a function inside. */
class App {
  readonly name: string;
  readonly fn: (...args: never) => unknown;
  readonly receiver: object | undefined;
  constructor(name: string, fn: (...args: never) => unknown, receiver?: object) {
    this.name = name;
    this.fn = fn;
    this.receiver = receiver;
  }
  call(...args: unknown[]): unknown {
    return (this.fn as (...args: unknown[]) => unknown)(...args);
  }
}

const hooks: CaptureHooks = {
  encode: encodeValue,
  replace: (value) => {
    if (!(value instanceof App)) return undefined;
    const { fn, name, receiver } = value;
    return { tag: 'app', body: name, parts: [{ fn, name, receiver }] };
  },
};

class RevivedApp extends App {
  readonly part: ProgramPart;
  constructor(name: string, part: ProgramPart) {
    super(name, (...args: never[]) => part.fn()(...args));
    this.part = part;
  }
}

function revive(_: string, body: Json, [part]: readonly ProgramPart[]): unknown {
  return new RevivedApp(String(body), part as ProgramPart);
}

async function rebuilt({ text, blobs }: Program) {
  return (await loadProgram(text, { blobs, decode: decodeValue, revive })).instantiate();
}

const factor = 3;
const times = new App('times', (x: number) => x * factor);
const recursive: App = new App('recursive', (n: number): unknown =>
  n === 0 ? 'done' : recursive.call(n - 1),
);
const ping: App = new App('ping', (n: number): unknown => (n === 0 ? 'ping' : pong.call(n - 1)));
const pong: App = new App('pong', (n: number): unknown => (n === 0 ? times.call(5) : ping.call(n - 1)));
const large = new Float64Array(10_000);
const withData = new App('with data', () => large.length);

describe('an app inside a captured function', () => {
  it('is made again, also in data', async () => {
    const apps = { list: [times] };
    expect((await rebuilt(captureFunction((x: number) => times.call(x), 'a', hooks).program()))(2)).toBe(6);
    expect(
      (await rebuilt(captureFunction(() => apps.list.map((app) => app.call(1)), 'a', hooks).program()))(),
    ).toEqual([3]);
  });

  it('may be the app itself, and apps may call each other', async () => {
    expect((await rebuilt(captureFunction(recursive.fn, 'recursive', hooks).program()))(3)).toBe('done');
    expect((await rebuilt(captureFunction(ping.fn, 'ping', hooks).program()))(3)).toBe(15);
  });

  it.each([
    ['simple', times],
    ['recursive', recursive],
    ['mutually recursive', pong],
    ['with blobs', withData],
  ])('gives the same program as capturing it in the script: %s', (_, app) => {
    const other = new App('other', () => 1);
    const outer = captureFunction(
      () => [other.name, withData.name, app.name, ping.name],
      'outer',
      hooks,
    ).program();
    const alone = captureFunction(app.fn, app.name, hooks).program();
    const { islands } = JSON.parse(outer.text) as { islands: { island: { about: { name: string } } }[] };
    const part = islands.findIndex(({ island }) => island.about.name === app.name);
    expect(reroot(outer.text, part, outer.blobs)).toEqual(alone);
  });

  it('gives its program from inside a task', async () => {
    const outer = captureFunction(() => pong, 'outer', hooks).program();
    const app = (await rebuilt(outer))() as RevivedApp;
    expect(app.part.program()).toEqual(captureFunction(pong.fn, 'pong', hooks).program());
  });

  it('changes the identity of the function around it with its own', () => {
    const identity = (app: App) => captureFunction(() => app.call(1), 'a', hooks).program().identity;
    const one = new App('x', () => 1);
    const same = new App('x', () => 1);
    const two = new App('x', () => 2);
    expect(identity(one)).toBe(identity(same));
    expect(identity(one)).not.toBe(identity(two));
  });

  it('can be refused by the layer above', () => {
    const replace = (): never => {
      throw new TypeError('not here');
    };
    expect(() => captureFunction(() => times, 'a', { ...hooks, replace }).program()).toThrow('not here');
  });
});

describe('this in a static method', () => {
  class Sums {
    static base = 10;
    static add(x: number): number {
      // biome-ignore lint/complexity/noThisInStatic: that is what is tested
      return this.base + Sums.twice(x);
    }
    static twice(x: number): number {
      return 2 * x;
    }
  }

  it('is the class, when the layer above names it', async () => {
    const program = captureFunction(Sums.add, 'add', { ...hooks, receiver: Sums }).program();
    const fn = await rebuilt(program);
    expect([fn(1), fn.name]).toEqual([12, 'add']);
  });
});

describe('a program', () => {
  it('tells where and how the function was written', () => {
    // biome-ignore format: the text is compared
    const fn = async ( x : number, { a, b: [c] }: { a: number; b: number[] }, y = 3, ...others: string[] ): Promise<number> => {
      // A comment.
      return x + a + (c ?? 0) + y + others.length;
    };
    const { source, parameters, file, line } = programOf(fn);
    expect(parameters).toEqual(['x', '{ a, [c] }', 'y', '...others']);
    expect(file).toBe(import.meta.filename);
    expect(source.split('\n')[0]).toContain('async ( x : number, { a, b: [c] }');
    expect(source).toContain('// A comment.');
    expect(source.trimEnd().endsWith('}')).toBe(true);
    expect(line).toBeGreaterThan(100);
  });

  it('lists packages with their versions, and not what belongs to Node', () => {
    const { packages } = programOf((text: string) => join(String(parse(text)), 'x'));
    expect(packages).toEqual([{ specifier: 'yaml', name: 'yaml', version: expect.stringMatching(/^2\./) }]);
  });

  it('says what is missing when an import cannot be loaded', async () => {
    const program = programOf((text: string) => parse(text));
    const text = program.text.replaceAll('"yaml"', '"no-such-package"');
    const loaded = await load({ ...program, text });
    expect(() => loaded.instantiate()).toThrow(/Cannot import no-such-package from .*Install/);
  });

  it('of another format is refused', async () => {
    await expect(load({ ...programOf(() => 1), text: '{"version":99}' })).rejects.toThrow(
      /format 99.*reads 1/,
    );
  });

  it('is the same for the same function', () => {
    const fn = (x: number): number => x * factor;
    expect(capture(fn).program()).toEqual(capture(fn).program());
  });
});
