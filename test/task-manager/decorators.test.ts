import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../helpers/place.ts';

const HEAD = `import { Queue, TaskManager, spawn } from 'tspipe';
const queue = new Queue('q', { baseDir: import.meta.dirname });
const tm = new TaskManager({ queue, scheduler: { maxWorkers: 1 } });
`;

/** Runs TypeScript under tsx, with a tsconfig of its own. */
async function runTsx(
  compilerOptions: object,
  text: string,
): Promise<{ code: number | null; out: string; err: string }> {
  const folder = makeFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('.'), join(folder, 'node_modules/tspipe'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  writeFileSync(join(folder, 'script.ts'), HEAD + text);
  const child = spawn(resolve('node_modules/.bin/tsx'), ['script.ts'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    out += data;
  });
  child.stderr.setEncoding('utf8').on('data', (data: string) => {
    err += data;
  });
  const { promise, resolve: end } = Promise.withResolvers<number | null>();
  child.on('close', end);
  return { code: await promise, out, err };
}

const protocols = [
  { name: 'standard', options: { target: 'es2022' } },
  {
    name: 'legacy',
    options: { target: 'es2022', experimentalDecorators: true, emitDecoratorMetadata: true },
  },
];

for (const { name, options } of protocols) {
  describe(`decorators of the ${name} protocol`, () => {
    it('make apps of static methods, plain or with options, and keep `this`', async () => {
      const text = `
        class Steps {
          static offset = 100;
          @tm.tsApp static one(n: number) { return n + this.offset; }
          @tm.tsApp({ name: 'renamed', retries: 1 }) static async two(n: number) { return 2 * n; }
          @tm.bashApp static say(n: number) { return ['echo', '-n', String(n)]; }
        }
        const steps = tm.apps(Steps);
        const said = steps.say(steps.two(steps.one(1)));
        await spawn(queue, { mode: 'no_stream' });
        console.log(await said.out(), (await queue.tasks({ property: 'name' })).join());
        await queue.delete();`;
      const { code, out, err } = await runTsx(options, text);
      expect(code, err).toBe(0);
      expect(out).toBe('202 one,renamed,say\n');
    });

    const refused = [
      { what: 'an instance method', member: 'f() { return 1; }' },
      { what: 'an accessor', member: 'static get f() { return 1; }' },
      ...(name === 'standard'
        ? [
            { what: 'a private method', member: 'static #f() { return 1; }' },
            { what: 'a field', member: 'static f = 1;' },
          ]
        : []),
    ];
    for (const { what, member } of refused) {
      it(`refuse ${what}`, async () => {
        const text = `
          try { class Steps { @tm.tsApp ${member} } } catch (error) { console.log(error.code, error.message); }
          await queue.delete();`;
        const { out, err } = await runTsx(options, text);
        expect(out, err).toMatch(/^APP_INVALID .*An app is a public static method or a plain function\.\n$/);
      });
    }
  });
}
