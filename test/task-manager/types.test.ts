import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import ts from 'typescript6';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../helpers/place.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures/types');

const STRICT = {
  target: 'es2022',
  module: 'nodenext',
  strict: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  declaration: true,
  noEmit: true,
  types: ['node'],
};

const PROTOCOLS = ['standard', 'legacy'] as const;
type Settings = Readonly<Record<string, unknown>>;

function settings(protocol: (typeof PROTOCOLS)[number], exactOptionalPropertyTypes: boolean): Settings {
  const decorators = { experimentalDecorators: true, emitDecoratorMetadata: true };
  return { ...STRICT, exactOptionalPropertyTypes, ...(protocol === 'legacy' ? decorators : {}) };
}

/** A project of a user, with the package as it was built. */
function makeProject(): string {
  const folder = makeFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('.'), join(folder, 'node_modules/tspipe'));
  symlinkSync(resolve('node_modules/@types'), join(folder, 'node_modules/@types'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  cpSync(FIXTURES, folder, { recursive: true });
  // The code on the page, as one module.
  const page = readFileSync(resolve('docs/types.md'), 'utf8');
  const code = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, block = '']) => block);
  writeFileSync(join(folder, 'page.ts'), code.join('\n'));
  return folder;
}

function sources(folder: string): string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.ts'));
}

/** What TypeScript 7 says. */
function compileWith7(folder: string, compilerOptions: Settings): string[] {
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: sources(folder) }));
  const compiler = resolve('node_modules/typescript/bin/tsc');
  const { stdout, error } = spawnSync(process.execPath, [compiler, '--pretty', 'false', '-p', folder], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return stdout.split('\n').flatMap((line) => {
    const found = /([^/\\]+\.ts)\((\d+),\d+\): error (TS\d+)/.exec(line);
    return found === null ? (line === '' || line.startsWith(' ') ? [] : [line]) : [found.slice(1).join(' ')];
  });
}

// Read once, whatever the settings are.
const read = new Map<string, ts.SourceFile | undefined>();

/** What TypeScript 6 says, in this process, where the libraries need to be read once only. */
function compileWith6(folder: string, compilerOptions: Settings): string[] {
  const { options, errors } = ts.convertCompilerOptionsFromJson(compilerOptions, folder);
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getCurrentDirectory = () => folder;
  host.getSourceFile = (name, ...rest) => {
    if (!read.has(name)) read.set(name, getSourceFile(name, ...rest));
    return read.get(name);
  };
  const rootNames = sources(folder).map((file) => join(folder, file));
  const program = ts.createProgram({ rootNames, options, host });
  return [...errors, ...ts.getPreEmitDiagnostics(program)].map(({ file, start = 0, code, messageText }) =>
    file === undefined
      ? ts.flattenDiagnosticMessageText(messageText, '\n')
      : `${basename(file.fileName)} ${file.getLineAndCharacterOfPosition(start).line + 1} TS${code}`,
  );
}

const COMPILERS = [
  { version: '7', compile: compileWith7 },
  { version: '6', compile: compileWith6 },
];

describe('the types of apps', () => {
  for (const { version, compile } of COMPILERS) {
    for (const protocol of PROTOCOLS) {
      for (const exact of [true, false]) {
        const how = `TypeScript ${version}, ${protocol} decorators, exactOptionalPropertyTypes ${exact}`;
        it(`hold, and refuse what is marked, under ${how}`, () => {
          expect(compile(makeProject(), settings(protocol, exact))).toEqual([]);
        });
      }
    }

    it(`would be caught by TypeScript ${version} where a marked line is no error any more`, () => {
      const folder = makeProject();
      const given = join(folder, 'given.ts');
      const text = readFileSync(given, 'utf8');
      writeFileSync(given, text.replace('number: Future<number>', 'number: any'));
      // "Unused '@ts-expect-error' directive."
      const unused = compile(folder, settings('standard', true)).filter((line) => line.endsWith(' TS2578'));
      expect(unused.length).toBeGreaterThan(10);
    });
  }
});
