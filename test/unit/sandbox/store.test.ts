import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createStore, type Store } from '../../../src/sandbox/live/store.ts';
import type { Patch } from '../../../src/sandbox/wire.ts';

let store: Store;
let patches: Patch[];
beforeEach(() => {
  jest.useFakeTimers();
  store = createStore();
  patches = [];
  store.subscribe((patch) => patches.push(JSON.parse(patch) as Patch));
});
afterEach(() => void jest.useRealTimers());
const settle = () => jest.advanceTimersByTime(50);

describe('what the page shows', () => {
  test('changes of one moment leave together, once', () => {
    store.put('a', { n: 1 });
    store.put('b', [1]);
    store.put('a', { n: 2 });
    settle();
    store.put('a', { n: 2 });
    store.put('nothing', null);
    settle();
    expect(patches).toEqual([{ put: { a: { n: 2 }, b: [1] } }]);
  });

  test('what is taken away becomes null', () => {
    store.put('a', 1);
    settle();
    store.put('a', null);
    settle();
    expect(patches.at(-1)).toEqual({ put: { a: null } });
    expect(JSON.parse(store.everything())).toEqual({ fresh: true, put: {} });
  });

  test('a whole kind is replaced, others stay', () => {
    store.put('x/1', 1);
    store.put('x/2', 2);
    store.put('y/1', 1);
    settle();
    store.replace(
      'x/',
      new Map([
        ['x/2', 2],
        ['x/3', 3],
      ]),
    );
    settle();
    expect(patches.at(-1)).toEqual({ put: { 'x/1': null, 'x/3': 3 } });
  });

  test('a value that runs on leaves when its tag changes, and is made anew for whoever comes', () => {
    let now = 1;
    store.putLive('clock', 'still', () => now);
    settle();
    now = 2;
    store.putLive('clock', 'still', () => now);
    settle();
    expect(patches).toEqual([{ put: { clock: 1 } }]);
    expect(JSON.parse(store.everything())).toEqual({ fresh: true, put: { clock: 2 } });
    store.putLive('clock', 'turned', () => now);
    settle();
    expect(patches.at(-1)).toEqual({ put: { clock: 2 } });
  });

  test('who comes later does not get again what was in everything', () => {
    store.put('a', 1);
    const late: string[] = [];
    store.subscribe((patch) => late.push(patch));
    expect(JSON.parse(store.everything()).put).toEqual({ a: 1 });
    settle();
    expect(late).toEqual([]);
    expect(patches).toEqual([{ put: { a: 1 } }]);
  });
});
