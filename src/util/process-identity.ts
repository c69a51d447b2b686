import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { lookInProc, lookWithPs, type Sighting } from './process-table.ts';

/**
 * Tells one process from every other, also from later ones of the same id.
 * `host` is the host's name, and that of the process id namespace when it is not the host's own (in a container);
 * `boot` the id of the host's boot; `startTime` opaque text, empty when the process could not be seen.
 */
export interface ProcessIdentity {
  readonly host: string;
  readonly boot: string;
  readonly pid: number;
  readonly startTime: string;
}

/** The identity of a process of this host, by default this one. */
export function processIdentity(pid: number = process.pid): ProcessIdentity {
  const sighting = look(pid);
  const startTime = sighting.state === 'running' ? sighting.startTime : '';
  return { ...here(), pid, startTime };
}

/**
 * Whether a process is proven dead: it ran on this host, and either the host has booted since, or its id is gone,
 * a zombie's, or that of a process started at another time. Of another host nothing is ever proven.
 */
export function isProvenDead(identity: ProcessIdentity): boolean {
  return fate(identity) === 'dead';
}

/** Whether this very process is seen alive on this host. False also when that cannot be told. */
export function isAlive(identity: ProcessIdentity): boolean {
  return fate(identity) === 'alive';
}

function fate({ host, boot, pid, startTime }: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  const now = here();
  if (host !== now.host) return 'unknown';
  if (boot !== now.boot) return 'dead';
  const sighting = look(pid);
  if (sighting.state === 'gone') return 'dead';
  if (sighting.state === 'unseen' || startTime === '') return 'unknown';
  return sighting.startTime === startTime ? 'alive' : 'dead';
}

function look(pid: number): Sighting {
  return hasProc() ? lookInProc(pid) : lookWithPs(pid);
}

let place: { readonly host: string; readonly boot: string } | undefined;

function here(): { readonly host: string; readonly boot: string } {
  place ??= { host: hostname() + ownNamespace(), boot: bootId() };
  return place;
}

// The kernel gives this number to the first process id namespace of every boot (PROC_PID_INIT_INO).
const INITIAL_NAMESPACE = 'pid:[4026531836]';

/** Equal process ids in two namespaces are two processes, so the namespace is a part of the place. */
function ownNamespace(): string {
  try {
    const namespace = readlinkSync('/proc/self/ns/pid');
    return namespace === INITIAL_NAMESPACE ? '' : ` ${namespace}`;
  } catch {
    return '';
  }
}

function bootId(): string {
  try {
    if (hasProc()) return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}

let procIsThere: boolean | undefined;

function hasProc(): boolean {
  procIsThere ??= existsSync('/proc/self/stat');
  return procIsThere;
}
