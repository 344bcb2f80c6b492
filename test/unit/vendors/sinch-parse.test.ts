import { expect, test } from '@jest/globals';
import { parseCallback } from '../../../src/vendors/sinch/index.ts';

const callback = (changes: object) =>
  parseCallback(
    JSON.stringify({
      app_id: 'app',
      message: {
        id: '01A',
        contact_message: { text_message: { text: 'START' } },
        channel_identity: { channel: 'SMS', identity: '46701234567' },
        sender_id: '46700000009',
        ...changes,
      },
    }),
  );

test('a message says when it came, so that one that is posted again late is known as late', () => {
  expect(callback({ accept_time: '2026-11-23T09:00:00.5Z' })).toMatchObject({
    message: { body: 'START', cameAt: new Date('2026-11-23T09:00:00.500Z') },
  });
});

test.each([[undefined], [null], [''], ['yesterday'], [0], [{}], ['9'.repeat(100)]])(
  'a time that is none says nothing: %j',
  (accept_time) => {
    expect(callback({ accept_time })).not.toHaveProperty('message.cameAt');
  },
);
