import vm from 'node:vm';
import { SUPER } from './class-parts.ts';
import type { FunctionFacts } from './function-facts.ts';
import type { FreeName } from './free-names.ts';
import { isAccessorText, isPrivateText } from './method-text.ts';
import { refusal, type Trail } from './refusal.ts';
import { unitScript } from './unit-script.ts';

/** @throws `CAPTURE_REFUSED` for a function whose text means something else, or nothing, at another place. */
export function checkText(facts: FunctionFacts, trail: Trail): void {
  for (const { applies, what, cure } of REASONS) {
    if (applies(facts)) throw refusal(trail, what, cure);
  }
  if (compiled.has(facts)) return;
  try {
    // Compiled here already, so that what cannot be compiled is told at the call and not by a worker.
    new vm.Script(unitScript({ ...facts, names: boundNames(facts) }).code);
  } catch (cause) {
    throw uncompilable(trail, cause);
  }
  compiled.add(facts);
}

const compiled = new WeakSet<FunctionFacts>();

const REASONS: readonly {
  readonly applies: (facts: FunctionFacts) => boolean;
  readonly what: string;
  readonly cure: string;
}[] = [
  {
    applies: ({ place }) => isAccessorText(place),
    what: 'a getter or setter cannot travel alone',
    cure: 'Make it a method, or capture its class',
  },
  {
    applies: ({ place }) => isPrivateText(place),
    what: 'a private method cannot travel alone',
    cure: 'Make it public, or a function outside the class',
  },
  {
    applies: ({ usesSuper, kind }) => usesSuper && kind !== 'class',
    what: 'it uses `super` outside a class that travels',
    cure: 'Name the object or class instead',
  },
  {
    applies: ({ usesThis, place }) => usesThis && place.node.type === 'ArrowFunctionExpression',
    what: 'it uses the `this` of the function around it',
    cure: 'Put that into a const and use the const',
  },
  {
    applies: ({ names }) => names.some(isDirectEval),
    what: 'it calls eval, whose text may name anything',
    cure: 'Write the code as a function',
  },
  {
    applies: ({ names }) => names.some(({ name }) => name === 'arguments'),
    what: 'it uses the `arguments` of the function around it',
    cure: 'Use a rest parameter',
  },
];

function isDirectEval({ name, variable, uses }: FreeName): boolean {
  if (name !== 'eval' || variable !== undefined) return false;
  return uses.some((use) => use.isCalled && use.path.length === 0);
}

/** The variables that the text of a worker has to declare. */
function boundNames(facts: FunctionFacts): readonly string[] {
  const heritage = facts.classParts?.heritage === undefined ? [] : [SUPER];
  return [...facts.names.map(({ name }) => name), ...facts.services.keys(), ...heritage];
}

function uncompilable(trail: Trail, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/[Pp]rivate/.test(message)) {
    return refusal(
      trail,
      'it uses a private member of the class around it',
      'Capture the class itself, or make the member public',
      cause,
    );
  }
  return refusal(
    trail,
    `its text cannot stand alone (${message})`,
    'Write it as a function of its own',
    cause,
  );
}
