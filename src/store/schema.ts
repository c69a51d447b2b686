/** Marks a file as a queue of tspipe ("tspq"). */
export const APPLICATION_ID = 0x74737071;

/**
 * Numbered migrations: the file's `user_version` counts how many were applied. A released one is never edited.
 * Integer keys and states, and payload, attempts and results in tables of their own, keep the rows that change
 * small.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

  -- Captured code, once for each text: equal identities may differ in comments, lines and versions of packages.
  CREATE TABLE program (
    id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, identity TEXT NOT NULL, text TEXT NOT NULL, blob TEXT, source TEXT NOT NULL,
    parameters TEXT NOT NULL, file TEXT, line INTEGER, versions TEXT NOT NULL
  );
  CREATE TABLE app_name (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, calls INTEGER NOT NULL DEFAULT 0);
  -- An app as of some code, kind and declared environment; "program" is the newest of that identity.
  CREATE TABLE app (
    id INTEGER PRIMARY KEY, name INTEGER NOT NULL, kind TEXT NOT NULL, identity TEXT NOT NULL,
    program INTEGER NOT NULL, UNIQUE (name, identity)
  );
  CREATE TABLE task_manager (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, environ TEXT NOT NULL, scheduler TEXT NOT NULL,
    provider TEXT NOT NULL
  );
  -- Tasks that a scheduler need not tell apart: same task manager, working directory and options.
  CREATE TABLE lane (
    id INTEGER PRIMARY KEY, task_manager INTEGER NOT NULL, cwd TEXT NOT NULL, options TEXT NOT NULL,
    priority REAL NOT NULL, UNIQUE (task_manager, cwd, options, priority)
  );

  -- A call, whatever the code: app name and arguments. "latest" is its newest task. Row ids of calls and tasks are
  -- never used again: other tasks, and Futures in running scripts, know them by these.
  CREATE TABLE call (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name INTEGER NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL, args TEXT,
    blob TEXT, latest INTEGER, UNIQUE (name, key)
  );
  -- "previous" is the task of the same call with older code; "attempts" the number of the newest attempt: its fence.
  CREATE TABLE task (
    id INTEGER PRIMARY KEY AUTOINCREMENT, call INTEGER NOT NULL, app INTEGER NOT NULL, lane INTEGER NOT NULL,
    state INTEGER NOT NULL, unfinished INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0, handed INTEGER NOT NULL DEFAULT 0, agent INTEGER, previous INTEGER,
    identity BLOB NOT NULL
  );
  CREATE INDEX task_pending ON task (lane, id) WHERE state = 3;
  CREATE INDEX task_running ON task (agent, id) WHERE state = 4;
  -- kind: 0 in the arguments, 1 after, 2 settled, 3 returned by the task.
  CREATE TABLE requires (
    task INTEGER NOT NULL, kind INTEGER NOT NULL, position INTEGER NOT NULL, requirement INTEGER NOT NULL,
    PRIMARY KEY (task, kind, position)
  ) WITHOUT ROWID;
  CREATE INDEX requires_requirement ON requires (requirement);
  -- How many tasks are in which state, kept with every change.
  CREATE TABLE tally (
    app INTEGER NOT NULL, lane INTEGER NOT NULL, state INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (app, lane, state)
  ) WITHOUT ROWID;

  -- One row at the end of an attempt; its id is the cursor of completions.
  CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT, task INTEGER NOT NULL, number INTEGER NOT NULL, state INTEGER NOT NULL,
    account INTEGER NOT NULL, agent INTEGER, worker INTEGER, started INTEGER, seconds REAL, exit_code INTEGER,
    signal TEXT, error TEXT, program INTEGER, note TEXT
  );
  CREATE INDEX attempt_task ON attempt (task);
  -- stream: 1 standard output, 2 standard error.
  CREATE TABLE output (
    attempt INTEGER NOT NULL, stream INTEGER NOT NULL, text TEXT, blob TEXT, PRIMARY KEY (attempt, stream)
  ) WITHOUT ROWID;
  CREATE TABLE result (task INTEGER PRIMARY KEY, text TEXT, blob TEXT, hash BLOB NOT NULL);
  CREATE TABLE checkpoint (task INTEGER PRIMARY KEY, text TEXT NOT NULL, blob TEXT);

  -- Managers and agents, also ended ones. versions: of Node and tspipe, as JSON. stop: 0 go on, 1 end after the running tasks, 2 end now.
  CREATE TABLE process (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, host TEXT, boot TEXT, pid INTEGER, start_time TEXT,
    started INTEGER NOT NULL, ended INTEGER, stop INTEGER NOT NULL DEFAULT 0, provider TEXT, job TEXT,
    starter INTEGER, settings TEXT NOT NULL DEFAULT '{}', versions TEXT
  );
  CREATE INDEX process_alive ON process (kind) WHERE ended IS NULL;
  -- How many workers of a task manager an agent may run.
  CREATE TABLE slot (
    agent INTEGER NOT NULL, task_manager INTEGER NOT NULL, workers INTEGER NOT NULL, PRIMARY KEY (agent, task_manager)
  ) WITHOUT ROWID;
  -- Running tasks that a user ended: the agent is to end their processes.
  CREATE TABLE kill_request (
    agent INTEGER NOT NULL, task INTEGER NOT NULL, attempt INTEGER NOT NULL, PRIMARY KEY (agent, task, attempt)
  ) WITHOUT ROWID;
  -- Where only some Futures are asked for: the tasks they need.
  CREATE TABLE scope (task INTEGER PRIMARY KEY);
  `,
  `
  -- due, wait: a PENDING task is not claimed before "due" (milliseconds since 1970), "wait" milliseconds after it was
  -- put back; due is null for all others. alone: its worker runs nothing beside it.
  ALTER TABLE task ADD COLUMN due INTEGER;
  ALTER TABLE task ADD COLUMN wait INTEGER;
  ALTER TABLE task ADD COLUMN alone INTEGER NOT NULL DEFAULT 0;
  DROP INDEX task_pending;
  CREATE INDEX task_pending ON task (lane, id) WHERE state = 3 AND due IS NULL;
  CREATE INDEX task_delayed ON task (due, lane) WHERE due IS NOT NULL;
  -- Bytes, of its worker and what it started.
  ALTER TABLE attempt ADD COLUMN peak_memory INTEGER;
  `,
  `
  -- Tasks that are blocked, or did not end as they were to, by state; and since when tasks wait out a delay. Both are
  -- found among millions; adding and running the others costs 0.1 µs more each.
  CREATE INDEX task_unusual ON task (state) WHERE state = 2 OR state > 5;
  CREATE INDEX task_put_back ON task (due - wait) WHERE due IS NOT NULL;
  `,
  `
  -- A result's hash follows from its text and the name of its blob, which is that of the blob's content.
  ALTER TABLE result DROP COLUMN hash;
  `,
];
