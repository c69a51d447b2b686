// What Node itself needs to start the program `true` and to see its end, two at a time, with nothing captured.
import { spawn } from 'node:child_process';
import { check, seconds, sizeWanted } from '../lib/place.ts';

const size = sizeWanted();
let started = 0;

const whole = await seconds(() => Promise.all([oneByOne(), oneByOne()]));
console.log(JSON.stringify({ shell: size / whole }));

async function oneByOne(): Promise<void> {
  while (started < size) {
    started++;
    const code = await new Promise((resolve, reject) => {
      spawn('true', { stdio: 'ignore' }).once('exit', resolve).once('error', reject);
    });
    check(code === 0, 'the exit code of true');
  }
}
