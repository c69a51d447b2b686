import { onTestFinished } from 'vitest';
import { mountDisk } from './mount-disk.ts';
import { makeFolder } from './place.ts';

/** A folder of a network file system as so many hosts see it; undefined where that cannot be had. */
export function networkDisk(hosts: number): readonly string[] | undefined {
  const disk = mountDisk(makeFolder(), hosts);
  onTestFinished(() => disk?.unmount());
  return disk?.hosts;
}
