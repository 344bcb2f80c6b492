import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import { visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { WHATSAPP_SENDER } from '../../support/world.ts';

const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(2000)]);
const VOICE = Buffer.concat([Buffer.from('OggS'), randomBytes(2000)]);

let world: LeadWorld;
let serial = 10;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
});
afterEach(() => world.slack.mischief.reset());
afterAll(async () => {
  expect(world.slack.violations).toEqual([]);
  await world.close();
});

type Media = NonNullable<Parameters<LeadWorld['twilio']['customerSends']>[0]['media']>;

async function receives(body: string, ...media: Media[number][]): Promise<LeadId> {
  const phone = `+467017412${serial++}`;
  const { leadId } = await world.drive(world.sofia, { phone });
  await world.flush();
  await world.twilio.customerSends({ from: phone, to: WHATSAPP_SENDER, channel: 'whatsapp', body, media });
  await world.effects();
  return leadId;
}

const filesOf = async (leadId: LeadId) =>
  (await world.thread(leadId)).flatMap(({ files }) => files ?? []) as { id: string; mimetype: string; title: string }[];

describe('what a customer sends along', () => {
  test('is shown in the thread: pictures and voice notes, as they were', async () => {
    const leadId = await receives(
      'Look!',
      { bytes: JPEG, contentType: 'image/jpeg' },
      { bytes: VOICE, contentType: 'audio/ogg; codecs=opus' },
    );
    const files = await filesOf(leadId);
    expect(files.map(({ mimetype, title }) => [mimetype, title])).toEqual([
      ['image/jpeg', 'Anna: picture'],
      ['audio/ogg', 'Anna: voice note'],
    ]);
    const stored = world.slack.files().filter(({ id }) => files.some((file) => file.id === id));
    expect(stored.map(({ bytes }) => Buffer.from(bytes))).toEqual([JPEG, VOICE]);
    const words = (await world.thread(leadId)).map((note) => visibleText(note)).join('\n');
    expect(words).toContain('> Look!\n> _a picture and a voice note come along_');
  });

  test('is not shown when it could do harm, and the thread says why', async () => {
    const leadId = await receives('', { bytes: Buffer.from('<html><script>'), contentType: 'image/jpeg' });
    expect(await filesOf(leadId)).toEqual([]);
    const words = (await world.thread(leadId)).map((note) => visibleText(note)).join('\n');
    expect(words).toContain('Something that Anna sent along is not shown: it is neither a picture');
  });

  test('is shown once, also when Slack took it and its answer was lost', async () => {
    world.slack.mischief.loseAnswers = { methods: ['files.completeUploadExternal'], times: 1 };
    const leadId = await receives('', { bytes: JPEG, contentType: 'image/jpeg' });
    world.slack.mischief.reset();
    await world.retryEffects();
    expect(await filesOf(leadId)).toHaveLength(1);
    await world.retryEffects();
    expect(await filesOf(leadId)).toHaveLength(1);
  });

  test('comes later when Slack is down, and is not lost', async () => {
    world.slack.mischief.outage = 'unavailable';
    const leadId = await receives('', { bytes: JPEG, contentType: 'image/jpeg' });
    world.slack.mischief.reset();
    await world.retryEffects();
    await world.retryEffects();
    expect(await filesOf(leadId)).toHaveLength(1);
  });
});
