import { afterEach, describe, expect, it } from 'vitest';
import { log, setLogging } from '../../src/util/index.ts';

const lines: string[] = [];

afterEach(() => {
  lines.length = 0;
  setLogging({ level: 'warn', sink: (line) => void process.stderr.write(`${line}\n`) });
});

describe('the logger', () => {
  it('says warnings and errors, and keeps the rest to itself', () => {
    setLogging({ sink: (line) => lines.push(line) });
    log.debug('a detail');
    log.info('a fact');
    log.warn('take care');
    log.error('it broke');
    expect(lines).toEqual(['tspipe: warning: take care', 'tspipe: error: it broke']);
  });

  it('says all at level debug, and nothing at level silent', () => {
    setLogging({ level: 'debug', sink: (line) => lines.push(line) });
    log.debug('a detail');
    log.info('a fact');
    setLogging({ level: 'silent' });
    log.error('it broke');
    expect(lines).toEqual(['tspipe: debug: a detail', 'tspipe: a fact']);
  });
});
