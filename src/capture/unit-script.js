/** Puts the variables of a function around its text. Functions are made first and linked later, so cycles work. */
export function unitScript({ kind, isStrict, text, names }) {
  const declared = names.filter((name) => !UNDECLARABLE.has(name)).join(',');
  const variables = declared === '' ? '' : `let ${declared};`;
  const link = declared === '' ? '()=>{}' : `($tspipe)=>{({${declared}}=$tspipe)}`;
  const [before, after] = kind === 'method' ? METHOD : EXPRESSION;
  const prefix = `(()=>{${isStrict ? "'use strict';" : ''}${variables}return [${link},${before}`;
  return { code: `${prefix}${text}${after}]})`, prefix: prefix.length };
}
const UNDECLARABLE = new Set(['undefined', 'eval', 'arguments']);
const EXPRESSION = ['()=>(', ')'];
const METHOD = ['()=>{const $tspipe={', '};for(const $key in $tspipe)return $tspipe[$key]}'];
//# sourceMappingURL=unit-script.js.map
