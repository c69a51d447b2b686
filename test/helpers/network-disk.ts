import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { makeFolder } from './place.ts';

const SERVER = '/usr/lib/openssh/sftp-server';

/**
 * Folders that are one, seen over a network file system as by so many hosts: mounts of sshfs, each with its own server
 * and its own caches, and no locks between them. Undefined where that cannot be had: it takes root, FUSE and Debian's
 * packages sshfs and openssh-sftp-server.
 */
export function networkDisk(hosts: number): readonly string[] | undefined {
  if (process.getuid?.() !== 0 || !existsSync(SERVER) || !existsSync('/dev/fuse')) return undefined;
  const folder = makeFolder();
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  // In place of ssh: the server answers at its own standard input.
  const command = join(folder, 'ssh');
  writeFileSync(command, `#!/bin/sh\nexec ${SERVER}\n`, { mode: 0o700 });
  try {
    return Array.from({ length: hosts }, (_, host) => mount(join(folder, `host${host}`), { command, disk }));
  } catch {
    return undefined;
  }
}

function mount(
  point: string,
  { command, disk }: { readonly command: string; readonly disk: string },
): string {
  mkdirSync(point);
  execFileSync('sshfs', ['-o', `ssh_command=${command}`, `x:${disk}`, point], {
    stdio: 'ignore',
    timeout: 10_000,
  });
  onTestFinished(() => {
    execFileSync('umount', ['-l', point]);
  });
  if (statfsSync(point).type !== 0x65735546) throw new Error(`${point} is not mounted`);
  return point;
}
