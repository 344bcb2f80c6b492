import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LeadId, newId, type PersonId } from '../../../src/lib/ids.ts';
import type { PersonExport } from '../../../src/privacy/index.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { SMS_SENDER } from '../../support/world.ts';
import { jpeg, openEdge, type TestEdge } from './open-edge.ts';

const PHOTO = jpeg('the licence of Anna');

describe('one-time pages', () => {
  let edge: TestEdge;
  let admin: Staff;
  let serial = 0;
  beforeAll(async () => {
    edge = await openEdge();
    admin = await edge.world.hire('Anders Berg', 'admin');
  });
  afterAll(() => edge.close());

  async function photographed(): Promise<{ leadId: LeadId; personId: PersonId; path: string }> {
    const { world, sofia } = edge;
    const logged = await edge.drive({ phone: `+4670523${String(1000 + serial++)}` });
    await world.rooms.vault.store(world.tenant.id, logged.leadId, { bytes: PHOTO, mime: 'image/jpeg', by: 'slack' });
    const { token } = await world.rooms.licences.link(sofia, logged.leadId);
    return { ...logged, path: `/l/${token}` };
  }
  const get = (path: string) => fetch(edge.origin + path);
  async function show(path: string): Promise<{ status: number; page: string; headers: Headers }> {
    const answer = await fetch(edge.origin + path, { method: 'POST' });
    return { status: answer.status, page: await answer.text(), headers: answer.headers };
  }
  const events = (leadId: LeadId) =>
    edge.world.database.db.system.query(
      `select type, actor from events where lead_id = $1 and type like 'licence.%' order by id`,
      [leadId],
    );

  test('show a photo once, without a trace in caches, and say in the log who saw it', async () => {
    const { path, leadId } = await photographed();
    // programs that look into links use nothing up
    for (let i = 0; i < 2; i++) expect(await (await get(path)).text()).toContain('The licence photo of Anna Karlsson');
    const shown = await show(path);
    expect(shown.status).toBe(200);
    expect(shown.page).toContain(`src="data:image/jpeg;base64,${PHOTO.toString('base64')}"`);
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect(shown.headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*img-src 'self' data: blob:/);
    expect(await events(leadId)).toEqual([
      { type: 'licence.stored', actor: 'system' },
      { type: 'licence.viewed', actor: `staff:${edge.sofia.id}` },
    ]);
    expect((await show(path)).status).toBe(410);
    expect((await get(path)).status).toBe(410);
  });

  test('show it to one of two who press at the same moment', async () => {
    const { path, leadId } = await photographed();
    const both = await Promise.all([show(path), show(path)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 410]);
    expect(await events(leadId)).toHaveLength(2);
  });

  test('show nothing after ten minutes, after the photo went, or to somebody who may not any more', async () => {
    const { world } = edge;
    const [late, gone, demoted] = [await photographed(), await photographed(), await photographed()];
    await world.rooms.licences.remove(edge.sofia, gone.leadId);
    const page = await show(gone.path);
    expect([page.status, page.page.includes('has been deleted')]).toEqual([410, true]);
    await world.database.db.inTenant(world.tenant.id, (tx) =>
      tx.query('update leads set owner_id = null where id = $1', [demoted.leadId]),
    );
    expect((await show(demoted.path)).status).toBe(403);
    const { offsetMs } = world.clock;
    world.clock.turnTo(offsetMs + 10 * 60_000 + 1000);
    expect((await show(late.path)).page).toContain('This link has expired.');
    world.clock.turnTo(offsetMs);
    expect((await show('/l/nothing')).status).toBe(404);
    expect(await events(late.leadId)).toHaveLength(1);
  });

  test('COMPLIANCE T7.2 show all that is held of a person, of nobody else, to read and as JSON', async () => {
    const { world, sofia } = edge;
    const phone = `+4670523${String(1000 + serial++)}`;
    const { leadId, personId } = await edge.drive({
      name: 'Erna <b>Export</b>',
      phone,
      email: 'erna@example.com',
      fields: { car: 'Saab 900' },
    });
    await world.settle();
    await world.twilio.customerSends({ from: phone, to: SMS_SENDER, channel: 'sms', body: 'What does the Saab cost?' });
    await world.rooms.desk.reply(sofia, leadId, 'Come and see', newId(), null);
    await world.rooms.vault.store(world.tenant.id, leadId, { bytes: PHOTO, mime: 'image/jpeg', by: 'slack' });
    await expect(world.rooms.privacy.exportLink(sofia, personId)).rejects.toMatchObject({ code: 'forbidden' });

    const { token } = await world.rooms.privacy.exportLink(admin, personId);
    const { page, status } = await show(`/l/${token}`);
    expect(status).toBe(200);
    for (const words of ['What does the Saab cost?', 'Come and see', 'erna@example.com', 'Saab 900', phone]) {
      expect(page).toContain(words);
    }
    expect(page).toContain('Erna &lt;b&gt;Export');
    expect(page).not.toContain('<dd></dd>'); // what is empty is left out
    expect(page).not.toContain('Anna Karlsson');
    const [, json = ''] = /data:application\/json;base64,([^"]+)"/.exec(page) ?? [];
    const held = JSON.parse(Buffer.from(json, 'base64').toString()) as PersonExport;
    expect(held.person).toMatchObject({ id: personId, name: 'Erna <b>Export</b>', language: 'sv' });
    expect(held.messages.map(({ words }) => words)).toContain('Come and see');
    expect(held.consents[0]).toMatchObject({ recordedBy: 'Sofia Lind', withdrawnAt: null });
    expect(held.photos).toHaveLength(1);
    expect(held.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['lead.captured', 'message.received', 'person.exported']),
    );
    expect((await show(`/l/${token}`)).status).toBe(410);
  });
});
