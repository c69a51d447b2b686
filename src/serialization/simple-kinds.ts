import { types } from 'node:util';
import type { Kind } from './kind.ts';
import { expectCount, expectList, expectString, malformed } from './malformed.ts';
import { assertNoExtras } from './own-keys.ts';
import { refusal } from './refusal.ts';

export const dateKind: Kind<Date> = {
  is: types.isDate,
  write(value, sink) {
    assertNoExtras(value, sink.trail);
    const time = Date.prototype.getTime.call(value);
    sink.put(Number.isNaN(time) ? 'null' : JSON.stringify(new Date(time).toISOString()));
  },
  read(body) {
    if (body === null) return new Date(Number.NaN);
    const date = new Date(expectString(body, 'Date'));
    if (Number.isNaN(date.getTime())) throw malformed(`There is no date ${JSON.stringify(body)}.`);
    return date;
  },
};

export const urlKind: Kind<URL> = {
  is: (value): value is URL => value instanceof URL,
  write(value, sink) {
    assertNoExtras(value, sink.trail);
    sink.put(JSON.stringify(value.href));
  },
  read(body) {
    const url = URL.parse(expectString(body, 'URL'));
    if (url === null) throw malformed(`There is no URL ${JSON.stringify(body)}.`);
    return url;
  },
};

export const regExpKind: Kind<RegExp> = {
  is: types.isRegExp,
  write(value, sink) {
    assertNoExtras(value, sink.trail, ['lastIndex']);
    const { source, flags, lastIndex } = value;
    if (!Number.isSafeInteger(lastIndex) || lastIndex < 0 || Object.is(lastIndex, -0)) {
      throw refusal(sink.trail, { what: 'the lastIndex of a RegExp is no index', cure: 'Set it to 0 first' });
    }
    sink.put(JSON.stringify([source, flags, lastIndex]));
  },
  read(body) {
    const [source, flags, lastIndex] = expectList(body, 'RegExp');
    const pattern = compiled(expectString(source, 'RegExp'), expectString(flags, 'RegExp'));
    pattern.lastIndex = expectCount(lastIndex, 'RegExp');
    return pattern;
  },
};

function compiled(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (cause) {
    throw malformed(
      `There is no RegExp ${JSON.stringify(source)} with flags ${JSON.stringify(flags)}.`,
      cause,
    );
  }
}
