import { readChanges } from '../../../src/environment/set-up-changes.ts';
import { mutateText } from '../mutate-text.ts';
import { demand, type Target } from '../target.ts';

const SOUND = [
  'HOME=/home/a\0PATH=/usr/bin:/bin\0SHLVL=1\0_=/usr/bin/env\0',
  'HOME=/home/a\0PATH=/opt/gcc/bin:/usr/bin:/bin\0MODULES=gcc/14\0BASH_FUNC_module%%=() {  eval $x\n}\0',
  'constructor=1\0__proto__=2\0toString=3\0hasOwnProperty=4\0',
  'EMPTY=\0EQUALS=a=b=c\0LINES=a\nb\nc\0UTF8=ä€😀\0',
];

// Between the dump before and the one after the commands.
const BETWEEN = '\u0001';

/** What a login shell writes of its variables, before and after the set-up commands. */
export function setUp(): Target {
  return {
    input: (random) => [0, 1].map(() => mutateText(random, random.pick(SOUND) ?? '', SOUND)).join(BETWEEN),
    read(input) {
      const [before = '', after = ''] = input.split(BETWEEN);
      const { set, unset } = readChanges(before, after);
      demand(Object.getPrototypeOf(set) === Object.prototype, 'variables of another prototype');
      for (const [name, value] of Object.entries(set)) {
        demand(typeof value === 'string' && !`${name}${value}`.includes('\0'), `${name} is no variable`);
        demand(
          name !== '' && !name.includes('=') && after.includes(`${name}=${value}`),
          `${name} was not set`,
        );
        demand(!unset.includes(name), `${name} is set and unset`);
      }
      for (const name of unset) demand(before.includes(`${name}=`), `${name} was not there before`);
      // What is set there and back again leaves no trace.
      const { set: none, unset: nothing } = readChanges(after, after);
      demand(Object.keys(none).length + nothing.length === 0, 'changes where nothing changed');
      return Object.keys(set).length + unset.length > 0;
    },
  };
}
