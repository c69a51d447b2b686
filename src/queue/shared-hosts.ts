import { realpathSync } from 'node:fs';
import { Store } from '../store/index.ts';
import { QueueHost } from './queue-host.ts';

const open = new Map<string, { readonly host: QueueHost; users: number }>();

/** The host of a queue file: one in this process, however many `Queue` objects there are, so that Futures fit. */
export function openHost(path: string, shared?: boolean): QueueHost {
  const known = open.get(realPath(path));
  if (known?.host.store.isOpen && known.host.store.isCurrent) {
    known.host.store.assertMode(shared);
    known.users++;
    return known.host;
  }
  const host = new QueueHost(new Store(path, { shared }));
  open.set(realPath(path), { host, users: 1 });
  return host;
}

/** Gives a host back; the last one to do so closes the file. */
export function releaseHost(host: QueueHost): void {
  const [path, entry] = [...open].find(([, one]) => one.host === host) ?? [];
  if (path !== undefined && entry !== undefined) {
    entry.users--;
    if (entry.users > 0) return;
    open.delete(path);
  }
  host.close();
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
