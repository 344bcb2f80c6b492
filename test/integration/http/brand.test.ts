import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signedToken } from '../../../src/lib/signed-links.ts';
import type { Settings, Staff } from '../../../src/tenants/index.ts';
import { BRAND_PREVIEW, colourNote } from '../../../src/tenants/index.ts';
import { png } from '../../support/pictures.ts';
import { openEdge, type TestEdge } from './open-edge.ts';

describe('the branding', () => {
  let edge: TestEdge;
  let admin: Staff;
  beforeAll(async () => {
    edge = await openEdge();
    admin = await edge.world.hire('Anders Berg', 'admin');
  });
  afterAll(() => edge.close());

  const wanted: Settings['branding'] = {
    name: 'Nordic <b>Cars</b>',
    accent: '#ffd400',
    senderName: 'Nordic Cars',
    signature: { sv: 'Hälsningar, Nordic Cars' },
    logo: null,
    logoInMail: false,
  };
  const read = async (path: string) => {
    const answer = await fetch(edge.origin + path);
    return { status: answer.status, page: await answer.text() };
  };

  test('is seen on a page before it counts, and on the pages of customers after that', async () => {
    const { changes, linkKey } = edge.world.rooms;
    const { link } = await edge.drive();
    const draft = await changes.draft(admin, { patch: () => ({ branding: wanted }) });
    const preview = await read(`/brand/${signedToken(linkKey, BRAND_PREVIEW, draft.id)}`);
    expect(preview.status).toBe(200);
    expect(preview.page).toContain('Nordic &lt;b&gt;Cars&lt;/b&gt;');
    expect(preview.page).toContain('#ffd400');
    expect((await read(link)).page).toContain('Nordic Motors');

    await changes.submit(admin, draft.id);
    const { page } = await read(link);
    expect(page).toContain('Nordic &lt;b&gt;Cars&lt;/b&gt;');
    expect(page).not.toContain('Nordic Motors');
  });

  test('has a logo that pages and letters show once it counts, at an address that never changes', async () => {
    const { changes, logos, linkKey } = edge.world.rooms;
    const { tenant } = edge.world;
    const bytes = png(400, 120);
    const logo = await logos.keep(tenant.id, bytes);
    if (typeof logo === 'string') throw new Error(logo);
    expect(await logos.keep(tenant.id, bytes)).toEqual(logo);
    expect(await logos.keep(tenant.id, Buffer.from('<svg/>'))).toContain('no PNG or JPEG');

    const shown = await fetch(`${edge.origin}/brand/logo/${logo.id}`);
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(bytes);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect((await read(`/brand/logo/${edge.sofia.id}`)).status).toBe(404);
    expect((await read('/brand/logo/nothing')).status).toBe(404);

    const { link } = await edge.drive({ phone: '+46701740699' });
    const branding = { ...wanted, name: 'Nordic & Cars', logo, logoInMail: true };
    const draft = await changes.draft(admin, { patch: () => ({ branding }) });
    const preview = `/brand/${signedToken(linkKey, BRAND_PREVIEW, draft.id)}`;
    const image = `<img class="logo" src="/brand/logo/${logo.id}"`;
    expect((await read(preview)).page).toContain(image);
    const letter = (await read(`${preview}/letter`)).page;
    expect(letter).toContain(`${image} alt="Nordic &amp; Cars" width="160" height="48"`);
    expect(letter).toContain('Hälsningar, Nordic Cars');
    const card = (await read(`${preview}/card`)).page;
    expect(card).toContain(`<img src="/brand/logo/${logo.id}" alt=""><strong>Nordic Motors</strong>`);
    expect((await read(link)).page).not.toContain('<img');
    await changes.submit(admin, draft.id);
    expect((await read(link)).page).toContain(image);
    await changes.make(admin, { patch: (now) => ({ branding: { ...now.branding, logo: null } }) });
    expect((await read(link)).page).not.toContain('<img');
    const named = await changes.draft(admin, { patch: (now) => ({ branding: { ...now.branding, name: 'Nordic' } }) });
    const bare = (await read(`/brand/${signedToken(linkKey, BRAND_PREVIEW, named.id)}/card`)).page;
    expect(bare).toContain('A logo would head cards');
    expect(bare).not.toContain('small and square');
  });

  test('keeps the logos that a version or a change speaks of, and no others for longer than a day', async () => {
    const { changes, logos } = edge.world.rooms;
    const { tenant, database } = edge.world;
    const keep = async (width: number) => {
      const logo = await logos.keep(tenant.id, png(width, 100));
      if (typeof logo === 'string') throw new Error(logo);
      return logo;
    };
    const [used, tried] = [await keep(100), await keep(101)];
    await changes.make(admin, { patch: (now) => ({ branding: { ...now.branding, logo: used } }) });
    await database.db.system.query(`update logos set kept_at = kept_at - interval '2 days'`);
    await keep(102);
    expect(await logos.find(used.id)).toBeDefined();
    expect(await logos.find(tried.id)).toBeUndefined();
  });

  test('has a preview for its own links only', async () => {
    const { changes, linkKey } = edge.world.rooms;
    const other = await changes.draft(admin, { patch: () => ({ contact: '+46 8 123 45 67' }) });
    expect((await read(`/brand/${signedToken(linkKey, BRAND_PREVIEW, other.id)}`)).status).toBe(404);
    expect((await read(`/brand/${signedToken(linkKey, 'terms', other.id)}`)).status).toBe(404);
    expect((await read('/brand/nothing')).status).toBe(404);
    expect((await read('/brand/nothing/card')).status).toBe(404);
  });

  test('takes a colour that is one, says when it is too pale for text, and keeps headers to one line', async () => {
    const { changes } = edge.world.rooms;
    const draft = (branding: Partial<Settings['branding']>) =>
      changes.draft(admin, { patch: () => ({ branding: { ...wanted, ...branding } }) });
    await expect(draft({ accent: 'yellow' })).rejects.toMatchObject({ code: 'validation_error' });
    await expect(draft({ senderName: 'A\r\nBcc: x@example.com' })).rejects.toMatchObject({ code: 'validation_error' });
    expect(colourNote('#0f6b5c')).toBeUndefined();
    expect(colourNote('#ffd400')).toContain('too pale for text on white (1.4 to 1, where 4.5 are needed)');
  });
});
