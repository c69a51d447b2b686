import { SecretValues } from '../util/index.ts';

/** What is in a queue holds no secrets of those who ran it; nor is one of whoever looks at it to be shown. */
export function maskOutput(stream: NodeJS.WriteStream): void {
  const secrets = SecretValues.of(process.env);
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  const masking = (chunk: unknown, ...rest: unknown[]): boolean =>
    write(typeof chunk === 'string' ? secrets.mask(chunk) : chunk, ...rest);
  stream.write = masking as typeof stream.write;
}
