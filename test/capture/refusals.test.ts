import { open } from 'node:fs/promises';
import { createServer, Socket } from 'node:net';
import { EventEmitter } from 'node:events';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { PipeError } from '../../src/errors.ts';
import { capture } from './hooks.ts';

const socket = new Socket();
const server = createServer();
const connection = { socket };
const emitter = new EventEmitter();
const promise = Promise.resolve(1);
const weak = new WeakMap<object, number>();
const reference = new WeakRef({});
const proxy = new Proxy({ n: 1 }, {});
const callableProxy = new Proxy(() => 1, {});
const bound = [].push.bind([]);
const run = promisify(execFile);
const running = (function* () {
  yield 1;
})();
const lonely = Symbol('lonely');
const controller = new AbortController();
const deep = {};
let deeper: { n?: object } = deep;
for (let level = 0; level < 20_000; level++) deeper = deeper.n = {};
const handle = await open(import.meta.filename);
afterAll(async () => await handle.close());
const helper = () => connection.socket.localPort;
class Box {
  n = 1;
}
const box = new Box();
const withGetter = {
  get now(): number {
    return Date.now();
  },
};
let total = 0;
const totals = { n: 0 };
let unset: number | undefined;
class Secretive {
  static #hidden = 1;
  static peek() {
    return Secretive.#hidden;
  }
  static self() {
    // biome-ignore lint/complexity/noThisInStatic: that is what is refused
    return this.name;
  }
  lexical = () => this;
}
const child = {
  base() {
    return (super.toString as () => string)().length;
  },
};
const closure = (() => {
  let calls = 0;
  return () => ++calls;
})();
function outerArguments(..._: number[]) {
  // biome-ignore lint/complexity/noArguments: that is what is refused
  return () => arguments.length;
}

declare global {
  var scriptSettings: object;
}
globalThis.scriptSettings = { n: 1 };

const REFUSED: readonly (readonly [what: string, fn: () => unknown, message: string | RegExp])[] = [
  [
    'a socket through a helper',
    () => helper(),
    /^task → helper → connection\.socket: a live Socket cannot travel/,
  ],
  ['data that is too deep', () => deep, /task → deep.*nested deeper than 1000 levels/],
  ['a controller', () => controller, /task → controller: an AbortController cannot travel/],
  ['a file handle', () => handle.fd, /task → handle: a live FileHandle/],
  ['a server', () => server.listening, /task → server: a live Server/],
  ['an emitter', () => emitter.listenerCount('x'), /task → emitter: a live EventEmitter/],
  ['a promise', () => promise, /task → promise: .*Await it first/],
  ['a WeakMap', () => weak, /task → weak: a WeakMap/],
  ['a WeakRef', () => reference, /task → reference: a WeakRef/],
  ['a Proxy', () => proxy, /task → proxy: a Proxy/],
  ['a Proxy of a function', () => callableProxy(), /task → callableProxy: a Proxy/],
  ['a bound function', () => bound(), /task → bound: a bound function .*arrow function/],
  [
    'a function made by Node',
    () => run('x'),
    /task → run: the function execFile of Node itself.*Make it inside/,
  ],
  ['a generator in flight', () => running.next(), /task → running: a running iterator/],
  ['a symbol that is not registered', () => lonely, /task → lonely: .*[Ss]ymbol/],
  [
    'an instance of a class that is not registered',
    () => box,
    /task → box: an instance of Box.*registerClass/,
  ],
  ['a getter', () => withGetter, /task → withGetter/],
  ['an assigned variable', () => ++total, /^task → total: it is assigned in a task.*Return the value/],
  ['an assigned variable of a closure', closure, /task → calls: it is assigned in a task/],
  [
    'this in an arrow function',
    new Secretive().lexical,
    /task: it uses the `this` of the function around it/,
  ],
  ['this of a method', Secretive.self, /task: it uses `this`/],
  ['a private member', Secretive.peek, /task: it uses a private member of the class around it/],
  ['super of an object', child.base, /task: it uses `super` outside a class/],
  ['arguments of another function', outerArguments(1), /task → arguments|task: it uses the `arguments`/],
  [
    'a member that the script gave the global object',
    () => Reflect.get(globalThis.scriptSettings, 'n'),
    /task → globalThis\.scriptSettings: the script put it on the global object.*Name it scriptSettings alone/,
  ],
  // biome-ignore lint/security/noGlobalEval: that is what is refused
  ['eval', () => eval('total'), /task: it calls eval/],
  ['a bound method as the function', bound, /task: a bound function/],
  ['a function of Node as the function', Math.max, /task: it is no function of the script/],
  [
    'a getter as the function',
    Object.getOwnPropertyDescriptor(withGetter, 'now')?.get as () => number,
    /task: a getter or setter/,
  ],
];

