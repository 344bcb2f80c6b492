import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signedToken } from '../../../src/lib/signed-links.ts';
import type { Settings, Staff } from '../../../src/tenants/index.ts';
import { BRAND_PREVIEW, colourNote } from '../../../src/tenants/index.ts';
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

  test('has a preview for its own links only', async () => {
    const { changes, linkKey } = edge.world.rooms;
    const other = await changes.draft(admin, { patch: () => ({ contact: '+46 8 123 45 67' }) });
    expect((await read(`/brand/${signedToken(linkKey, BRAND_PREVIEW, other.id)}`)).status).toBe(404);
    expect((await read(`/brand/${signedToken(linkKey, 'terms', other.id)}`)).status).toBe(404);
    expect((await read('/brand/nothing')).status).toBe(404);
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
