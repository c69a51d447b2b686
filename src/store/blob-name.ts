const NAME = /^[0-9a-f]{64}$/;

/** Whether a text is the name of a blob: the hash of its content. */
export function isBlobName(name: unknown): name is string {
  return typeof name === 'string' && NAME.test(name);
}
