import { describe, expect, test } from '@jest/globals';
import { isOurState, newState, STATE_SECONDS } from '../../../src/http/install-state.ts';

const SECRET = 'a-secret-for-the-state';
const NOW = Date.UTC(2026, 10, 23, 9);

describe('the state of an installation', () => {
  const made = newState(SECRET, NOW);
  const { state, half } = made;
  const later = NOW + STATE_SECONDS * 1000;

  test('counts in the browser that began, for ten minutes', () => {
    expect(isOurState(SECRET, made, NOW)).toBe(true);
    expect(isOurState(SECRET, made, later)).toBe(true);
    expect(isOurState(SECRET, made, later + 1000)).toBe(false);
  });

  test.each([
    ['with another half', { state, half: newState(SECRET, NOW).half }],
    ['without the half', { state, half: '' }],
    ['with a later end', { state: state.replace(/^\d+/, (end) => String(Number(end) + 60)), half }],
    ['without a signature', { state: state.split('.')[0] ?? '', half }],
    ['with nothing', { state: '', half }],
    ['with more behind it', { state: `${state}A`, half }],
  ])('does not count %s', (_name, forged) => {
    expect(isOurState(SECRET, forged, NOW)).toBe(false);
  });

  test('does not count under another secret, and no two are alike', () => {
    expect(isOurState('another-secret-entirely', made, NOW)).toBe(false);
    expect(newState(SECRET, NOW).state).not.toBe(state);
  });
});
