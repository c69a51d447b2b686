import { describe, expect, it } from 'vitest';
import { PipeError } from '../../src/errors.ts';
import { encodeValue } from '../../src/serialization/index.ts';
import { roundTrip } from './round-trip.ts';
import { sameValue } from './same-value.ts';

class MyError extends TypeError {
  override readonly name = 'MyError';
  readonly status = 404;
}

describe('an error', () => {
  it.each([Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError])(
    'comes back as %o',
    (Class) => {
      const error = new Class('far', { cause: new Map([['why', -0]]) });
      const back = roundTrip(error);
      expect(back).toBeInstanceOf(Class);
      expect(back).toMatchObject({
        name: error.name,
        message: 'far',
        stack: error.stack,
        cause: error.cause,
      });
      expect(Reflect.ownKeys(back as object).sort()).toEqual(Reflect.ownKeys(error).sort());
      expect(Object.keys(back as object)).toEqual([]);
    },
  );

  it('of an AggregateError brings its errors', () => {
    const error = new AggregateError([new RangeError('one'), 2], 'all');
    expect(sameValue(roundTrip(error), error)).toBe(true);
  });

  it('of the system brings its code and other properties', () => {
    const error = systemError();
    expect(roundTrip(error)).toMatchObject({
      code: 'ERR_INVALID_URL',
      input: 'no url',
      name: 'TypeError',
      stack: error.stack,
    });
  });

  it('keeps that a cause is undefined, and that there is no cause', () => {
    expect(Object.hasOwn(roundTrip(new Error('x', { cause: undefined })) as object, 'cause')).toBe(true);
    expect(Object.hasOwn(roundTrip(new Error('x')) as object, 'cause')).toBe(false);
  });

  it('of an aborted signal comes back as the DOMException it is', () => {
    const error: unknown = AbortSignal.abort().reason;
    const back = roundTrip(error);
    expect(back).toBeInstanceOf(DOMException);
    expect(back).toMatchObject({ name: 'AbortError', code: 20, message: 'This operation was aborted' });
  });

  it('of a class of its own comes back as the nearest built-in class, with its name and its properties', () => {
    const error = new MyError('lost');
    const back = roundTrip(error);
    expect(Object.getPrototypeOf(back)).toBe(TypeError.prototype);
    expect(back).toMatchObject({ name: 'MyError', status: 404, message: 'lost', stack: error.stack });
    expect(encodeValue(error).text).toMatch(/^\{"\$":"TypeError","v":\{"as":"MyError"/);
    expect(roundTrip(new PipeError('QUEUE_BUSY', 'busy'))).toMatchObject({
      name: 'PipeError',
      code: 'QUEUE_BUSY',
    });
  });

  it('with what is inherited from its class brings it along', () => {
    class Coded extends Error {
      get code(): string {
        return 'E_CODED';
      }
    }
    class OldStyle {
      readonly message = 'old';
    }
    Object.setPrototypeOf(OldStyle.prototype, Error.prototype);
    expect(roundTrip(new Coded('x'))).toHaveProperty('code', 'E_CODED');
    expect(roundTrip(new OldStyle())).toBeInstanceOf(Error);
    expect(roundTrip(new OldStyle())).toHaveProperty('message', 'old');
  });

  it('may be its own cause', () => {
    const error = new Error('ring');
    error.cause = { error };
    expect(sameValue(roundTrip(error), error)).toBe(true);
  });

  it('that holds what cannot travel is refused with the way to it', () => {
    const error = Object.assign(new Error('x'), { request: () => 1 });
    expect(() => encodeValue(error, { trail: 'result' })).toThrow(/^result → request: the function request/);
  });
});

function systemError(): Error {
  try {
    new URL('no url');
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('a URL was made of nothing');
}
