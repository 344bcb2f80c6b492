import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, eventText, leafOf } from '../../../src/audit/canonical.ts';
import type { LoggedEvent } from '../../../src/audit/types.ts';

const EVENT: LoggedEvent = {
  id: 18_402,
  tenant: '019a0000-0000-7000-8000-000000000001',
  type: 'message.sent',
  at: '2026-11-23T09:30:00.000000Z',
  actor: 'system',
  person: '019a0000-0000-7000-8000-000000000002',
  lead: null,
  message: null,
  data: { step: 'day_0', channel: 'whatsapp', attempt: 1 },
};

describe('canonical JSON', () => {
  test('is that of RFC 8785, section 3.2.2', () => {
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '€$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test('says the same value in the same way, whatever the order of its members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      }),
    );
  });
});

describe('the text of an event', () => {
  test('is written down here, because it never changes', () => {
    expect(eventText(EVENT)).toBe(
      '{"actor":"system","at":"2026-11-23T09:30:00.000000Z","data":{"attempt":1,"channel":"whatsapp","step":"day_0"},"id":18402,"lead":null,"message":null,"person":"019a0000-0000-7000-8000-000000000002","tenant":"019a0000-0000-7000-8000-000000000001","type":"message.sent","v":1}',
    );
    expect(leafOf(EVENT).toString('hex')).toBe('7ed52f6f2a1f9a1428ad43e7cf3860cc73c5df202a14c2e55525f6d1829fa1aa');
  });

  test('is the canonical JSON of its fields', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.jsonValue(), fc.nat(), (type, actor, data, id) => {
        const event = { ...EVENT, type, actor, data, id };
        expect(eventText(event)).toBe(canonicalJson({ ...event, v: 1 }));
      }),
    );
  });

  test('has its own leaf for every difference', () => {
    const changes: Partial<LoggedEvent>[] = [
      { id: 1 },
      { tenant: '019a0000-0000-7000-8000-000000000009' },
      { type: 'message.read' },
      { at: '2026-11-23T09:30:00.000001Z' },
      { actor: 'customer' },
      { person: null },
      { lead: EVENT.person },
      { message: EVENT.person },
      { data: { step: 'day_0', channel: 'whatsapp', attempt: 2 } },
      { data: {} },
    ];
    const leaves = [EVENT, ...changes.map((change) => ({ ...EVENT, ...change }))].map((each) =>
      leafOf(each).toString('hex'),
    );
    expect(new Set(leaves).size).toBe(leaves.length);
  });
});
