import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SlackMessage } from '../../../src/sandbox/slack/index.ts';
import type { Logo } from '../../../src/tenants/index.ts';
import { png } from '../../support/pictures.ts';
import { U_ADMIN } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';

/* Whose post it is: the logo and name at the head of what a business posts. */

let world: LeadWorld;
let logo: Logo;
/** Whether our address can be reached from where Slack is. */
let reachable = false;
beforeAll(async () => {
  world = await openLeadWorld();
  await world.rooms.staff.found(world.tenant.id, world.admin);
  world.pages.get('/brand/logo/:id', async (request, response) => {
    const found = reachable ? await world.rooms.logos.find(request.params.id) : undefined;
    if (found) response.type(found.type).send(found.bytes);
    else response.sendStatus(404);
  });
  const kept = await world.rooms.logos.keep(world.tenant.id, png(400, 120));
  if (typeof kept === 'string') throw new Error(kept);
  logo = kept;
});
afterAll(() => world.close());

const branded = async (picture: Logo | null) => {
  const { branding } = await world.rooms.tenants.settings(world.tenant.id);
  await world.change({ branding: { ...branding, logo: picture } });
};
const newCard = async (name: string, phone: string) => {
  const { leadId } = await world.drive(world.sofia, { name, phone });
  await world.effects();
  return leadId;
};
const head = ({ blocks }: SlackMessage) => blocks?.[0];
const NAME = { type: 'mrkdwn', text: '*Nordic Motors*' };

test('a business that is alone and has no logo needs no head', async () => {
  const card = await world.card(await newCard('Anna Karlsson', '+46701000001'));
  expect(head(card)?.type).toBe('section');
});

test('a logo that Slack cannot fetch is left out, and the card comes all the same', async () => {
  await branded(logo);
  const card = await world.card(await newCard('Bea Nilsson', '+46701000002'));
  expect(head(card)).toMatchObject({ type: 'context', elements: [NAME] });
  expect(world.slack.violations).toEqual([]);
});

test('a logo stands at the head of cards and alerts, and of cards that are written again', async () => {
  reachable = true;
  const leadId = await newCard('Cia Berg', '+46701000003');
  const elements = [
    { type: 'image', alt_text: 'Logo of Nordic Motors', image_url: expect.stringContaining(`/brand/logo/${logo.id}`) },
    NAME,
  ];
  expect(head(await world.card(leadId))).toMatchObject({ type: 'context', elements });
  expect((await world.card(leadId)).text).toMatch(/^Cia Berg/);
  await world.rooms.desk.pause(world.sofia, leadId);
  await world.effects();
  expect(head(await world.card(leadId))).toMatchObject({ type: 'context', elements });
  await branded(null);
  await world.rooms.desk.resume(world.sofia, leadId);
  await world.effects();
  expect(head(await world.card(leadId))?.type).toBe('section');
});

test('of several businesses in one workspace each post says whose it is, the line of the feed and the notification too', async () => {
  const { slackTeamId } = world.tenant;
  const south = {
    name: 'South *Cars*',
    slackTeamId: slackTeamId ?? '',
    country: 'SE',
    zone: 'Europe/Stockholm',
    language: 'sv',
  };
  await world.rooms.tenants.add(south, { slackUserId: U_ADMIN, name: 'Anders Berg', zone: null });
  const card = await world.card(await newCard('Dora Lund', '+46701000004'));
  expect(head(card)).toMatchObject({ type: 'context', elements: [NAME] });
  expect(card.text).toMatch(/^\*Nordic Motors\*: Dora Lund/);
  const feed = world.direct(U_ADMIN).filter(({ blocks }) => JSON.stringify(blocks).includes('New test drive logged'));
  expect(feed.map((post) => head(post)?.type)).toEqual(['section', 'section', 'section', 'context']);
});
