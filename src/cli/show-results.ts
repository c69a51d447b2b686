import {
  csvLine,
  plainJson,
  type ResultColumns,
  resultColumns,
  type ResultRow,
  resultRows,
  showSeconds,
  TextTable,
} from '../insight/index.ts';
import type { Queue } from '../queue/index.ts';
import { showValue } from '../util/index.ts';
import { sayNothingMatched } from './nothing-matched.ts';
import { foreignText, GroupedText, JsonList, print } from './print.ts';
import { terminalWidth } from './terminal.ts';
import { withQueues } from './with-queues.ts';

export type ResultFormat = 'table' | 'csv' | 'json';

interface RowWriter {
  add(row: ResultRow): Promise<void>;
  end(): Promise<void>;
}

/** Writes arguments, results and times of the tasks of an app that succeeded to standard output. */
export async function showResults(
  words: readonly string[],
  name: string,
  format: ResultFormat,
): Promise<void> {
  await withQueues(words, async (queues) => {
    const write = await writerOf(format, queues, name);
    let count = 0;
    for (const queue of queues) {
      for await (const row of resultRows(queue, name)) {
        count++;
        await write.add(row);
      }
    }
    await write.end();
    if (count === 0) sayNothingMatched('result', queues, { name: [name] });
  });
}

async function writerOf(format: ResultFormat, queues: readonly Queue[], name: string): Promise<RowWriter> {
  if (format === 'json') return jsonWriter();
  const lists = queues.map((queue) => resultColumns(queue, name));
  const columns = {
    parameters: [...new Set(lists.flatMap(({ parameters }) => parameters))],
    hasSeveralCodes: lists.some(({ hasSeveralCodes }) => hasSeveralCodes),
  };
  return format === 'csv' ? await csvWriter(columns) : tableWriter(columns);
}

function jsonWriter(): RowWriter {
  const list = new JsonList();
  return {
    add: (row) => list.add([plainJson(row)]),
    end: () => list.end(),
  };
}

// The code stands last, and only where it differs, so that what reads the columns by position goes on to.
async function csvWriter({ parameters, hasSeveralCodes }: ResultColumns): Promise<RowWriter> {
  const last = (value: unknown): readonly unknown[] => (hasSeveralCodes ? [value] : []);
  const csv = (values: readonly unknown[]): string => foreignText(csvLine(values));
  await print(csv(['id', 'index', ...parameters, 'result', 'seconds', ...last('code')]));
  const text = new GroupedText();
  return {
    add: ({ id, index, arguments: args, result, seconds, code }) =>
      text.add(csv([id, index, ...parameters.map((name) => args[name]), result, seconds, ...last(code)])),
    end: () => text.end(),
  };
}

// Widths are settled by the first rows; waiting for all would show nothing for long.
const PAGE = 200;

function tableWriter({ parameters, hasSeveralCodes }: ResultColumns): RowWriter {
  const last = (text: string): readonly string[] => (hasSeveralCodes ? [text] : []);
  const header = ['ID', ...parameters, 'RESULT', 'TIME', ...last('CODE')];
  const table = new TextTable(header, terminalWidth(process.stdout));
  let rows: string[][] = [];
  const end = async (): Promise<void> => {
    if (rows.length > 0) await print(`${table.lines(rows).join('\n')}\n`);
    rows = [];
  };
  return {
    add: async ({ id, arguments: args, result, seconds, code }) => {
      const values = parameters.map((name) => (name in args ? showValue(args[name]) : ''));
      rows.push([id, ...values, showValue(result), showSeconds(seconds), ...last(String(code))]);
      if (rows.length >= PAGE) await end();
    },
    end,
  };
}
