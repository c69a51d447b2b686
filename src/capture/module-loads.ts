import { isMadeBy, isMakerCall } from './import-table.ts';
import { moduleService } from './runner-wrappers.ts';
import type { SourceFile } from './source-file.ts';
import { type Node, stringValue } from './syntax.ts';

/** The modules that a node imports when it is run, by the text that names them. */
export function loadedNow(node: Node, file: SourceFile): readonly string[] {
  const source = loadSource(node, file);
  return [source && constantText(source)].flatMap((specifier) => specifier ?? []);
}

/** Whether a node imports a module beside its own that is known only when it is run. */
export function isComputedImport(node: Node): boolean {
  const source = importSource(node);
  if (source === undefined || constantText(source) !== undefined) return false;
  return /^\.{1,2}\//.test(textBegin(source));
}

function loadSource(node: Node, file: SourceFile): Node | undefined {
  const source = importSource(node);
  if (source !== undefined || node.type !== 'CallExpression') return source;
  return isRequire(node.callee, file) ? node.arguments[0] : undefined;
}

function importSource(node: Node): Node | undefined {
  if (node.type === 'ImportExpression') return node.source;
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return undefined;
  return moduleService(node.callee.name) === 'import' ? node.arguments[0] : undefined;
}

/** `require` itself, under any name that `createRequire` gave to one. */
function isRequire(callee: Node, file: SourceFile): boolean {
  if (callee.type === 'CallExpression') return isMakerCall(callee, 'createRequire', file);
  if (callee.type !== 'Identifier') return false;
  if (moduleService(callee.name) === 'require') return true;
  const variable = file.referenceAt(callee.start)?.resolved;
  return variable !== null && variable !== undefined && isMadeBy(variable, 'createRequire', file);
}

function constantText(node: Node): string | undefined {
  if (node.type !== 'TemplateLiteral') return stringValue(node);
  return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined;
}

/** What the text of an expression begins with, as far as it is written there. */
function textBegin(node: Node): string {
  if (node.type === 'TemplateLiteral') return node.quasis[0]?.value.cooked ?? '';
  if (node.type === 'BinaryExpression' && node.operator === '+') return textBegin(node.left);
  return stringValue(node) ?? '';
}
