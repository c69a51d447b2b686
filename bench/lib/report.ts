import type { PeerKey, Program, Row } from './program.ts';
import { type Measured, ofFloor, type Results } from './results.ts';

/** The figures of some programs as a table in Markdown. */
export function report(programs: readonly Program[], results: Results, peers: readonly Program[]): string {
  const lines = programs.flatMap((program) =>
    program.name in results.missing
      ? [[program.rows[0]?.work ?? program.name, '', why(results.missing[program.name]), '', '', '']]
      : program.rows.flatMap((row) => {
          const figure = results.figures[`${program.name}.${row.key}`];
          return figure === undefined ? [] : [line(program, row, { figure, results, peers })];
        }),
  );
  return table(['work', 'goal', 'measured (least – most)', 'goal met', 'of the floor', 'peers'], lines);
}

function line(
  program: Program,
  row: Row,
  {
    figure,
    results,
    peers,
  }: { readonly figure: Measured; readonly results: Results; readonly peers: readonly Program[] },
): string[] {
  const { goal, better, unit } = row;
  const share = ofFloor(`${program.name}.${row.key}`, row, { figures: results.figures, pick: 'median' });
  const than = row.than === undefined ? 1 : (results.figures[row.than]?.median ?? Number.NaN);
  const sign = better === 'more' ? '≥' : '≤';
  const isMet = better === 'more' ? figure.median >= (goal ?? 0) * than : figure.median <= (goal ?? 0) * than;
  const wanted = row.than === undefined ? unit : `× ${row.than.split('.')[0]}`;
  return [
    row.work,
    goal === undefined ? '' : `${sign} ${show(goal)} ${wanted}`,
    `${show(figure.median)} ${unit}${figure.values.length > 1 ? ` (${show(figure.min)} – ${show(figure.max)})` : ''}`,
    goal === undefined ? '' : verdict(isMet, than === 1 ? undefined : figure.median / than),
    share === undefined ? '' : `${show(share)}×`,
    row.peers === undefined ? '' : against(row.peers, row, { figure, results, peers }),
  ];
}

/** `times`: how often it is what it is compared with, where the goal is a multiple of that. */
function verdict(isMet: boolean, times: number | undefined): string {
  if (Number.isNaN(times)) return '?';
  return `${isMet ? 'yes' : 'no'}${times === undefined ? '' : `, ${show(times)}×`}`;
}

/** How many times as fast as each peer, the fastest of them first. */
function against(
  key: PeerKey,
  { better }: Row,
  {
    figure,
    results,
    peers,
  }: { readonly figure: Measured; readonly results: Results; readonly peers: readonly Program[] },
): string {
  return peers
    .flatMap(({ name }) => {
      const other = results.figures[`${name}.${key}`];
      if (other === undefined) return [];
      const times = better === 'more' ? figure.median / other.median : other.median / figure.median;
      return [{ name, times }];
    })
    .sort((a, b) => a.times - b.times)
    .map(({ name, times }) => `${show(times)}× ${name}`)
    .join(', ');
}

/** The peers as a table: a line for each. */
export function peerReport(programs: readonly Program[], { figures, missing }: Results): string {
  const keys: readonly PeerKey[] = ['endToEnd', 'submit', 'submitBulk', 'hop', 'shell', 'cold'];
  const lines = programs.map(({ name }) =>
    name in missing
      ? [name, why(missing[name]), '', '', '', '', '']
      : [
          name,
          ...keys.map((key) => {
            const figure = figures[`${name}.${key}`];
            return figure === undefined ? '–' : show(figure.median);
          }),
        ],
  );
  return table(
    [
      'system',
      'end to end, tasks/s',
      'submit/s',
      'submit in bulk/s',
      'a hop, ms',
      'shell `true`/s',
      'cold, s',
    ],
    lines,
  );
}

function why(reason: string | undefined): string {
  return reason?.split('\n')[0] ?? '';
}

/** Three digits, and all of large whole numbers. */
export function show(value: number): string {
  if (!Number.isFinite(value)) return '?';
  if (Math.abs(value) >= 1000) return Number(value.toPrecision(3)).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

export function table(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  const show = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [show(heads), show(widths.map((width) => '-'.repeat(width))), ...lines.map(show)].join('\n');
}
