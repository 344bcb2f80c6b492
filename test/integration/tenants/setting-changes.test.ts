import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Decision, Settings, Staff } from '../../../src/tenants/index.ts';
import { openWorld, type World } from '../../support/world.ts';

let world: World;
let anders: Staff;
let astrid: Staff;
let maria: Staff;
let sofia: Staff;
beforeAll(async () => {
  world = await openWorld();
  [anders, astrid, maria, sofia] = await Promise.all([
    world.hire('Anders', 'admin'),
    world.hire('Astrid', 'admin'),
    world.hire('Maria', 'manager'),
    world.hire('Sofia', 'salesperson'),
  ]);
});
beforeEach(async () => {
  await world.database.db.system.query('delete from setting_changes');
  await world.database.db.system.query('delete from settings');
  world.rooms.tenants.forget(world.tenant);
});
afterAll(() => world.close());

const set = (patch: Partial<Settings>) => ({ patch: () => patch });
const current = () => world.rooms.changes.current(world.tenant.id);
const events = (type: string) =>
  world.database.db.system.query<{ actor: string; data: Record<string, unknown> }>(
    'select actor, data from events where type = $1 order by id',
    [type],
  );
const outcomes = async (work: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(work)).map((each) => each.status);

/** Agent settings wait for a second person; gives the id of a change of them by Anders. */
async function asked(agentTurns = 9) {
  await world.rooms.changes.make(anders, set({ approval: ['agent'] }));
  const outcome = await world.rooms.changes.make(anders, set({ agentTurns }));
  if (outcome.kind !== 'waits') throw new Error(`it ${outcome.kind}`);
  return outcome.id;
}

