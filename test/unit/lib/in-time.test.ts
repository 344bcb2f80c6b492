import { expect, test } from '@jest/globals';
import { inTime } from '../../../src/lib/in-time.ts';

const late = () => new Error('too late');

test('gives what the work gives, or why it failed', async () => {
  await expect(inTime(Promise.resolve(7), 60_000, late)).resolves.toBe(7);
  await expect(inTime(Promise.reject(new Error('broken')), 60_000, late)).rejects.toThrow('broken');
});

test('waits no longer than it was told', async () => {
  await expect(inTime(new Promise(() => {}), 1, late)).rejects.toThrow('too late');
});
