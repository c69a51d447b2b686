import { describe, expect, it } from 'vitest';
import { capture, load, roundTrip } from './hooks.ts';

describe('a program', () => {
  it('is the same object while nothing can have changed', () => {
    const limit = 3;
    const captured = capture((x: number) => x > limit);
    expect(captured.program()).toBe(captured.program());
  });

  it('holds variables as they are at each call', async () => {
    let n = 1;
    const captured = capture(() => n);
    const first = captured.program();
    expect(captured.program()).toBe(first);
    n = 2;
    const second = captured.program();
    expect(second.identity).not.toBe(first.identity);
    expect([(await load(first)).instantiate()(), (await load(second)).instantiate()()]).toEqual([1, 2]);
    n = 1;
    expect(captured.program().identity).toBe(first.identity);
  });

  it('holds a variable that a helper reads as it is at each call', () => {
    let n = 1;
    const helper = () => n;
    const captured = capture(() => helper());
    const first = captured.program();
    n = 5;
    expect(captured.program().identity).not.toBe(first.identity);
  });

  it('holds objects as they were when they were first met', () => {
    const list = [1];
    let n = 1;
    const captured = capture(() => list.concat(n));
    captured.program();
    list.push(2);
    n = 2;
    expect(captured.program().text).not.toContain('[1,2]');
  });
});

describe('verifyUnchanged', () => {
  it('passes when data is what it was', () => {
    const params = { n: 1, list: [1] };
    const captured = capture(() => [params.n, params.list.map(String)]);
    captured.verifyUnchanged();
    captured.program();
    captured.verifyUnchanged();
  });

  it('tells which member changed, from what to what', () => {
    const params = { n: 10, other: 1 };
    const captured = capture(() => params.n);
    captured.program();
    params.other = 2;
    captured.verifyUnchanged();
    params.n = 20;
    expect(() => captured.verifyUnchanged()).toThrow(
      /CAPTURE_CHANGED task → params\.n 10 → 20: .*pass it as an argument/,
    );
  });

  it('tells what changed deep inside data, also of helpers', () => {
    const table = { rows: [{ id: 1 }, { id: 2 }] };
    const helper = () => table;
    const captured = capture(() => helper());
    captured.program();
    (table.rows[1] as { id: number }).id = 7;
    expect(() => captured.verifyUnchanged()).toThrow(/task → helper → table\.rows\[1\]\.id 2 → 7/);
  });

  it('does not mind a variable that got another value', () => {
    let row = { id: 1 };
    const captured = capture(() => row.id);
    captured.program();
    row = { id: 2 };
    captured.program();
    captured.verifyUnchanged();
  });
});

describe('a rebuilt function', () => {
  it('has its own data each time it is made', async () => {
    const list: number[] = [];
    const loaded = await load(capture((n: number) => list.push(n)).program());
    expect(loaded.isShared).toBe(false);
    expect([loaded.instantiate()(1), loaded.instantiate()(1)]).toEqual([1, 1]);
    expect(list).toEqual([]);
  });

  it('is made once when it holds nothing that can change', async () => {
    const limit = 3;
    const loaded = await load(capture((n: number) => n > limit).program());
    expect(loaded.isShared).toBe(true);
    expect(loaded.instantiate()).toBe(loaded.instantiate());
  });

  it('gets large arrays through blobs', async () => {
    const large = Float64Array.from({ length: 20_000 }, (_, index) => index);
    const program = capture(() => large.at(-1)).program();
    expect(program.blobs).toHaveLength(1);
    expect(program.text.length).toBeLessThan(5_000);
    expect((await load(program)).instantiate()()).toBe(19_999);
  });

  it('keeps a class and its instances apart from the original', async () => {
    class Counter {
      static made = 1;
      value = ++Counter.made;
    }
    expect(await roundTrip(() => new Counter().value + Counter.made)).toBe(4);
    expect(Counter.made).toBe(1);
  });
});
