import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { endInOrder } from '../../src/ending.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { until } from '../support/until.ts';

/** A process whose end is played. */
class Process extends EventEmitter {
  exits: (number | undefined)[] = [];
  closings = 0;
  constructor(close: () => Promise<void> = async () => {}) {
    super();
    endInOrder(this, createLogger('silent'), async () => {
      this.closings++;
      await close();
    });
  }
  exit(code?: number) {
    this.exits.push(code);
  }
}

describe('the end of a process', () => {
  test.each([
    ['a signal', 'SIGTERM', undefined],
    ['a signal from the keyboard', 'SIGINT', undefined],
    ['a promise that nobody waited for', 'unhandledRejection', 1],
    ['an error that nobody caught', 'uncaughtException', 1],
  ])('%s: what is under way is finished, once, before it ends', async (_name, event, code) => {
    let finish = () => {};
    const process = new Process(
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    process.emit(event, new Error('somewhere'));
    process.emit(event, new Error('and again'));
    expect([process.closings, process.exits]).toEqual([1, []]);
    finish();
    await until(() => process.exits.length > 0, 'the end');
    expect(process.exits).toEqual([code]);
  });

  test('what cannot be closed ends with an error', async () => {
    const process = new Process(async () => {
      throw new Error('the database is away');
    });
    process.emit('SIGTERM', 'SIGTERM');
    await until(() => process.exits.length > 0, 'the end');
    expect(process.exits).toEqual([1]);
  });
});
