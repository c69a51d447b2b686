import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  Environment,
  type EnvironmentChoice,
  registerEnvironment,
  Secret,
  secret,
  type VariableInput,
} from '../../src/environment/index.ts';

/** The variables of a plain shell after a script ran in it. */
function variablesAfter(script: string, env: NodeJS.ProcessEnv = {}): Map<string, string> {
  const output = execFileSync('bash', ['-c', `${script}\nexec env -0`], {
    encoding: 'utf8',
    env,
    // With a socket for its input and no SHLVL, bash would take itself for started by rshd, and read .bashrc.
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const entries = output.split('\0').map((entry) => entry.split(/=(.*)/s));
  return new Map(entries.map(([name = '', value = '']) => [name, value]));
}

const AWKWARD = {
  QUOTES: `it's "quoted"`,
  EQUALS: 'a=b=c',
  LINES: 'one\ntwo\n',
  DOLLAR: '$HOME `date` $(date) \\',
  EMPTY: '',
  SPACE: '  a  b ',
  TILDE: '~',
};

describe('Environment', () => {
  it('is empty by default', () => {
    expect(new Environment().toJSON()).toEqual({ data: {}, secrets: {}, command: [] });
  });

  it('holds variables as text', () => {
    const environment = new Environment({ B: 3.5, A: 'x', C: true, D: false });
    expect(environment.entries()).toEqual([
      ['A', 'x'],
      ['B', '3.5'],
      ['C', 'true'],
      ['D', 'false'],
    ]);
    expect(environment.get('B')).toBe('3.5');
    expect(environment.has('B')).toBe(true);
    expect(environment.has('toString')).toBe(false);
    expect(environment.get('constructor')).toBeUndefined();
    expect(environment.toObject()).toEqual({ A: 'x', B: '3.5', C: 'true', D: 'false' });
    expectTypeOf(environment.toObject()).toEqualTypeOf<Record<string, string>>();
  });

  it('starts from a registered environment', () => {
    registerEnvironment('lab', { data: { SURVEY: 'y3', MASK: 'on' }, command: 'source lab.sh' });
    const environment = new Environment('lab', { data: { MASK: 'off' }, command: ['source mine.sh'] });
    expect(environment.toJSON()).toEqual({
      data: { MASK: 'off', SURVEY: 'y3' },
      secrets: {},
      command: ['source lab.sh', 'source mine.sh'],
    });
  });

  it('takes a function, and an environment, for a registered one', () => {
    let count = 0;
    registerEnvironment('counting', () => new Environment({ COUNT: ++count }));
    expect(new Environment('counting').get('COUNT')).toBe('1');
    expect(new Environment('counting').get('COUNT')).toBe('2');
  });

  it('makes others by clone and stays as it is', () => {
    const environment = new Environment({ A: 1, B: 1 }, { command: 'one' });
    const other = environment.clone({ data: { B: 2, AA: 3 }, command: 'two' });
    expect(other.toJSON()).toEqual({
      data: { A: '1', AA: '3', B: '2' },
      secrets: {},
      command: ['one', 'two'],
    });
    expect(environment.toJSON().data).toEqual({ A: '1', B: '1' });
    expect(() => Object.assign(environment.data, { A: 2 })).toThrow(TypeError);
  });

  it.each<[unknown, string]>([
    [{ 'A B': 1 }, '"A B" is no name of an environment variable'],
    [{ '1A': 1 }, '"1A" is no name'],
    [{ 'A=': 1 }, '"A=" is no name'],
    [{ A: null }, 'The environment variable A must be text without NUL'],
    [{ A: undefined }, 'not undefined'],
    [{ A: 'x\0y' }, 'text without NUL'],
    [{ A: Number.NaN }, 'not NaN'],
    [{ A: ['x'] }, "not [ 'x' ]"],
    [{ A: secret('B C') }, '"B C" is no name'],
    [4, 'must be an object, not 4'],
  ])('refuses the variables %j', (variables, message) => {
    expect(() => new Environment(variables as VariableInput)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(message) }),
    );
  });

  it('refuses unknown options and names with the nearest', () => {
    expect(() => new Environment('base', { comand: 'x' } as object)).toThrow(
      'environ option "comand" is unknown. Did you mean "command"?',
    );
    expect(() => new Environment('bsae')).toThrow(
      expect.objectContaining({
        code: 'NAME_UNKNOWN',
        message: 'Environment "bsae" is unknown. Did you mean "base"?',
      }),
    );
  });
});

