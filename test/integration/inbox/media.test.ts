import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { LeadId, MessageId } from '../../../src/lib/ids.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { eventTypes, one } from '../../support/facts.ts';
import { openWorld, WHATSAPP_SENDER, type World } from '../../support/world.ts';

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(5000)]);

let world: World;
let sofia: Staff;
let serial = 10;
beforeAll(async () => {
  world = await openWorld();
  sofia = await world.hire('Sofia Lindqvist', 'salesperson');
});
afterEach(() => world.twilio.faults.up().catch(() => {}));
afterAll(() => world.close());

type Media = NonNullable<Parameters<World['twilio']['customerSends']>[0]['media']>;

async function receives(...media: Media[number][]): Promise<{ leadId: LeadId; messageId: MessageId }> {
  const phone = `+467017410${serial++}`;
  const { leadId } = await world.drive(sofia, { phone });
  const { status } = await world.twilio.customerSends({
    from: phone,
    to: WHATSAPP_SENDER,
    channel: 'whatsapp',
    body: '',
    media,
  });
  expect(status).toBe(200);
  const messageId = await one<MessageId>(
    world,
    `select id as value from messages where lead_id = $1 and direction = 'in'`,
    [leadId],
  );
  if (!messageId) throw new Error('no message');
  return { leadId, messageId };
}
const album = async (messageId: MessageId) => (await world.rooms.media.album(world.tenant.id, messageId))?.media ?? [];
const fetchNow = (messageId: MessageId, attempt = 1) => world.rooms.media.fetch(world.tenant.id, messageId, attempt);

describe('what a customer sends along', () => {
  test('is noted with the message, and asked for once that is acknowledged', async () => {
    const { messageId } = await receives({ bytes: JPEG, contentType: 'image/jpeg' });
    expect(await album(messageId)).toMatchObject([{ state: 'waiting', place: 0 }]);
    const asked = `select count(*)::int as value from effects where kind = 'media.fetch' and key = $1`;
    expect(await one(world, asked, [messageId])).toBe(1);
  });

  test('is fetched, stored sealed, and handed out as it was', async () => {
    const { leadId, messageId } = await receives(
      { bytes: JPEG, contentType: 'image/jpeg' },
      { bytes: Buffer.concat([Buffer.from('OggS'), randomBytes(100)]), contentType: 'audio/ogg' },
    );
    await fetchNow(messageId);
    const [picture, voice] = await album(messageId);
    expect(picture).toMatchObject({ state: 'stored', mime: 'image/jpeg', size: JPEG.length });
    expect(voice).toMatchObject({ state: 'stored', mime: 'audio/ogg' });
    expect(await world.rooms.media.content(world.tenant.id, picture?.id ?? '')).toEqual(JPEG);
    const stored = await one<Buffer>(world, 'select content as value from media where id = $1', [picture?.id]);
    expect(stored?.includes(JPEG.subarray(100, 200))).toBe(false);
    const address = await one<Buffer>(world, 'select url as value from media where id = $1', [picture?.id]);
    expect(address?.includes('twilio')).toBe(false);
    expect((await eventTypes(world, leadId)).filter((type) => type === 'media.stored')).toHaveLength(2);
  });

  test.each([
    ['a page that calls itself a picture', { bytes: Buffer.from('<html>'), contentType: 'image/jpeg' }, 'not_allowed'],
    ['an address of somebody else', { url: 'http://127.0.0.1:9/secret', contentType: 'image/jpeg' }, 'elsewhere'],
    ['more than 16 MB', { bytes: Buffer.alloc(16 * 1024 * 1024 + 1, 0xff), contentType: 'image/jpeg' }, 'too_large'],
  ])('is refused for good: %s', async (_what, media, reason) => {
    const { leadId, messageId } = await receives(media);
    await fetchNow(messageId);
    expect(await album(messageId)).toMatchObject([{ state: 'refused', reason }]);
    expect(await eventTypes(world, leadId)).toContain('media.refused');
    await fetchNow(messageId, 2);
    expect((await eventTypes(world, leadId)).filter((type) => type === 'media.refused')).toHaveLength(1);
  });

  test('that Twilio does not have yet is asked for again, and given up only later', async () => {
    const url = 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1';
    const { messageId } = await receives({
      url: url.replace('AC1', 'AC0123456789abcdef0123456789abcdef'),
      contentType: 'image/png',
    });
    await expect(fetchNow(messageId, 1)).rejects.toMatchObject({ code: 'not_found' });
    expect(await album(messageId)).toMatchObject([{ state: 'waiting' }]);
    await fetchNow(messageId, 4);
    expect(await album(messageId)).toMatchObject([{ state: 'refused', reason: 'gone' }]);
  });

  test('of which one cannot be had does not hold up the others, nor does a gateway that is down lose it', async () => {
    const { messageId } = await receives(
      { url: 'https://api.twilio.com/elsewhere', contentType: 'image/png' },
      { bytes: JPEG, contentType: 'image/jpeg' },
    );
    await world.twilio.faults.down();
    await expect(fetchNow(messageId, 1)).rejects.toMatchObject({ code: 'unavailable' });
    expect((await album(messageId)).map(({ state }) => state)).toEqual(['refused', 'waiting']);
    await world.twilio.faults.up();
    await fetchNow(messageId, 2);
    expect((await album(messageId)).map(({ state }) => state)).toEqual(['refused', 'stored']);
  });

  test('is stored once, however many workers fetch it', async () => {
    const { leadId, messageId } = await receives({ bytes: JPEG, contentType: 'image/jpeg' });
    await Promise.all([fetchNow(messageId), fetchNow(messageId), fetchNow(messageId)]);
    expect((await eventTypes(world, leadId)).filter((type) => type === 'media.stored')).toHaveLength(1);
  });
});
