import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES, type ErrorCode, PipeError } from 'tspipe';
import { describe, expect, expectTypeOf, it } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
const sections = page
  .split(/^## /m)
  .slice(1)
  .map((section) =>
    section
      .trim()
      .split('\n')
      .filter((line) => line !== ''),
  );

describe('docs/errors.md', () => {
  it('lists the codes that there are, in their order, with their meaning', () => {
    expect(sections.map(([code, meaning]) => [code, meaning])).toEqual(Object.entries(ERROR_CODES));
  });

  it('tells the cause and the cure of each', () => {
    for (const [code, , cause, cure, ...rest] of sections) {
      expect(cause, code).toMatch(/^- _Cause:_ .+\.$/);
      expect(cure, code).toMatch(/^- _Cure:_ .+\.$/);
      expect(rest, code).toEqual([]);
    }
  });

  it('names the codes of the type', () => {
    expectTypeOf<ErrorCode>().toEqualTypeOf<keyof typeof ERROR_CODES>();
    expectTypeOf<PipeError['code']>().toEqualTypeOf<ErrorCode>();
    expect(new PipeError('QUEUE_BUSY', 'x').code).toBe('QUEUE_BUSY');
  });
});
