import { types } from 'node:util';
import type { Kind } from './kind.ts';
import { expectList, malformed } from './malformed.ts';
import { assertNoExtras } from './own-keys.ts';
import { shortText } from './trail.ts';

/** The order of insertion is part of the value, in the key too: a loop over two Maps that differ in it differs. */
export const mapKind: Kind<Map<unknown, unknown>> = {
  is: types.isMap,
  write(value, sink) {
    assertNoExtras(value, sink.trail);
    let before = '[[';
    for (const [key, item] of Map.prototype.entries.call(value)) {
      sink.put(before);
      sink.child(() => `.key(${shortText(key)})`, key);
      sink.put(',');
      sink.child(() => `.get(${shortText(key)})`, item);
      before = '],[';
    }
    sink.put(before === '[[' ? '[]' : ']]');
  },
  read(body, source, keep) {
    const map = new Map<unknown, unknown>();
    keep(map);
    for (const pair of expectList(body, 'Map')) {
      const { 0: key, 1: item, length } = expectList(pair, 'entry of a Map');
      if (length !== 2) throw malformed('An entry of a stored Map is no pair.');
      const readKey = source.child(key);
      map.set(readKey, source.child(item));
    }
    return map;
  },
};

/** The order of insertion is part of the value, as in a Map. */
export const setKind: Kind<Set<unknown>> = {
  is: types.isSet,
  write(value, sink) {
    assertNoExtras(value, sink.trail);
    sink.put('[');
    let index = 0;
    for (const item of Set.prototype.values.call(value)) {
      if (index > 0) sink.put(',');
      const place = index++;
      sink.child(() => `.item(${place})`, item);
    }
    sink.put(']');
  },
  read(body, source, keep) {
    const set = new Set<unknown>();
    keep(set);
    for (const item of expectList(body, 'Set')) set.add(source.child(item));
    return set;
  },
};