describe('a change of settings', () => {
  test('counts at once as a version with its event, and is seen by everybody', async () => {
    const outcome = await world.rooms.changes.make(anders, set({ agentTurns: 8 }));
    expect(outcome).toMatchObject({
      kind: 'counts',
      version: 1,
      changes: [{ path: 'agentTurns', before: 6, after: 8 }],
    });
    expect((await world.rooms.tenants.settings(world.tenant.id)).agentTurns).toBe(8);
    const [event] = (await events('settings.changed')).slice(-1);
    expect(event).toMatchObject({ actor: `staff:${anders.id}`, data: { version: 1, keys: ['agentTurns'] } });
    expect(await world.rooms.changes.make(anders, set({ agentTurns: 8 }))).toMatchObject({ kind: 'same' });
    expect((await current()).version).toBe(1);
  });

  test('a draft is not a change, and counts once however often it is submitted', async () => {
    const draft = await world.rooms.changes.draft(anders, set({ agentTurns: 7 }));
    expect((await current()).version).toBe(0);
    const submit = () => world.rooms.changes.submit(anders, draft.id);
    const [one, two] = await Promise.all([submit(), submit()]);
    expect([one, two]).toMatchObject([
      { kind: 'counts', version: 1 },
      { kind: 'counts', version: 1 },
    ]);
    await expect(world.rooms.changes.submit(astrid, draft.id)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('is refused where it is wrong, by its path, and when somebody may not', async () => {
    await expect(world.rooms.changes.make(anders, set({ agentTurns: 99 }))).rejects.toMatchObject({
      problems: [{ field: 'agentTurns' }],
    });
    const late = { key: 'day_1', day: 1, at: '23:30', template: 'drive_thanks' };
    const first = { key: 'day_0', day: 0, template: 'drive_follow_up_1' };
    await expect(
      world.rooms.changes.make(anders, set({ cadences: { 'test-drive': { steps: [late] } } })),
    ).rejects.toThrow();
    await expect(
      world.rooms.changes.make(anders, set({ cadences: { 'test-drive': { steps: [first, late] } } })),
    ).rejects.toMatchObject({ userMessage: expect.stringContaining('opt_out_link') });
    await expect(world.rooms.changes.make(sofia, set({ agentTurns: 5 }))).rejects.toMatchObject({ code: 'forbidden' });
    expect((await current()).version).toBe(0);
  });

  test('of two who change different things both succeed; of one thing the second hears what happened', async () => {
    const hers = { ...set({ agentTurns: 8 }), base: 0 };
    const his = { ...set({ messageCost: { sms: 1 } }), base: 0 };
    expect(await outcomes([world.rooms.changes.make(anders, hers), world.rooms.changes.make(astrid, his)])).toEqual([
      'fulfilled',
      'fulfilled',
    ]);
    const { settings, version } = await current();
    expect([version, settings.agentTurns, settings.messageCost]).toEqual([2, 8, { sms: 1 }]);
    const late = world.rooms.changes.make(astrid, { ...set({ agentTurns: 3 }), base: 0 });
    await expect(late).rejects.toMatchObject({
      code: 'conflict',
      userMessage: expect.stringContaining('was 6 when this was made, and is 8 now'),
    });
  });

  test('many at once make one version each, none lost', async () => {
    const costs = Array.from({ length: 8 }, (_, n) => n + 1);
    await Promise.all(
      costs.map((n) =>
        world.rooms.changes.make(n % 2 ? anders : astrid, {
          patch: ({ agentModes }) => ({ agentModes: { ...agentModes, [`line-${n}`]: 'auto' } }),
        }),
      ),
    );
    const { settings, version } = await current();
    expect(version).toBe(8);
    expect(Object.keys(settings.agentModes)).toHaveLength(8);
  });
});

test('what a newer version has stored is read without what only it knows; what people enter is not', async () => {
  const step = { key: 'day_0', day: 0, template: 'drive_thanks' };
  const known = { agentTurns: 9, sla: { remind: 5, escalate: 9 }, cadences: { 'test-drive': { steps: [step] } } };
  await world.rooms.changes.make(anders, set(known));
  await world.database.db.system.query(
    `insert into settings (tenant_id, version, values, changed_by, changed_at)
     select tenant_id, 2, values || '{"newer": {"a": 1}, "alertRoutes": {"outage": {"to": "off", "newer": 1}}}'
         || jsonb_build_object('sla', values->'sla' || '{"newer": 1}',
              'cadences', jsonb_set(values->'cadences', '{test-drive,steps,0,newer}', '[2]')),
       changed_by, changed_at from settings`,
  );
  world.rooms.tenants.forget(world.tenant);
  const { version, settings } = await current();
  expect([version, settings]).toMatchObject([2, { ...known, alertRoutes: { outage: { to: 'off' } } }]);
  expect(JSON.stringify(settings)).not.toContain('newer');
  // senders are read from their own rows, and not kept beside the settings
  expect(await world.rooms.tenants.settings(world.tenant.id)).toEqual({ ...settings, senders: {} });
  expect(await world.rooms.tenants.at(world.tenant.id, 2)).toEqual({ ...settings, senders: {} });
  const [latest] = await world.rooms.changes.history(world.tenant.id, 1);
  expect(latest?.changes.map(({ path }) => path)).toEqual(['alertRoutes/outage']);
  expect(await world.rooms.changes.make(anders, set({ agentTurns: 8 }))).toMatchObject({ kind: 'counts', version: 3 });
  await expect(
    world.rooms.changes.make(anders, set({ sla: { remind: 5, escalate: 9, newer: 1 } as never })),
  ).rejects.toMatchObject({ problems: [{ field: 'sla.newer' }] });
});

describe('a second person', () => {
  test('is asked, approves, and the change counts as the asker’s', async () => {
    const id = await asked();
    expect((await current()).settings.agentTurns).toBe(6);
    expect(await world.rooms.changes.decide(maria, id, 'approve')).toMatchObject({ state: 'counted', version: 2 });
    expect((await current()).settings.agentTurns).toBe(9);
    const [version] = await world.rooms.changes.history(world.tenant.id, 1);
    expect(version).toMatchObject({ version: 2, changedBy: anders.id, approvedBy: maria.id });
  });

  test('is never the one who asked, nor a salesperson; only the asker takes it back', async () => {
    const id = await asked();
    const decide = (staff: Staff, decision: Decision) => world.rooms.changes.decide(staff, id, decision);
    await expect(decide(anders, 'approve')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(decide(sofia, 'approve')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(decide(maria, 'withdraw')).rejects.toMatchObject({ code: 'forbidden' });
    expect(await decide(anders, 'withdraw')).toMatchObject({ state: 'withdrawn' });
    await expect(decide(maria, 'approve')).rejects.toMatchObject({ code: 'conflict' });
  });

  test.each<[string, Decision, Decision]>([
    ['two who approve', 'approve', 'approve'],
    ['approving against refusing', 'approve', 'refuse'],
    ['refusing against approving', 'refuse', 'approve'],
  ])('%s at once: one decides, the other hears it', async (_name, hers, his) => {
    const id = await asked();
    const results = await outcomes([
      world.rooms.changes.decide(maria, id, hers),
      world.rooms.changes.decide(astrid, id, his),
    ]);
    expect(results.toSorted()).toEqual(['fulfilled', 'rejected']);
    const row = await world.rooms.changes.find(world.tenant.id, id);
    const counted = row?.state === 'counted';
    expect((await current()).settings.agentTurns).toBe(counted ? 9 : 6);
    expect((await current()).version).toBe(counted ? 2 : 1);
  });

  test('an approval follows what has moved elsewhere, and is refused where the same thing moved', async () => {
    const id = await asked();
    await world.rooms.changes.make(astrid, set({ currency: 'SEK' }));
    await world.rooms.changes.decide(maria, id, 'approve');
    expect((await current()).settings).toMatchObject({ currency: 'SEK', agentTurns: 9 });

    const first = await world.rooms.changes.make(anders, set({ agentTurns: 4 }));
    const second = await world.rooms.changes.make(astrid, set({ agentTurns: 5 }));
    if (first.kind !== 'waits' || second.kind !== 'waits') throw new Error('they count');
    await world.rooms.changes.decide(maria, first.id, 'approve');
    await expect(world.rooms.changes.decide(maria, second.id, 'approve')).rejects.toMatchObject({ code: 'conflict' });
    expect(await world.rooms.changes.find(world.tenant.id, second.id)).toMatchObject({ state: 'outdated' });
    expect((await current()).settings.agentTurns).toBe(4);
  });

  test('is needed to demand less, so nobody frees themselves alone', async () => {
    await asked();
    expect(await world.rooms.changes.make(anders, set({ approval: [] }))).toMatchObject({ kind: 'waits' });
    expect(await world.rooms.changes.make(anders, set({ approval: ['agent', 'facts'] }))).toMatchObject({
      kind: 'counts',
    });
  });
});

describe('undo', () => {
  test('gives the former values back as a new version, and leaves what came later', async () => {
    await world.rooms.changes.make(anders, set({ agentTurns: 8, currency: 'EUR' }));
    await world.rooms.changes.make(anders, set({ contact: '+46 8 123 45 67' }));
    const draft = await world.rooms.changes.undo(astrid, 1);
    expect(await world.rooms.changes.submit(astrid, draft.id)).toMatchObject({ kind: 'counts', version: 3 });
    const { settings } = await current();
    expect(settings).toMatchObject({ agentTurns: 6, currency: null, contact: '+46 8 123 45 67' });
    expect(await world.rooms.changes.history(world.tenant.id, 5)).toMatchObject([
      { undoes: 1 },
      { version: 2 },
      { version: 1 },
    ]);
  });

  test('goes through the same approval, and says what has changed since', async () => {
    const id = await asked();
    await world.rooms.changes.decide(maria, id, 'approve');
    const draft = await world.rooms.changes.undo(anders, 2);
    expect(await world.rooms.changes.submit(anders, draft.id)).toMatchObject({ kind: 'waits' });
    await world.rooms.changes.make(anders, set({ approval: [] })).catch(() => {});
    const later = await world.rooms.changes.make(astrid, set({ agentTurns: 12 }));
    if (later.kind === 'waits') await world.rooms.changes.decide(maria, later.id, 'approve');
    await expect(world.rooms.changes.undo(anders, 2)).rejects.toMatchObject({ code: 'conflict' });
  });
});

test('another tenant sees and decides nothing of it', async () => {
  const id = await asked();
  const other = await world.rooms.tenants.ensure(
    { name: 'Other', slackTeamId: 'T0OTHER', country: 'SE', zone: 'Europe/Stockholm', language: 'sv' },
    'test',
  );
  const stranger = { ...maria, tenantId: other.id };
  await expect(world.rooms.changes.decide(stranger, id, 'approve')).rejects.toMatchObject({ code: 'not_found' });
  expect(await world.rooms.changes.waiting(other.id)).toEqual([]);
});

describe('what a business is known by', () => {
  const known = (business: Settings['business']) => set({ business });
  const business = async () => (await current()).settings.business;
  const former = { name: 'Nordic Cars', country: 'SE', zone: 'Europe/Stockholm', language: 'sv' };
  afterEach(async () => {
    await world.database.db.system.query('delete from setting_changes');
    const { name, country, zone, language } = world.tenant;
    await world.database.db.system.query(
      'update tenants set name = $2, country = $3, zone = $4, language = $5 where id = $1',
      [world.tenant.id, name, country, zone, language],
    );
    world.rooms.tenants.forget(world.tenant);
  });
  beforeEach(() => world.rooms.changes.make(anders, known(former)));

  test('is a setting: a version with before and after, seen at once, and taken back', async () => {
    const { version } = await current();
    const outcome = await world.rooms.changes.make(anders, known({ country: 'NO', zone: 'Europe/Oslo' }));
    expect(outcome).toMatchObject({
      kind: 'counts',
      changes: [
        { path: 'business/country', before: 'SE', after: 'NO' },
        { path: 'business/zone', before: 'Europe/Stockholm', after: 'Europe/Oslo' },
      ],
    });
    expect(await world.rooms.tenants.byId(world.tenant.id)).toMatchObject({ name: 'Nordic Cars', country: 'NO' });
    const [described] = (await events('tenant.described')).slice(-1);
    expect(described).toMatchObject({
      actor: `staff:${anders.id}`,
      data: { keys: ['country', 'zone'], facts: [{ key: 'country', from: 'SE', to: 'NO' }, { key: 'zone' }] },
    });
    const draft = await world.rooms.changes.undo(astrid, version + 1);
    await world.rooms.changes.submit(astrid, draft.id);
    expect(await business()).toEqual(former);
    expect((await world.rooms.tenants.byId(world.tenant.id)).country).toBe('SE');
  });

  test('two who have looked at the same form keep both changes, and the same thing clashes', async () => {
    const { version: base } = await current();
    const form = (now: Settings['business']) => ({ base, patch: () => ({ business: { ...former, ...now } }) });
    await world.rooms.changes.make(anders, form({ name: 'Nordic Vans' }));
    await world.rooms.changes.make(astrid, form({ language: 'en' }));
    expect(await business()).toEqual({ ...former, name: 'Nordic Vans', language: 'en' });
    await expect(world.rooms.changes.make(astrid, form({ name: 'Cars' }))).rejects.toMatchObject({ code: 'conflict' });
  });

  test('waits for a second person where it is told to; a country also where what is kept does', async () => {
    await world.rooms.changes.make(anders, set({ approval: ['keeping'] }));
    expect(await world.rooms.changes.make(anders, known({ name: 'Nordic Vans' }))).toMatchObject({ kind: 'counts' });
    const asked = await world.rooms.changes.make(anders, known({ country: 'US', zone: 'America/Chicago' }));
    if (asked.kind !== 'waits') throw new Error(`it ${asked.kind}`);
    expect(asked.demands.map(({ key }) => key)).toEqual(['keeping']);
    expect((await world.rooms.tenants.byId(world.tenant.id)).country).toBe('SE');
    await world.rooms.changes.decide(maria, asked.id, 'approve');
    expect(await world.rooms.tenants.byId(world.tenant.id)).toMatchObject({ country: 'US', zone: 'America/Chicago' });
  });

  test('is for admins, and no place that is none', async () => {
    await expect(world.rooms.changes.make(maria, known({ name: 'Mine' }))).rejects.toMatchObject({ code: 'forbidden' });
    const wrong = (now: Settings['business']) => world.rooms.changes.make(anders, known(now));
    await expect(wrong({ country: 'XX' })).rejects.toMatchObject({ problems: [{ field: 'business.country' }] });
    await expect(wrong({ zone: 'Asia/Tokyo' })).rejects.toMatchObject({ problems: [{ field: 'business.zone' }] });
    await expect(wrong({ language: 'fr' })).rejects.toMatchObject({ problems: [{ field: 'business.language' }] });
    expect(await business()).toEqual(former);
  });
});
