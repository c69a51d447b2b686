import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SERVER = '/usr/lib/openssh/sftp-server';
const FUSE = 0x65735546;

/** One folder as several hosts see it. */
export interface MountedDisk {
  /** The folder at each host. */
  readonly hosts: readonly string[];
  unmount(): void;
}

/**
 * A folder seen over a network file system: mounts of sshfs, each with its own server and its own caches, and no locks
 * between them. Undefined where that cannot be had: it takes root, FUSE and Debian's packages sshfs and
 * openssh-sftp-server.
 */
export function mountDisk(folder: string, hosts: number): MountedDisk | undefined {
  if (process.getuid?.() !== 0 || !existsSync(SERVER) || !existsSync('/dev/fuse')) return undefined;
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  // In place of ssh: the server answers at its own standard input.
  const command = join(folder, 'ssh');
  writeFileSync(command, `#!/bin/sh\nexec ${SERVER}\n`, { mode: 0o700 });
  const mounted: string[] = [];
  const unmount = (): void => {
    for (const point of mounted.splice(0)) execFileSync('umount', ['-l', point]);
  };
  try {
    for (let host = 0; host < hosts; host++) {
      const point = join(folder, `host${host}`);
      mkdirSync(point);
      const words = ['-o', `ssh_command=${command}`, `x:${disk}`, point];
      execFileSync('sshfs', words, { stdio: 'ignore', timeout: 10_000 });
      if (statfsSync(point).type !== FUSE) throw new Error(`${point} is not mounted`);
      mounted.push(point);
    }
    return { hosts: [...mounted], unmount };
  } catch {
    unmount();
    return undefined;
  }
}