describe('capturing refuses, naming the way and the cure,', () => {
  it.each(REFUSED)('%s', (_, fn, message) => {
    const error = errorOf(fn);
    expect(error.message).toMatch(message);
    expect(error.code).toBe('CAPTURE_REFUSED');
  });

  it('a const that is not initialised yet, and takes it when it is', () => {
    const early = capture((): number => late);
    expect(() => early.program()).toThrow(/task → late: it is not initialised yet/);
    const late: number = 5;
    expect(early.program().text).toContain('"v":5');
  });
});

it('allows an object to be changed, as every task has its own copy', () => {
  expect(() => capture(() => ++totals.n).program()).not.toThrow();
});

it('takes a variable that was declared without a value', () => {
  expect(() => capture(() => unset).program()).not.toThrow();
});

describe('a secret', () => {
  afterEach(() => vi.unstubAllEnvs());
  const key = 'abcdef-123456';
  const settings = { service: { auth: [key] } };

  it.each([
    ['a variable', (): unknown => key, 'task → key'],
    ['data', () => settings, 'task → settings.service.auth[0]'],
    ['a member', () => settings.service.auth[0], 'task → settings.service.auth[0]'],
  ] as const)('in %s is refused without telling it', (_, fn, trail) => {
    vi.stubEnv('SERVICE_API_KEY', key);
    const error = errorOf(fn);
    expect(error.code).toBe('CAPTURE_SECRET');
    expect(error.message).toContain(`${trail}: the value of the environment variable SERVICE_API_KEY`);
    expect(error.message).not.toContain(key);
  });

  it.each(['SERVICE_API_KEY', 'CLIENT_SECRET_VALUE', 'db_password'])('is told by the name %s', (name) => {
    vi.stubEnv(name, key);
    expect(errorOf(() => key).code).toBe('CAPTURE_SECRET');
  });

  it('is refused as a key of data', () => {
    vi.stubEnv('SERVICE_API_KEY', key);
    const users = { [key]: 1 };
    expect(errorOf(() => Object.keys(users)).message).toContain('task → users: the value of');
  });

  it('is not suspected in short values or harmless variables', () => {
    vi.stubEnv('SHORT_TOKEN', 'yes');
    vi.stubEnv('HOME_PAGE', key);
    const short = 'yes';
    expect(() => capture(() => key + short).program()).not.toThrow();
  });
});

it('refuses more than 64 MB before it is encoded', () => {
  const large = new Float64Array(9_000_000);
  const error = errorOf(() => large);
  expect(error.code).toBe('CAPTURE_TOO_LARGE');
  expect(error.message).toContain('task → large');
});

it('tells how much data travels', () => {
  const table = Array.from({ length: 1_000 }, (_, index) => index);
  const { bytes, captures } = capture(() => table.length + table.map(String).length).program();
  expect(bytes).toBeGreaterThan(3_800);
  expect(captures[0]).toEqual({ trail: 'task → table', bytes });
});

function errorOf(fn: (...args: never) => unknown): PipeError {
  try {
    capture(fn).program();
  } catch (error) {
    if (error instanceof PipeError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}
