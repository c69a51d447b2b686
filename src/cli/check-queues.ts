import { styleText } from 'node:util';
import { checkQueue, type Finding, type QueueCheck } from '../store/index.ts';
import { ExitCode } from './exit-code.ts';
import { visibleText } from '../util/index.ts';
import { jsonText, print } from './print.ts';
import { queueFilesOf } from './select-queues.ts';
import { hasColour } from './terminal.ts';

/** Checks queues, writes what was found to standard output, and sets the exit code. */
export async function checkQueues(words: readonly string[], asJson: boolean): Promise<void> {
  const checks: QueueCheck[] = [];
  for (const path of queueFilesOf(words)) {
    const check = checkQueue(path);
    checks.push(check);
    if (!asJson) await print(visibleText(describe(check), { keepsColours: true }));
  }
  if (asJson) await print(`${jsonText(checks, 2)}\n`);
  if (checks.some(({ findings }) => faultsOf(findings) > 0)) process.exitCode = ExitCode.FAILED;
}

function faultsOf(findings: readonly Finding[]): number {
  return findings.filter(({ level }) => level === 'fault').length;
}

function describe({ path, tasks, findings }: QueueCheck): string {
  const size = tasks === null ? 'its tasks cannot be counted' : `${tasks} task${tasks === 1 ? '' : 's'}`;
  const faults = faultsOf(findings);
  const verdict = faults === 0 ? 'no fault' : `${faults} fault${faults === 1 ? '' : 's'}`;
  return [`${path}: ${size}, ${verdict}`, ...findings.map(describeFinding), ''].join('\n');
}

function describeFinding({ code, level, count, what, means, cure, examples }: Finding): string {
  const head = level === 'fault' ? mark('FAULT', 'red') : mark('note', 'yellow');
  const shown = examples.map((example) => `      ${visible(example)}`);
  if (examples.length > 0 && count > examples.length) shown.push(`      and ${count - examples.length} more`);
  return [`  ${head} ${code}: ${what}.`, ...shown, `    ${means}`, `    To do: ${cure}`].join('\n');
}

/** What stands in a damaged file may be anything, also what steers a terminal. */
function visible(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll(/[\x7f-\x9f]/g, '\uFFFD');
}

function mark(text: string, colour: 'red' | 'yellow'): string {
  return hasColour(process.stdout) ? styleText(colour, text, { validateStream: false }) : text;
}
