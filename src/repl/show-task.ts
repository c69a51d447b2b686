import { PipeError } from '../errors.ts';
import { showSeconds } from '../insight/index.ts';
import type { Attempt, Task } from '../queue/index.ts';
import { lastLines, visibleLine, visibleText } from '../util/index.ts';

const SHOWN_LINES = 20;

/** A page on one task: code, arguments, attempts, result, output and error. What is not there has no heading. */
export function showTask(task: Task, inspect: (value: unknown) => string): string {
  const sections: readonly (readonly [string, string])[] = [
    ['code', visibleText(task.app.code)],
    ['arguments', argumentsOf(task, inspect)],
    ['requires', task.requireIds.join(' ')],
    ['attempts', task.attempts.map(describeAttempt).join('\n')],
    ['result', task.state === 'SUCCEEDED' ? inspect(task.result) : ''],
    ['output', visibleText(lastLines(task.out, SHOWN_LINES))],
    ['error', visibleText(lastLines(task.err, SHOWN_LINES))],
  ];
  return [
    `${visibleLine(task.name)}[${task.index}]  ${task.id}  ${task.state}${dueOf(task)}`,
    ...sections.flatMap(([title, text]) => (text === '' ? [] : [title, indented(text)])),
  ].join('\n');
}

function dueOf({ due }: Task): string {
  return due === null ? '' : `, due at ${due.toISOString()}`;
}

function argumentsOf(task: Task, inspect: (value: unknown) => string): string {
  try {
    return Object.entries(task.kwargs)
      .map(([name, value]) => `${name}: ${inspect(value)}`)
      .join('\n');
  } catch (error) {
    // A Future among them has no result.
    if (!(error instanceof PipeError) && !(error instanceof Error)) throw error;
    return `not known yet: ${error.message.split('\n')[0]}`;
  }
}

function describeAttempt({
  number,
  state,
  account,
  host,
  t0,
  dtime,
  errno,
  signal,
  peakMemory,
}: Attempt): string {
  const facts = [
    `${number}`,
    state,
    showSeconds(dtime),
    t0?.toISOString() ?? '',
    host ?? '',
    errno === null || errno === 0 ? '' : `exit code ${errno}`,
    signal ?? '',
    peakMemory === null ? '' : `${(peakMemory / 1e6).toFixed(0)} MB`,
    account === 'counted' ? '' : `(${account})`,
  ];
  return facts.filter((fact) => fact !== '').join('  ');
}

function indented(text: string): string {
  return text.trimEnd().replaceAll(/^/gm, '  ');
}
