import { describe, expect, test } from '@jest/globals';
import { newId, type TenantId } from '../../../src/lib/ids.ts';
import { readStamp, stamped } from '../../../src/slack/stamp.ts';

const first = { id: newId<TenantId>(), firstInTeam: true };
const further = { id: newId<TenantId>(), firstInTeam: false };
const view = {
  type: 'modal',
  callback_id: 'form',
  private_metadata: '{"action_id":"kept"}',
  blocks: [
    { type: 'actions', block_id: 'b@1', elements: [{ type: 'button', action_id: 'press', value: 'action_id' }] },
    { type: 'section', accessory: { type: 'overflow', action_id: 'more', options: [{ value: 'x@y' }] } },
  ],
};

describe('the stamp of a business', () => {
  test('is on every id that Slack gives back, and on nothing else', () => {
    const shown = stamped(further, view);
    const ids = JSON.stringify(shown).match(/"(?:action_id|callback_id)":"[^"]+"/g) ?? [];
    expect(ids).toHaveLength(3);
    const bare = JSON.parse(JSON.stringify(shown), (key, value) =>
      key === 'action_id' || key === 'callback_id' ? readStamp(value).id : value,
    );
    expect(bare).toEqual(view);
    expect(view.callback_id).toBe('form');
  });

  test('is read back, for any tenant; what carries none belongs to the first', () => {
    for (let n = 0; n < 200; n++) {
      const tenant = { id: newId<TenantId>(), firstInTeam: false };
      expect(readStamp(stamped(tenant, { action_id: `time_2026-11-28_${n}` }).action_id)).toEqual({
        id: `time_2026-11-28_${n}`,
        to: tenant.id,
      });
    }
    expect(stamped(first, view)).toBe(view);
    expect(readStamp('press')).toEqual({ id: 'press', to: 'first' });
  });

  test.each(['press@', 'press@short', 'a@b@c', '@'])('%s is no stamp', (text) => {
    expect(readStamp(text)).toEqual({ id: text, to: 'first' });
  });
});
