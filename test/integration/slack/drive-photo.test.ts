import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Settings } from '../../../src/tenants/index.ts';
import { U_SOFIA } from '../../support/slack.ts';
import { startEdge, type TestEdge } from '../../support/slack-edge.ts';

let world: TestEdge;
beforeAll(async () => {
  world = await startEdge();
  await world.staff(U_SOFIA);
});
afterEach(() => {
  world.slack.mischief.reset();
  expect(world.slack.violations).toEqual([]);
});
afterAll(() => world.stop());

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from('a licence, let us say')]);
const photo = (bytes: Buffer = PNG, mimetype = 'image/png') => ({ name: 'licence.png', mimetype, bytes });
let serial = 0;
const number = () => `+46 70 174 07 ${String(10 + serial++)}`;

/** Logs a drive with a photo. Returns the lead. */
async function logged(name: string, values: Parameters<TestEdge['drive']>[2] = {}) {
  const answer = await world.drive(U_SOFIA, `x ${number()} BMW`, { name, ...values });
  expect(answer.errors).toEqual({});
  const [lead] = await world.db.system.query<{ id: string }>(
    'select l.id from leads l join persons p on p.id = l.person_id where p.name = $1',
    [name],
  );
  return lead?.id ?? '';
}

/** Runs the effects of photos until none is left that is due. */
async function settle() {
  await world.relay.run();
}

async function asset(leadId: string) {
  const [row] = await world.db.system.query<{ id: string; original: string; mime: string; content: Buffer }>(
    'select id, original, mime, content from assets where lead_id = $1',
    [leadId],
  );
  return row;
}

const effects = (kind: string) =>
  world.db.system.query<{ data: object; attempts: number }>('select data, attempts from effects where kind = $1', [
    kind,
  ]);
const said = (words: string) => world.slack.messages(U_SOFIA).filter(({ text }) => text.includes(words));
const use = (licencePhoto: Settings['licencePhoto']) => world.change({ licencePhoto });