describe('Environment.from', () => {
  it('takes an instance, a name, or variables', () => {
    const environment = new Environment({ A: 1 });
    expect(Environment.from(environment)).toBe(environment);
    expect(Environment.from('base')).toEqual(new Environment());
    expect(Environment.from()).toEqual(new Environment());
    expect(Environment.from({ A: 1 })).toEqual(environment);
    expect(Environment.from({})).toEqual(new Environment());
  });

  it('takes a dictionary of options', () => {
    registerEnvironment('site', { data: { SITE: 'north' }, command: 'source site.sh' });
    const expected = new Environment('site', { data: { A: 1 }, command: 'two' });
    expect(Environment.from({ environ: 'site', data: { A: 1 }, command: 'two' })).toEqual(expected);
    expect(Environment.from({ name: 'site', data: { A: 1 }, command: ['two'] })).toEqual(expected);
    expect(Environment.from({ environ: 'site', A: 1, command: 'two' } as EnvironmentChoice)).toEqual(
      expected,
    );
    expect(Environment.from({ secrets: ['PIN'] }).get('PIN')).toEqual(secret('PIN'));
  });

  it('makes an environment again from its description', () => {
    const environment = new Environment({ ...AWKWARD, PIN: secret('MY_PIN') }, { command: ['a', 'b'] });
    expect(Environment.from(JSON.parse(JSON.stringify(environment)))).toEqual(environment);
  });

  it.each<[unknown, string]>([
    [{ environ: 'site', comand: 'x' }, 'environ option "comand" is unknown. Did you mean "command"?'],
    [{ data: 'A=1' }, 'environ.data must be an object of variables, not "A=1".'],
    [{ command: 3 }, 'environ.command must be a command or a list of commands, not 3.'],
    [3, 'environ must be an Environment, the name of one, or a dictionary, not 3.'],
  ])('refuses %j', (choice, message) => {
    expect(() => Environment.from(choice as EnvironmentChoice)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message }),
    );
  });
});

describe('toScript', () => {
  it('exports the variables and then runs the commands', () => {
    const environment = new Environment({ B: 'x y', A: 1 }, { command: ['source x.sh', 'module load y'] });
    expect(environment.toScript()).toBe("export A=1\nexport B='x y'\nsource x.sh\nmodule load y");
    expect(environment.toScript(' ; ')).toBe("export A=1 ; export B='x y' ; source x.sh ; module load y");
  });

  it.each(['\n', ' ; ', ' && '])('is read back exactly with the separator %j', (separator) => {
    const variables = variablesAfter(new Environment(AWKWARD).toScript(separator));
    expect(Object.fromEntries(variables)).toMatchObject(AWKWARD);
  });

  it('is read back exactly, whatever the values', () => {
    const value = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(value, value, (A, B) => {
        expect(Object.fromEntries(variablesAfter(new Environment({ A, B }).toScript()))).toMatchObject({
          A,
          B,
        });
      }),
      { numRuns: 20 },
    );
  });

  it('takes secrets from where it runs, and stops where they are missing', () => {
    const script = new Environment({ PIN: secret('MY_PIN') }).toScript();
    expect(variablesAfter(script, { MY_PIN: "it's $1234" }).get('PIN')).toBe("it's $1234");
    expect(() => variablesAfter(script)).toThrow('MY_PIN: is a secret of the environment and not set');
  });
});

describe('identity', () => {
  it('is the same whatever the order of the variables', () => {
    expect(new Environment({ A: 1, B: 2 }).identity()).toBe(new Environment({ B: '2', A: '1' }).identity());
  });

  it('counts variables and commands', () => {
    const environments = [
      new Environment(),
      new Environment({ A: 1 }),
      new Environment({ A: 2 }),
      new Environment({ A: 1 }, { command: 'x' }),
      new Environment({ A: 1 }, { command: ['x', 'y'] }),
      new Environment({ A: 1 }, { command: 'x\ny' }),
    ];
    expect(new Set(environments.map((environment) => environment.identity())).size).toBe(environments.length);
  });

  it('counts neither secrets nor thread counts', () => {
    const environment = new Environment({
      A: 1,
      OMP_NUM_THREADS: 4,
      UV_THREADPOOL_SIZE: 8,
      PIN: secret('PIN'),
    });
    expect(environment.identity()).toBe(new Environment({ A: 1 }).identity());
  });
});

describe('a secret', () => {
  it('travels by name only', () => {
    process.env.TSPIPE_TEST_PIN = 'hidden-value';
    const environment = new Environment({ PIN: secret('TSPIPE_TEST_PIN') });
    expect(environment.get('PIN')).toBeInstanceOf(Secret);
    expect(environment.toJSON().secrets).toEqual({ PIN: 'TSPIPE_TEST_PIN' });
    const shown = JSON.stringify([environment, environment.toObject(), environment.toScript()]);
    expect(shown).not.toContain('hidden-value');
    delete process.env.TSPIPE_TEST_PIN;
  });
});
