// Adds many tasks with random arguments, which come to all places of an index, against a tenth of them in a new queue.
import { add, addSmall, randomNumbers } from '../lib/add.ts';
import { measure } from '../lib/place.ts';

await measure(async ({ folder, queue, size }) => {
  const random = randomNumbers(7);
  const small = await addSmall(folder, size / 10, random);
  const whole = await add(queue, size, random);
  return { add: size / whole, growth: whole / 10 / small };
});
