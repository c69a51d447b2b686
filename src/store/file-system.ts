import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';

// `f_type` of statfs(2), from linux/magic.h and the file systems' own headers. Cluster file systems on block devices
// that several hosts use (GFS2, OCFS2) are missing on purpose, and so is FUSE, behind which anything may be.
const LINUX: readonly number[] = [
  0xef53, // ext2, ext3, ext4
  0x58465342, // XFS
  0x9123683e, // Btrfs
  0xca451a4e, // bcachefs
  0x2fc12fc1, // ZFS
  0xf2f52010, // F2FS
  0x01021994, // tmpfs
  0x858458f6, // ramfs
  0x794c7630, // overlayfs
  0x61756673, // aufs
  0xf15f, // eCryptfs
  0x3153464a, // JFS
  0x52654973, // ReiserFS
  0x3434, // NILFS
  0x24051905, // UBIFS
  0x4d44, // FAT
  0x2011bab0, // exFAT
  0x7366746e, // NTFS
  0x482b, // HFS+
];
// Numbers that the kernel of macOS gives to APFS and HFS+.
const MACOS: readonly number[] = [26, 17];

/**
 * Whether a path, or the nearest folder above it that is there, lies on a file system known to belong to this machine
 * alone. Of any other it is to be assumed that several hosts use it.
 */
export function isLocal(path: string): boolean {
  return isLocalType(fileSystemType(path));
}

export function isLocalType(type: number, platform: NodeJS.Platform = process.platform): boolean {
  return (platform === 'darwin' ? MACOS : LINUX).includes(type);
}

/** For messages. */
export function fileSystemName(path: string): string {
  return `file system type 0x${fileSystemType(path).toString(16)}`;
}

function fileSystemType(path: string): number {
  try {
    return statfsSync(path).type;
  } catch (error) {
    if (dirname(path) === path || !(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      throw error;
    return fileSystemType(dirname(path));
  }
}
