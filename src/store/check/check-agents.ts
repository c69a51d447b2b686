import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isProvenDead } from '../../util/index.ts';
import type { Database } from '../driver.ts';
import { identityOf, liveProcesses, type ProcessRow } from '../sql/processes.ts';
import { EXAMPLES, type Finding } from './finding.ts';

/** Managers and agents that have not said that they ended, and are gone; and what agents left in their folders. */
export function checkAgents(db: Database, directory: string): Finding[] {
  const alive = [...liveProcesses(db, 'manager'), ...liveProcesses(db, 'agent')];
  return [...gone(db, alive.filter(isGone)), ...leftFolders(directory, alive)];
}

function isGone(row: ProcessRow): boolean {
  const identity = identityOf(row);
  return identity !== undefined && isProvenDead(identity);
}

function gone(db: Database, rows: readonly ProcessRow[]): Finding[] {
  if (rows.length === 0) return [];
  const running = db.get<{ n: number }>(
    'SELECT count(*) n FROM task WHERE state = 4 AND agent IN (SELECT value FROM json_each(?))',
    JSON.stringify(rows.map(({ id }) => id)),
  );
  return [
    {
      code: 'PROCESS_GONE',
      level: 'note',
      count: rows.length,
      what: `Managers and agents that were killed, or died with the machine; they held ${running?.n ?? 0} running tasks`,
      means: 'Their tasks are put back as soon as anything works on the queue again.',
      cure: 'tspipe spawn -q NAME',
      examples: rows.slice(0, EXAMPLES).map(({ kind, pid, host }) => `${kind} ${pid} on ${host}`),
    },
  ];
}

function leftFolders(directory: string, alive: readonly ProcessRow[]): Finding[] {
  const ids = new Set(alive.map(({ id }) => String(id)));
  const left = namesIn(join(directory, 'workers')).filter((name) => !ids.has(name));
  if (left.length === 0) return [];
  return [
    {
      code: 'FOLDER_LEFT',
      level: 'note',
      count: left.length,
      what: 'Folders of agents that have ended, with what their workers wrote last',
      means: 'They harm nobody.',
      cure: 'While nothing works on the queue they may be deleted.',
      examples: left.slice(0, EXAMPLES).map((name) => join('workers', name)),
    },
  ];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