describe('a licence photo added in the form', () => {
  test('is in the vault, and whoever added it is asked to delete what Slack keeps', async () => {
    const lead = await logged('Anna Photo', { licence_photo: photo() });
    await settle();
    const kept = await asset(lead);
    expect(kept).toMatchObject({ original: 'asked', mime: 'image/png' });
    expect(kept?.content.includes(PNG.subarray(8))).toBe(false);
    const { id } = await world.tenant();
    expect((await world.rooms.vault.open(id, kept?.id ?? '')).bytes).toEqual(PNG);
    const [file] = world.slack.files();
    const [message] = said('choose “Delete file”');
    expect(message?.text).toContain(`/${file?.id}/`);
    expect(JSON.stringify(world.logged)).not.toContain('files-pri');
  });

  test('is deleted in Slack where Slack lets us', async () => {
    world.slack.mischief.botMayDeleteFiles = true;
    const lead = await logged('Bea Photo', { licence_photo: photo() });
    await settle();
    expect(await asset(lead)).toMatchObject({ original: 'deleted' });
    expect(world.slack.files().at(-1)?.deleted).toBe(true);
    const events = await world.db.system.query('select data from events where lead_id = $1 and type = $2', [
      lead,
      'licence.original',
    ]);
    expect(events).toEqual([{ data: { outcome: 'deleted' } }]);
  });

  test('counts as deleted when its owner was quicker', async () => {
    const lead = await logged('Cia Photo', { licence_photo: photo() });
    const file = world.slack.files().at(-1);
    world.slack.mischief.refuse.set('files.delete', 'file_deleted');
    await settle();
    expect(file).toBeDefined();
    expect(await asset(lead)).toMatchObject({ original: 'deleted' });
  });

  test('comes with an id alone through Slack Connect, and is fetched all the same', async () => {
    world.slack.mischief.filesNeedInfo = true;
    const lead = await logged('Dan Photo', { licence_photo: photo() });
    await settle();
    expect(await asset(lead)).toBeDefined();
  });

  test('that is too large is refused in the form', async () => {
    const open = await world.openDrive(U_SOFIA, `Eva ${number()} BMW`);
    const large = photo(Buffer.alloc(10 * 1024 * 1024 + 1));
    const { errors } = await world.slack.submit(U_SOFIA, open, { consent: true, licence_photo: large });
    expect(errors).toEqual({ licence_photo: 'That photo is larger than 10 MB. Take it again at a lower resolution.' });
  });

  test('that turns out to be no picture is not kept, and its owner learns why', async () => {
    const lead = await logged('Fia <!here>', { licence_photo: photo(Buffer.from('<html>no picture</html>')) });
    await settle();
    expect(await asset(lead)).toBeUndefined();
    expect(said('was not kept')[0]?.text).toBe(
      'The licence photo for Fia &lt;!here&gt; was not kept: That file is not a photo we can read. Send a JPEG, PNG, WebP or HEIC.',
    );
    expect(await effects('licence.fetch')).toEqual([]);
  });

  test('that is gone before it was fetched is told, too', async () => {
    const lead = await logged('Gun Photo', { licence_photo: photo() });
    const file = world.slack.files().at(-1);
    await world.slack.deleteFile(U_SOFIA, file?.id ?? '');
    await settle();
    expect(await asset(lead)).toBeUndefined();
    expect(said('Gun Photo')[0]?.text).toContain('it was deleted in Slack before it could be fetched.');
  });

  test('waits for Slack when it is down, and is tried again', async () => {
    const lead = await logged('Hal Photo', { licence_photo: photo() });
    world.slack.mischief.outage = 'unavailable';
    await settle();
    expect(await effects('licence.fetch')).toMatchObject([{ attempts: 1 }]);
    world.slack.mischief.reset();
    await again();
    expect(await asset(lead)).toBeDefined();
  });

  test('comes back when Slack says so, which does not count as a failure', async () => {
    const lead = await logged('Ina Photo', { licence_photo: photo() });
    world.slack.mischief.rateLimit = { retryAfter: 30, times: 1, methods: ['files.info'] };
    await settle();
    expect(await effects('licence.fetch')).toMatchObject([{ attempts: 0 }]);
    await again();
    expect(await asset(lead)).toBeDefined();
  });

  test('fetched again after a crash changes nothing, though the original is gone by now', async () => {
    world.slack.mischief.botMayDeleteFiles = true;
    const lead = await logged('Jan Photo', { licence_photo: photo() });
    const [fetched] = await effects('licence.fetch');
    await settle();
    const { id } = await world.tenant();
    const before = said('Jan Photo').length;
    await world.edge.handlers['licence.fetch']({ tenantId: id, key: lead, data: fetched?.data as never, attempt: 2 });
    expect(said('Jan Photo')).toHaveLength(before);
    expect(await asset(lead)).toMatchObject({ original: 'deleted' });
  });

  /** Makes what was postponed due now. */
  async function again() {
    await world.db.system.query('update effects set due_at = clock_timestamp()');
    await settle();
  }
});

describe('a tenant that wants no photos in chat', () => {
  beforeAll(async () => {
    await use('link');
    world.ahead(2000); // settings are fresh for a second
  });

  test('has no photo field in the form; a one-time link follows by message', async () => {
    const open = await world.openDrive(U_SOFIA, `Kim ${number()} BMW`);
    expect(open.view.blocks.map((block) => block.block_id)).not.toContain('licence_photo');
    expect(JSON.stringify(open.view.blocks)).toContain('a one-time link for your phone follows');
    const lead = await logged('Lea <b>', {});
    await settle();
    const [message] = said('Lea &lt;b&gt;');
    expect(message?.text).toContain('Photograph the licence of Lea &lt;b&gt; with your phone');
    const token = /https:\/\/leads\.example\/u\/([\w-]+)/.exec(JSON.stringify(message?.blocks))?.[1] ?? '';
    expect(await world.rooms.vault.findUploadLink(token)).toMatchObject({ leadId: lead, state: 'open' });
    expect(JSON.stringify(world.logged)).not.toContain(token);
    if (message) expect((await world.slack.click(U_SOFIA, { message }, 'Add the photo')).status).toBe(200);
  });

  test('does not lose a photo from a form that was open when the setting changed', async () => {
    await use('modal');
    world.ahead(4000);
    const open = await world.openDrive(U_SOFIA, `Mia Photo ${number()} BMW`);
    await use('link');
    world.ahead(6000);
    await world.slack.submit(U_SOFIA, open, { consent: true, licence_photo: photo() });
    await settle();
    const [row] = await world.db.system.query<{ n: number }>(
      `select count(*) as n from assets a join leads l on l.id = a.lead_id join persons p on p.id = l.person_id where p.name = $1`,
      ['Mia Photo'],
    );
    expect(row?.n).toBe(1);
  });
});
