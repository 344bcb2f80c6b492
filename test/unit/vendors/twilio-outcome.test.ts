import { describe, expect, test } from '@jest/globals';
import type { HttpResult } from '../../../src/lib/http.ts';
import { outcomeOf } from '../../../src/vendors/twilio/outcome.ts';

const SID = 'SM0123456789abcdef0123456789abcdef';
const reply = (status: number, body: string): HttpResult => ({ kind: 'reply', status, headers: {}, body });

describe('what a create call is known to have done', () => {
  test('a message id means accepted', () => {
    expect(outcomeOf(reply(201, JSON.stringify({ sid: SID })))).toEqual({ kind: 'accepted', gatewayId: SID });
  });

  test('nothing written means it did not leave', () => {
    expect(outcomeOf({ kind: 'not_written', detail: 'ECONNREFUSED' })).toEqual({
      kind: 'not_written',
      detail: 'ECONNREFUSED',
    });
  });

  test.each([
    ['no reply', { kind: 'no_reply', detail: 'ECONNRESET' }],
    ['a success without a message', reply(200, '<html>Welcome to our Wi-Fi</html>')],
    ['a success cut short', reply(201, `{"sid":"${SID.slice(0, 10)}`)],
    ['a success with a foreign id', reply(201, '{"sid":"me"}')],
    ['a redirect', reply(307, '')],
    ['a server error', reply(503, '{"code":20503,"message":"Service unavailable"}')],
    ["a proxy's 403", reply(403, '<html>Blocked by policy</html>')],
    ["a proxy's 408", reply(408, '')],
    ['a 400 with other JSON', reply(400, '{"error":"no"}')],
    ['JSON that is no object', reply(400, 'null')],
  ] as const)('%s is uncertain', (_, result) => {
    expect(outcomeOf(result)).toMatchObject({ kind: 'uncertain' });
  });

  test.each([
    [400, '{"code":21610,"status":400}', 'opted_out', '21610'],
    [400, '{"code":63016,"status":400}', 'template_needed', '63016'],
    [400, '{"code":63049,"status":400}', 'delayed', '63049'],
    [400, '{"code":99999,"status":400}', 'unknown', '99999'],
    [429, '{"code":99999,"status":429}', 'throttled', '99999'],
    [403, '{"code":99999,"status":403}', 'sender', '99999'],
    [429, 'slow down', 'throttled', 'http_429'],
    [401, '', 'sender', 'http_401'],
  ] as const)('HTTP %i with %s is refused: %s', (status, body, reason, code) => {
    expect(outcomeOf(reply(status, body))).toEqual({ kind: 'refused', reason, code });
  });
});
