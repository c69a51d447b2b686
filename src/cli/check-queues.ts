import { styleText } from 'node:util';
import { checkQueue, type Finding, type QueueCheck, type QueueRepair, repairQueue } from '../store/index.ts';
import { ExitCode } from './exit-code.ts';
import { visibleLine, visibleText } from '../util/index.ts';
import { jsonText, print } from './print.ts';
import { queueFilesOf } from './select-queues.ts';
import { describeRepair } from './describe-repair.ts';
import { hasColour } from './terminal.ts';

/** A queue as `check --json` shows it. */
interface CheckEntry extends QueueCheck {
  readonly repair?: QueueRepair;
}

/** Checks queues, writes what was found to standard output, and sets the exit code; repairs them where it is asked to. */
export async function checkQueues(
  words: readonly string[],
  { asJson, repairs }: { readonly asJson: boolean; readonly repairs: boolean },
): Promise<void> {
  const entries: CheckEntry[] = [];
  for (const path of queueFilesOf(words)) {
    const check = checkQueue(path);
    if (!asJson) await print(describe(check));
    const repair = repairs ? repairQueue(path) : undefined;
    entries.push(repair === undefined ? check : { ...check, repair });
    if (repair === undefined) continue;
    const again = checkQueue(repair.path);
    entries.push(again);
    if (!asJson) await print(visibleText(describeRepair(repair)) + describe(again));
  }
  if (asJson) await print(`${jsonText(entries, 2)}\n`);
  if (entries.some(({ findings }) => faultsOf(findings) > 0)) process.exitCode = ExitCode.FAILED;
}

function faultsOf(findings: readonly Finding[]): number {
  return findings.filter(({ level }) => level === 'fault').length;
}

function describe({ path, tasks, findings }: QueueCheck): string {
  const size = tasks === null ? 'its tasks cannot be counted' : `${tasks} task${tasks === 1 ? '' : 's'}`;
  const faults = faultsOf(findings);
  const verdict = faults === 0 ? 'no fault' : `${faults} fault${faults === 1 ? '' : 's'}`;
  return [`${visibleLine(path)}: ${size}, ${verdict}`, ...findings.map(describeFinding), ''].join('\n');
}

function describeFinding({ code, level, count, what, means, cure, examples }: Finding): string {
  const head = level === 'fault' ? mark('FAULT', 'red') : mark('note', 'yellow');
  const shown = examples.map((example) => `      ${visibleLine(example)}`);
  if (examples.length > 0 && count > examples.length) shown.push(`      and ${count - examples.length} more`);
  return [`  ${head} ${code}: ${what}.`, ...shown, `    ${means}`, `    To do: ${cure}`].join('\n');
}

function mark(text: string, colour: 'red' | 'yellow'): string {
  return hasColour(process.stdout) ? styleText(colour, text, { validateStream: false }) : text;
}
