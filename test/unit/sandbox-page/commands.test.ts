import { expect, test } from '@jest/globals';
import { matching, readCommand } from '../../../src/sandbox/page/slack/commands.ts';
import { moved, offered } from '../../../src/sandbox/page/ui/picking.ts';

const commands = ['/drive', '/lead', '/leads', '/rescue', '/rescue help', '/rescue people'].map((name) => ({
  name,
  summary: '',
  usage: '',
}));
const names = (typed: string) => matching(typed, commands).map(({ name }) => name);

test.each([
  ['/', ['/drive', '/lead', '/leads', '/rescue']],
  ['/LE', ['/lead', '/leads']],
  ['/res', ['/rescue']],
  ['/rescue', ['/rescue', '/rescue help', '/rescue people']],
  ['/rescue p', ['/rescue people']],
  ['/drive Anna', []],
  ['hello /drive', []],
  ['', []],
])('%s offers %j', (typed, offer) => {
  expect(names(typed)).toEqual(offer);
});

test('a line is a command when its first word is one', () => {
  expect(readCommand('/drive Anna  Karlsson', commands)).toEqual({ command: '/drive', text: 'Anna  Karlsson' });
  expect(readCommand('/rescue help', commands)).toEqual({ command: '/rescue', text: 'help' });
  expect(readCommand('/nothing', commands)).toBeUndefined();
  expect(readCommand('say /drive', commands)).toBeUndefined();
});

test('lists are searched by words and walked in a circle', () => {
  const options = ['Sofia Lindqvist', 'Erik Holm'].map((text) => ({ option: { text } }));
  expect(offered(options, 'lind SOF')).toEqual([options[0]]);
  expect(moved('ArrowDown', 1, 2)).toBe(0);
  expect(moved('ArrowUp', 0, 2)).toBe(1);
  expect(moved('End', 0, 2)).toBe(1);
  expect(moved('x', 0, 2)).toBeUndefined();
  expect(moved('ArrowDown', 0, 0)).toBeUndefined();
});
