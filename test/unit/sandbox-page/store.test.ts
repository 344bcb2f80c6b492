import { expect, test } from '@jest/globals';
import { createStore } from '../../../src/sandbox/page/state/store.ts';
import { countUnread } from '../../../src/sandbox/page/state/unread.ts';
import type { Channel, Message } from '../../../src/sandbox/wire.ts';

const message = (ts: string, user = 'BOT', channel = 'D1'): Message => ({
  channel,
  ts,
  threadTs: null,
  user,
  text: ts,
  blocks: [],
  files: [],
  reactions: [],
  edited: false,
});

test('lists keep their identity until something of their kind changes', () => {
  const store = createStore();
  store.apply({ fresh: true, put: { 'message/D1/1': message('1'), clock: { now: 'x' } } }, 0);
  const before = store.all('message');
  store.apply({ put: { clock: { now: 'y' } } }, 5);
  expect(store.all('message')).toBe(before);
  expect(store.entry('clock')).toMatchObject({ value: { now: 'y' }, at: 5 });
  store.apply({ put: { 'message/D1/2': message('2') } }, 6);
  expect(store.all('message').map(({ id, arrived }) => [id, arrived])).toEqual([
    ['D1/1', 0],
    ['D1/2', 2],
  ]);
});

test('a change keeps the place, null takes the key away, and a fresh patch replaces everything', () => {
  const store = createStore();
  let heard = 0;
  const end = store.subscribe(() => {
    heard += 1;
  });
  store.apply({ fresh: true, put: { 'message/D1/1': message('1'), 'message/D1/2': message('2') } }, 0);
  store.apply({ put: { 'message/D1/1': { ...message('1'), text: 'changed' } } }, 0);
  expect(store.all('message').map(({ value }) => value.text)).toEqual(['changed', '2']);
  store.apply({ put: { 'message/D1/1': null } }, 0);
  expect(store.entry('message', 'D1/1')).toBeUndefined();
  store.apply({ fresh: true, put: { 'message/D1/2': message('2'), 'message/D1/3': message('3') } }, 0);
  // known before the line broke, and come meanwhile
  expect(store.all('message').map(({ id, arrived }) => [id, arrived])).toEqual([
    ['D1/2', 0],
    ['D1/3', 3],
  ]);
  end();
  store.apply({ put: {} }, 0);
  expect(heard).toBe(4);
});

test('unread is what others said after somebody last looked, where they are members', () => {
  const store = createStore();
  const direct: Channel = { id: 'D1', name: 'dm', kind: 'im', members: ['U1', 'BOT'], shared: false, userId: 'U1' };
  const room: Channel = {
    id: 'C1',
    name: 'drives',
    kind: 'public',
    members: ['U1', 'U2'],
    shared: false,
    userId: null,
  };
  store.apply({ fresh: true, put: { 'message/D1/0': message('0') } }, 0);
  store.apply({ put: { 'message/D1/1': message('1'), 'message/D1/2': message('2', 'U1') } }, 0);
  store.apply({ put: { 'message/C1/3': message('3', 'U2', 'C1'), 'whisper/U2/4': message('4', 'BOT', 'C1') } }, 0);
  const count = (seen: Record<string, number>) =>
    countUnread(store.all('message'), store.all('whisper'), [direct, room], seen);
  expect(count({})).toEqual({ places: { 'U1/D1': 1, 'U1/C1': 1, 'U2/C1': 1 }, people: { U1: 2, U2: 1 } });
  expect(count({ 'U1/D1': 1, 'U2/C1': 2 }).places).toEqual({ 'U1/C1': 1 });
});
