import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../../src/lib/ids.ts';
import { openEdge, type TestEdge } from './open-edge.ts';

const token = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');

describe('the terms page', () => {
  let edge: TestEdge;
  beforeAll(async () => {
    edge = await openEdge();
  });
  afterAll(() => edge.close());
  const read = async (tenantId: string, language = '') => {
    const headers = language ? { 'accept-language': language } : {};
    const answer = await fetch(`${edge.origin}/terms/${token(tenantId)}`, { headers });
    return { status: answer.status, page: await answer.text() };
  };

  test('is what the first message points to', async () => {
    await edge.drive();
    await edge.world.settle();
    const message = edge.world.twilio.journal.sent[0]?.body ?? '';
    const path = new URL(/https?:\/\/\S+\/terms\/\S+/.exec(message)?.[0] ?? '').pathname;
    expect((await fetch(edge.origin + path)).status).toBe(200);
  });

  test('shows word for word what is kept as proof, how to stop, and who writes', async () => {
    const { leadId } = await edge.drive({ phone: '+46709990077' });
    const proof = await edge.value<string>('select text from consents where lead_id = $1', [leadId]);
    const version = await edge.value<string>('select text_version from consents where lead_id = $1', [leadId]);
    const { status, page } = await read(edge.world.tenant.id, 'sv-SE,sv;q=0.9,en;q=0.8');
    expect(status).toBe(200);
    expect(page).toContain('<html lang="sv"');
    expect(page).toContain(proof);
    expect(page).toContain(`<blockquote data-version="${version}">${proof}`);
    expect(page.replace(/<[^>]*>/g, '')).not.toContain(version);
    expect(page).toContain('Svara STOPP');
    expect(page).toContain('Vad du har samtyckt till hos Nordic Motors');
    expect(page).toMatch(/<details lang="en"><summary>English<\/summary>/);
  });

  test.each([
    ['de-AT', 'de', 'Ihre Einwilligung bei Nordic Motors'],
    ['hi', 'hi', 'Nordic Motors को आपने किस बात की सहमति दी'],
    ['fr', 'sv', 'Vad du har samtyckt till hos Nordic Motors'],
    ['', 'sv', 'Vad du har samtyckt till hos Nordic Motors'],
  ])('speaks to a browser that asks for %j in %s', async (asked, lang, heading) => {
    const { page } = await read(edge.world.tenant.id, asked);
    expect(page).toContain(`<html lang="${lang}"`);
    expect(page).toContain(heading);
  });

  test('writes a hostile business name and contact as text', async () => {
    const { tenants } = edge.world.rooms;
    const place = { country: 'SE', zone: 'Europe/Stockholm', language: 'en' };
    const name = `<img src=x onerror="alert(1)">`;
    const tenant = await tenants.ensure({ name, slackTeamId: 'THOSTILE', ...place }, 'test');
    const settings = { contact: '<b>+46 8</b>', termsUrl: 'https://nordic.example/terms?a=1&b="2"' };
    await edge.value(`insert into settings (tenant_id, version, values, changed_at) values ($1, 1, $2, now())`, [
      tenant.id,
      settings,
    ]);
    const { page } = await read(tenant.id);
    expect(page).not.toMatch(/<img|<b>/);
    expect(page).toContain('&lt;b&gt;+46 8&lt;/b&gt;');
    expect(page).toContain('href="https://nordic.example/terms?a=1&amp;b=');
  });

  test('names nobody under an address that is no tenant’s', async () => {
    for (const path of [token(newId()), 'x', `${token(edge.world.tenant.id)}A`, edge.world.tenant.id]) {
      const answer = await fetch(`${edge.origin}/terms/${path}`);
      expect([answer.status, (await answer.text()).includes('Nordic')]).toEqual([404, false]);
    }
  });
});
