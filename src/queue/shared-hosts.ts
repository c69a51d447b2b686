import { realpathSync } from 'node:fs';
import { type Share, Store, whyOnlyRead } from '../store/index.ts';
import { QueueHost } from './queue-host.ts';

const open = new Map<string, { readonly host: QueueHost; users: number }>();

/** How a queue is opened: with trust in its owner and its group; shared with users, and by hosts, where it is made. */
export interface OpenOptions {
  readonly trust?: boolean | undefined;
  readonly share?: Share | undefined;
  readonly shared?: boolean | undefined;
}

/** The host of a queue file: one in this process, however many `Queue` objects there are, so that Futures fit. */
export function openHost(path: string, options: OpenOptions = {}): QueueHost {
  // One that is open for writing serves all.
  const written = use(realPath(path), options);
  if (written !== undefined) return written;
  const { trust = false, share, shared } = options;
  const why = whyOnlyRead(path, trust);
  const read = why === undefined ? undefined : use(readKey(path), options);
  if (read !== undefined) return read;
  const host = new QueueHost(new Store(path, { whyOnlyRead: why, share, shared }));
  host.isTrusted = trust;
  open.set(why === undefined ? realPath(path) : readKey(path), { host, users: 1 });
  return host;
}

function use(key: string, { trust = false, shared }: OpenOptions): QueueHost | undefined {
  const known = open.get(key);
  if (!known?.host.store.isOpen || !known.host.store.isCurrent) return undefined;
  known.host.store.assertMode(shared);
  known.users++;
  known.host.isTrusted ||= trust;
  return known.host;
}

/** No path begins so. */
function readKey(path: string): string {
  return `read ${realPath(path)}`;
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
